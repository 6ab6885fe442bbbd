/** Requests to a Consul agent's HTTP API (developer.hashicorp.com/consul/api-docs). */
import { readFile } from "node:fs/promises";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { text as textOf } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { Value } from "../../plugin/provider.ts";

/** While servers elect a leader nothing is done, so that anything may be asked again: once a second, as often as this. */
const ELECTION_TRIES = 30;
const ELECTION_PAUSE_MS = 1000;
/** An agent that does not answer for so long will not: half a minute, in milliseconds. */
const WITHIN_MS = 30_000;

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface ConsulRequest {
    readonly method: Method;
    /** Below `/v1/`, with its query. */
    readonly path: string;
    readonly body?: Value;
}

export interface ConsulClientOptions {
    /** `host:port`, or a URL. Default `127.0.0.1:8500`. */
    readonly address?: string | undefined;
    /** `http` or `https`, where the address is no URL. Default `http`. */
    readonly scheme?: string | undefined;
    readonly token?: string | undefined;
    /** Authority of the agent's certificate, in PEM. */
    readonly caPem?: string | undefined;
    /** The same, in a file. */
    readonly caFile?: string | undefined;
    /** Refuses every request before a connection is opened. */
    readonly offline?: boolean;
    readonly cancelled?: AbortSignal;
    /** Waits between tries; replaced in tests. */
    readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

export interface ConsulClient {
    readonly offline: boolean;
    /** Ends early, with an error, when the run is cancelled. */
    readonly sleep: (milliseconds: number) => Promise<unknown>;
    /** The answer, `null` where it is empty. Throws {@link ConsulError}, or an error that says why there was no answer. */
    request(request: ConsulRequest): Promise<Value>;
}

/** An answer other than 2xx. */
export class ConsulError extends Error {
    readonly status: number;
    /** Whether what was asked for is not there; of a token, Consul says so with 403, as it does where the asking one is not there. */
    readonly isMissing: boolean;

    constructor({ method, path }: ConsulRequest, status: number, text: string) {
        super(`Consul answers ${method} /v1/${path} with ${status}: ${text.trim()}`);
        this.name = "ConsulError";
        this.status = status;
        this.isMissing = status === 404 || (status === 403 && text.includes("token does not exist"));
    }
}

export function createConsulClient(options: ConsulClientOptions): ConsulClient {
    const { offline = false, cancelled } = options;
    const base = baseOf(options);
    const sleep =
        options.sleep ??
        ((milliseconds) => pause(milliseconds, undefined, { ...(cancelled && { signal: cancelled }) }));
    let authority: Promise<string | undefined> | undefined;

    const ask = async (asked: ConsulRequest): Promise<{ status: number; text: string }> => {
        authority ??= authorityOf(options);
        const ca = await authority;
        const url = new URL(`v1/${asked.path}`, base);
        const signals = [AbortSignal.timeout(WITHIN_MS), ...(cancelled ? [cancelled] : [])];
        return new Promise((resolve, reject) => {
            const request = (url.protocol === "https:" ? tlsRequest : plainRequest)(url, {
                method: asked.method,
                headers: options.token ? { "x-consul-token": options.token } : {},
                signal: AbortSignal.any(signals),
                ...(ca !== undefined && { ca }),
            });
            request.once("error", reject);
            request.once("response", (response) =>
                textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject),
            );
            request.end(asked.body === undefined ? undefined : JSON.stringify(asked.body));
        });
    };

    return {
        offline,
        sleep,
        async request(asked) {
            if (offline) throw new Error(`${asked.method} /v1/${asked.path}: not sent, SALLYPORT_OFFLINE is set`);
            for (let tries = 1; ; tries++) {
                const { status, text } = await ask(asked).catch((error: unknown) => {
                    cancelled?.throwIfAborted();
                    const why = error instanceof Error ? error.message : String(error);
                    throw new Error(`Consul at ${base} does not answer ${asked.method} /v1/${asked.path}: ${why}`);
                });
                if (status >= 200 && status < 300) return text.trim() === "" ? null : (JSON.parse(text) as Value);
                const isElecting = status === 500 && /No cluster leader/.test(text);
                if (!isElecting || tries === ELECTION_TRIES) throw new ConsulError(asked, status, text);
                await sleep(ELECTION_PAUSE_MS);
            }
        },
    };
}

/** As the official client reads it: a scheme in the address outdoes the other. */
function baseOf({ address = "127.0.0.1:8500", scheme = "http" }: ConsulClientOptions): string {
    const url = address.includes("://") ? address : `${scheme}://${address}`;
    return url.endsWith("/") ? url : `${url}/`;
}

async function authorityOf({ caPem, caFile }: ConsulClientOptions): Promise<string | undefined> {
    return caPem ?? (caFile === undefined ? undefined : await readFile(caFile, "utf8"));
}
