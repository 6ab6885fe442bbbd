import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { cloudflaredEnv } from "../processes/cloudflaredEnv.ts";
import { freePort } from "../processes/freePort.ts";
import { startTied, type TiedProcess } from "../processes/tied.ts";
import type { ServiceToken } from "./credentials.ts";

/** cloudflared says that it listens before it does, so the first client tries for so long: milliseconds. */
const LISTENS_WITHIN_MS = 10_000;
const TRY_EVERY_MS = 20;

export interface AccessClientOptions {
    /** The `cloudflared` to run. */
    readonly executable: string;
    /** Public hostname of the app, with a port where it is not 443. */
    readonly host: string;
    /** Without one, cloudflared has a person log in with a browser. */
    readonly token: ServiceToken | undefined;
    /** Further environment. */
    readonly env: Readonly<Record<string, string>>;
    /** Hears each line of its log. */
    readonly onLine: (line: string) => void;
}

/**
 * A running `cloudflared access tcp`: makes each connection to a port of its own on loopback into a WebSocket to the edge.
 *
 * The service token reaches it in its environment: the system shows that to the same user and to root alone, who could
 * read the token's file as well, while arguments are shown to everybody.
 */
export class AccessClient implements TiedProcess {
    readonly ended: Promise<string>;
    readonly #process: TiedProcess;
    readonly #port: number;
    #hasEnded = false;

    static async start({ executable, host, token, env, onLine }: AccessClientOptions): Promise<AccessClient> {
        const port = await freePort();
        const credentials: Record<string, string> =
            token === undefined
                ? {}
                : { TUNNEL_SERVICE_TOKEN_ID: token.clientId, TUNNEL_SERVICE_TOKEN_SECRET: token.clientSecret };
        let last = "";
        const tied = startTied(executable, ["access", "tcp", "--hostname", host, "--url", `127.0.0.1:${port}`], {
            env: cloudflaredEnv({ ...env, ...credentials }),
            onLine: (line) => {
                last = line;
                onLine(line);
            },
        });
        const ended = tied.ended.then((how) => (last === "" ? how : `${how}: ${last}`));
        return new AccessClient(tied, ended, port);
    }

    private constructor(tied: TiedProcess, ended: Promise<string>, port: number) {
        this.#process = tied;
        this.#port = port;
        this.ended = ended;
        void ended.then(() => {
            this.#hasEnded = true;
        });
    }

    /** A connection to the app; undefined when this ends, or has ended, before there is one. @throws when it does not listen in time. */
    async connect(): Promise<Socket | undefined> {
        const deadline = performance.now() + LISTENS_WITHIN_MS;
        for (;;) {
            const socket = connect({ host: "127.0.0.1", port: this.#port, allowHalfOpen: true, noDelay: true });
            try {
                await once(socket, "connect");
                return socket;
            } catch (error) {
                if (this.#hasEnded) {
                    return undefined;
                }
                if (performance.now() > deadline) {
                    throw error;
                }
                await delay(TRY_EVERY_MS);
            }
        }
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#process[Symbol.asyncDispose]() as Promise<void>;
    }
}
