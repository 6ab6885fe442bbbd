/**
 * Requests to the API as the official client makes them (cloudflare/cloudflare-go v6.10.0 `internal/requestconfig`): bearer token,
 * the v4 envelope, retries with growing pauses.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { PropertyMap, Value } from "../../plugin/provider.ts";

const DEFAULT_BASE_URL = "https://api.cloudflare.com/client/v4/";
const MAX_RETRIES = 10;
const LONGEST_PAUSE_MS = 30_000;
/** A server's wish for a pause of a minute or more is not granted. */
const LONGEST_GRANTED_PAUSE_MS = 60_000;
const JITTER = 0.25;
const RETRIED_STATUSES = new Set([408, 409, 429]);

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface ClientOptions {
    /** With or without a slash at the end. Default: Cloudflare's own. */
    readonly baseUrl?: string | undefined;
    readonly apiToken?: string | undefined;
    readonly apiKey?: string | undefined;
    readonly email?: string | undefined;
    readonly apiUserServiceKey?: string | undefined;
    /** Refuses every request before a connection is opened. */
    readonly offline?: boolean;
    readonly cancelled?: AbortSignal;
    /** Waits between tries; replaced in tests. */
    readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

export interface CloudflareClient {
    readonly offline: boolean;
    /** Ends early, with an error, when the run is cancelled. */
    readonly sleep: (milliseconds: number) => Promise<unknown>;
    /**
     * The `result` of the answer. `path` has no slash at the front. Throws {@link ApiError}, or an error that says why there was no answer.
     */
    request(method: Method, path: string, body?: PropertyMap, persistence?: Persistence): Promise<Value>;
}

/** What is done about answers that do not come. */
export interface Persistence {
    /** Asked before a request is repeated or given up that may have had its effect: what it made stands for its answer. */
    readonly madeAlready?: (() => Promise<Value | undefined>) | undefined;
    /** Tries after the first one. Default 10, as the official client's. */
    readonly maxRetries?: number;
}

/** What came of one try: an answer, or none. */
type Outcome =
    | { readonly response: Response; readonly text: string; readonly lost?: never }
    | { readonly response?: never; readonly text?: never; readonly lost: Error };

/** An answer other than 2xx, in the words of the official client (`internal/apierror/apierror.go`). */
export class ApiError extends Error {
    readonly status: number;

    constructor(method: Method, url: string, { status, statusText }: Response, body: string) {
        super(`${method} "${url}": ${status} ${statusText} ${body}`);
        this.name = "ApiError";
        this.status = status;
    }
}

export function createClient(options: ClientOptions): CloudflareClient {
    const { baseUrl = DEFAULT_BASE_URL, offline = false, cancelled } = options;
    const base = baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`;
    const sleep =
        options.sleep ??
        ((milliseconds) => pause(milliseconds, undefined, { ...(cancelled && { signal: cancelled }) }));

    /** One try. What was lost on the way, in the middle of the answer too, may have had its effect. */
    const attempt = async (method: Method, url: string, body: PropertyMap | undefined): Promise<Outcome> => {
        try {
            const response = await fetch(url, {
                method,
                headers: {
                    ...credentials(options),
                    accept: "application/json",
                    ...(body && { "content-type": "application/json" }),
                },
                ...(body && { body: JSON.stringify(body) }),
                ...(cancelled && { signal: cancelled }),
            });
            return { response, text: await response.text() };
        } catch (error) {
            cancelled?.throwIfAborted();
            return { lost: new Error(`${method} "${url}": ${reasonOf(error)}`) };
        }
    };

    return {
        offline,
        sleep,
        async request(method, path, body, { madeAlready, maxRetries = MAX_RETRIES } = {}) {
            const url = new URL(path, base).href;
            if (offline) {
                throw new Error(`${method} "${url}": not sent, SALLYPORT_OFFLINE is set`);
            }
            for (let retries = 0; ; retries++) {
                const { response, text = "", lost } = await attempt(method, url, body);
                if (response?.ok) {
                    return resultOf(text);
                }
                const isLast = retries === maxRetries || (response !== undefined && !isWorthRetrying(response));
                if (!isLast) {
                    await sleep((response && requestedDelay(response.headers)) ?? delay(retries));
                }
                // Before giving up as well: what was made would belong to nobody.
                const made = response === undefined || response.status >= 500 ? await madeAlready?.() : undefined;
                if (made !== undefined) {
                    return made;
                }
                if (isLast) {
                    throw response === undefined ? lost : new ApiError(method, url, response, text);
                }
            }
        },
    };
}

function credentials({ apiToken, apiKey, email, apiUserServiceKey }: ClientOptions): Record<string, string> {
    if (apiToken) {
        return { authorization: `Bearer ${apiToken}` };
    }
    if (apiKey && email) {
        return { "x-auth-key": apiKey, "x-auth-email": email };
    }
    if (apiUserServiceKey) {
        return { "x-auth-user-service-key": apiUserServiceKey };
    }
    throw new Error(
        "the Cloudflare provider has no credentials; set its argument 'apiToken' or the environment variable CLOUDFLARE_API_TOKEN",
    );
}

function isWorthRetrying({ status, headers }: Response): boolean {
    const advice = headers.get("x-should-retry");
    if (advice === "true" || advice === "false") {
        return advice === "true";
    }
    return RETRIED_STATUSES.has(status) || status >= 500;
}

/** The pause that the server asks for, if it is under a minute. */
function requestedDelay(headers: Headers): number | undefined {
    const milliseconds = Number(headers.get("retry-after-ms") ?? Number.NaN);
    const after = headers.get("retry-after");
    const wish = Number.isNaN(milliseconds) ? parseRetryAfter(after) : milliseconds;
    return wish >= 0 && wish < LONGEST_GRANTED_PAUSE_MS ? wish : undefined;
}

/** Seconds or a date, in milliseconds from now; NaN where there is neither. */
function parseRetryAfter(after: string | null): number {
    if (after === null) {
        return Number.NaN;
    }
    const seconds = Number(after);
    return Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1000;
}

/** 2, 4, 8, … seconds, at most 30, less up to a quarter. */
function delay(retries: number): number {
    const longest = Math.min(2000 * 2 ** retries, LONGEST_PAUSE_MS);
    return longest * (1 - JITTER * Math.random());
}

function resultOf(text: string): Value {
    return text === "" ? null : ((JSON.parse(text) as { result?: Value }).result ?? null);
}

function reasonOf(error: unknown): string {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return cause instanceof Error ? cause.message || cause.name : String(cause);
}
