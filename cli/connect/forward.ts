import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { KeptProcess } from "../processes/kept.ts";
import { AccessClient } from "./accessClient.ts";
import { type AccessNews, readAccessLog } from "./accessLog.ts";
import type { ServiceToken, TokenSource } from "./credentials.ts";

/** What happens at a local port. */
export type ForwardEvent =
    | AccessNews
    /** So many clients are connected now. */
    | { readonly kind: "clients"; readonly count: number }
    /** cloudflared ended by itself; clients that come in the meantime wait. */
    | { readonly kind: "restarting"; readonly reason: string; readonly afterMs: number }
    /** The service token is another one than before; new clients use it. */
    | { readonly kind: "rotated" };

export interface ForwardOptions {
    /** The local port, listening, with its connections paused and refused so far. Owned from here on. */
    readonly server: Server;
    readonly executable: string;
    /** Public hostname of the app, with a port where it is not 443. */
    readonly host: string;
    readonly token: TokenSource;
    /** Further environment of cloudflared. */
    readonly env: Readonly<Record<string, string>>;
    readonly onEvent: (event: ForwardEvent) => void;
    /** Waits before cloudflared is started again, in milliseconds. */
    readonly backOffMs?: readonly number[];
}

/** One cloudflared, kept running, with the service token that it was given and the clients that go through it. */
interface Lane {
    readonly token: ServiceToken | undefined;
    readonly kept: KeptProcess<AccessClient>;
    clients: number;
}

/**
 * A local port that leads to an app behind Access.
 *
 * The port is ours and not cloudflared's, which runs behind it: so the port stays while cloudflared is started again, clients are counted, and a
 * new service token is taken up without a gap: a second cloudflared takes the new clients, the first one ends with its last client.
 */
export class Forward implements AsyncDisposable {
    /** The local port. */
    readonly port: number;
    readonly #options: ForwardOptions;
    readonly #sockets = new Set<Socket>();
    /** Clients that have had nothing from the service so far, with when they came: milliseconds of the process's own clock. */
    readonly #unanswered = new Map<Socket, number>();
    /** The current lane, and those that end with their last client. */
    readonly #lanes = new Set<Lane>();
    #lane: Lane;
    #clients = 0;

    constructor(options: ForwardOptions) {
        this.#options = options;
        this.port = (options.server.address() as AddressInfo).port;
        this.#lane = this.#openLane(options.token());
        options.server.on("connection", (client) => void this.#serve(client));
        options.server.maxConnections = Number.POSITIVE_INFINITY;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        const { server } = this.#options;
        const closed = once(server, "close");
        server.close();
        this.endClients();
        await closed;
        await Promise.all([...this.#lanes].map(({ kept }) => kept[Symbol.asyncDispose]()));
    }

    /** Ends all connections; the port stays, and whoever comes back is served. */
    endClients(): void {
        for (const socket of this.#sockets) {
            socket.destroy();
        }
    }

    /**
     * Lets those clients go that have waited in vain for so long: one that hangs does not know why.
     *
     * @param words what each is told, in its own protocol
     */
    refuseWaiting(longerThanMs: number, words: Buffer): void {
        for (const [client, since] of this.#unanswered) {
            if (client.bytesWritten === 0 && performance.now() - since > longerThanMs) {
                client.write(words, () => client.destroy());
            }
        }
    }

    async #serve(client: Socket): Promise<void> {
        this.#watch(client);
        this.#unanswered.set(client, performance.now());
        const lane = this.#currentLane();
        lane.clients++;
        this.#count(1);
        try {
            const upstream = await connectThrough(lane);
            this.#watch(upstream);
            // A connection that breaks off ends both ways; that is the client's business, and cloudflared has said why.
            await Promise.allSettled([pipeline(client, upstream), pipeline(upstream, client)]);
        } catch (error) {
            // Whoever waits while the port is closed is let go without a word.
            if (this.#options.server.listening) {
                this.#options.onEvent({ kind: "failed", error: (error as Error).message });
            }
        } finally {
            client.destroy();
            this.#unanswered.delete(client);
            lane.clients--;
            this.#count(-1);
            this.#retire(lane);
        }
    }

    #watch(socket: Socket): void {
        this.#sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.once("close", () => this.#sockets.delete(socket));
    }

    /** The lane for a new client: another one than before when the service token has changed. */
    #currentLane(): Lane {
        const before = this.#lane;
        let token: ServiceToken | undefined;
        try {
            token = this.#options.token();
        } catch (error) {
            // It is being written, or is gone: the one that was good goes on being used.
            this.#options.onEvent({ kind: "failed", error: (error as Error).message });
            return before;
        }
        if (token?.clientId !== before.token?.clientId || token?.clientSecret !== before.token?.clientSecret) {
            this.#lane = this.#openLane(token);
            this.#options.onEvent({ kind: "rotated" });
            this.#retire(before);
        }
        return this.#lane;
    }

    #openLane(token: ServiceToken | undefined): Lane {
        const { executable, host, env, onEvent, backOffMs } = this.#options;
        const onLine = (line: string) => {
            const news = readAccessLog(line);
            if (news !== undefined) {
                onEvent(news);
            }
        };
        const kept = new KeptProcess({
            start: () => AccessClient.start({ executable, host, token, env, onLine }),
            onEnd: (reason, afterMs) => onEvent({ kind: "restarting", reason, afterMs }),
            ...(backOffMs === undefined ? {} : { backOffMs }),
        });
        const lane = { token, kept, clients: 0 };
        this.#lanes.add(lane);
        return lane;
    }

    /** Ends a lane that is no longer the current one with its last client. */
    #retire(lane: Lane): void {
        if (lane !== this.#lane && lane.clients === 0) {
            void lane.kept[Symbol.asyncDispose]().then(() => this.#lanes.delete(lane));
        }
    }

    #count(change: number): void {
        this.#clients += change;
        this.#options.onEvent({ kind: "clients", count: this.#clients });
    }
}

/** A connection through the lane's cloudflared, or through the next one where it ends meanwhile. */
async function connectThrough({ kept }: Lane): Promise<Socket> {
    for (;;) {
        const upstream = await (await kept.current()).connect();
        if (upstream !== undefined) {
            return upstream;
        }
    }
}
