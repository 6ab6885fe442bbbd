import type { Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { explainAnswer } from "../../connect/accessLog.ts";
import { TokenProblem, type TokenSource, tokenHeaders } from "../../connect/credentials.ts";
import { Forward, type ForwardEvent } from "../../connect/forward.ts";
import { localEdge } from "../../edgeProxy.ts";
import { askEdge } from "../../edgeRequest.ts";
import { loginTokenFor } from "../loginToken.ts";
import type { SessionCluster } from "./cluster.ts";
import { loginEnds } from "./login.ts";
import { askSocks, refusal, SocksReply } from "./socks.ts";
import { type Condition, TunnelState, type TunnelView } from "./state.ts";
import type { Clock } from "./wake.ts";

/** How long an answer through the tunnel may take, and how long clients wait for one before they are told why: milliseconds. */
const ANSWER_WITHIN_MS = 15_000;
const PATIENCE_MS = 45_000;
/** How often the tunnel is tried while it is up, while it is not (the last one is repeated), and while a login is waited for: milliseconds. */
const ASK_EVERY_MS = 30_000;
/** A connection that ends may tell of a tunnel that has: it is tried so long after the last time, in milliseconds. */
const ASK_AGAIN_AFTER_MS = 2_000;
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const LOOK_FOR_LOGIN_EVERY_MS = 1_000;
/** How long cloudflared waits for a login: ten minutes in milliseconds (`token/transfer.go`: ten attempts of 60 s). */
const LOGIN_WITHIN_MS = 600_000;

export interface ClusterTunnelOptions {
    readonly cluster: SessionCluster;
    /** The local port, listening. Owned from here on. */
    readonly server: Server;
    readonly executable: string;
    readonly token: TokenSource;
    /** Further environment of cloudflared. */
    readonly env: Readonly<Record<string, string>>;
    readonly clock: Clock;
    /** Hears each change of what {@link ClusterTunnel.view} says, but for the number of clients. */
    readonly onChange: (now: TunnelView, before: TunnelView) => void;
}

/**
 * The local SOCKS5 port of one cluster: cloudflared behind it, and what a person must know of it. The tunnel is tried now and then from end to end, so that
 * what is wrong shows before a command hangs; a login is asked for when it is opened and when a client comes, never by itself.
 */
export class ClusterTunnel implements AsyncDisposable {
    readonly #options: ClusterTunnelOptions;
    readonly #forward: Forward;
    readonly #ending = new AbortController();
    readonly #over: Promise<void>;
    readonly #patience: Disposable;
    #condition: Condition = { state: TunnelState.Connecting };
    #since: number;
    #clients = 0;
    /** Ends what is going on, to ask anew. */
    #nudge = new AbortController();
    #isAsking = false;
    /** When it was tried last: milliseconds of the process's own clock. */
    #askedAt = 0;
    #soon: NodeJS.Timeout | undefined;
    /** Whether a person may be asked to log in. */
    #mayAskPerson = true;

    constructor(options: ClusterTunnelOptions) {
        const { cluster, server, executable, token, env, clock } = options;
        this.#options = options;
        this.#since = clock.now();
        const port = cluster.edge === undefined ? "" : `:${new URL(`tcp://${cluster.edge.address}`).port}`;
        this.#forward = new Forward({
            ...{ server, executable, token, env, host: `${cluster.hostname}${port}` },
            onEvent: (event) => this.#hear(event),
        });
        this.#patience = clock.every(LOOK_FOR_LOGIN_EVERY_MS, () => {
            this.#forward.refuseWaiting(PATIENCE_MS, refusal(this.#refusalNow()));
        });
        this.#over = this.#watch();
    }

    get view(): TunnelView {
        const { cluster, clock } = this.#options;
        const { name, hostname, server } = cluster;
        const ends = this.#hasServiceToken() ? undefined : loginEnds(cluster, clock.now());
        return {
            ...{ name, hostname, server, port: this.#forward.port, ...this.#condition, since: this.#since },
            clients: this.#clients - Number(this.#isAsking),
            ...(ends === undefined ? {} : { loginEnds: ends }),
        };
    }

    /** Has a person asked to log in where that is needed, and looks at the tunnel at once. */
    askAgain(): void {
        this.#mayAskPerson = true;
        this.#nudge.abort();
    }

    /**
     * After a sleep of the machine: connections from before are ended, so that clients notice and come back. cloudflared sends no pings, and the network has
     * long forgotten them.
     */
    woke(): void {
        this.#forward.endClients();
        this.#nudge.abort();
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#ending.abort();
        this.#nudge.abort();
        this.#patience[Symbol.dispose]();
        clearTimeout(this.#soon);
        await this.#over;
        await this.#forward[Symbol.asyncDispose]();
    }

    #hear(event: ForwardEvent): void {
        switch (event.kind) {
            case "clients":
                if (event.count < this.#clients && !this.#isAsking) {
                    this.#askSoon();
                }
                this.#clients = event.count;
                return;
            case "login":
                this.#become({ state: TunnelState.Login, loginUrl: event.url, why: `log in at ${event.url}` });
                this.#nudge.abort();
                return;
            case "restarting":
                this.#become({ state: TunnelState.Down, why: `cloudflared ended (${event.reason})` });
                this.#nudge.abort();
                return;
            case "failed":
                if (!this.#isAsking) {
                    this.#nudge.abort(); // a client's connection came to nothing
                }
                return;
            case "rotated":
        }
    }

    #askSoon(): void {
        const nudge = this.#nudge;
        this.#soon ??= setTimeout(
            () => {
                this.#soon = undefined;
                nudge.abort();
            },
            Math.max(0, this.#askedAt + ASK_AGAIN_AFTER_MS - performance.now()),
        ).unref();
    }

    async #watch(): Promise<void> {
        for (let failures = 0; !this.#ending.signal.aborted; ) {
            this.#nudge = new AbortController();
            const found = await this.#ask();
            if (found !== undefined) {
                this.#become(found);
            }
            const { state } = this.#condition;
            failures = state === TunnelState.Down || state === TunnelState.Refused ? failures + 1 : 0;
            await this.#rest(state, failures);
        }
    }

    async #rest(state: TunnelState, failures: number): Promise<void> {
        const backOff = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? ASK_EVERY_MS;
        const wait = state === TunnelState.Login ? LOOK_FOR_LOGIN_EVERY_MS : backOff;
        await delay(wait, undefined, { signal: this.#nudge.signal }).catch(() => {});
    }

    /** How the tunnel is now; undefined where that shows elsewhere. */
    async #ask(): Promise<Condition | undefined> {
        const { cluster, clock } = this.#options;
        const isKnown = this.#hasServiceToken() || loginEnds(cluster, clock.now()) !== undefined;
        if (!isKnown && !this.#mayAskPerson) {
            return this.#waitingForLogin();
        }
        this.#mayAskPerson = false;
        const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
        const signal = AbortSignal.any([limit, this.#nudge.signal, this.#ending.signal]);
        this.#isAsking = true;
        this.#askedAt = performance.now();
        try {
            const answer = await askSocks(this.#forward.port, new URL(cluster.server), signal);
            if (answer === "granted") {
                return { state: TunnelState.Up };
            }
            return answer === "ended"
                ? await this.#askEdge()
                : { state: TunnelState.Down, why: `the connector does not reach the API server: ${answer.refused}` };
        } catch (error) {
            if (!signal.aborted) {
                throw error;
            }
            return limit.aborted
                ? { state: TunnelState.Down, why: `no answer within ${ANSWER_WITHIN_MS / 1000} s` }
                : undefined;
        } finally {
            this.#isAsking = false;
        }
    }

    /** cloudflared does not say what the edge answered, so the edge is asked. */
    async #askEdge(): Promise<Condition> {
        const { cluster, token, clock } = this.#options;
        try {
            const credentials = token();
            const hasToken = credentials !== undefined;
            const login = hasToken ? undefined : loginTokenFor(cluster.hostname, cluster.aud, clock.now());
            const headers = login === undefined ? tokenHeaders(credentials) : { "cf-access-token": login.token };
            const answer = await askEdge(localEdge(cluster.edge), { hostname: cluster.hostname, path: "" }, headers);
            const asksForLogin = answer.status === 302;
            if (asksForLogin && !hasToken) {
                return this.#waitingForLogin();
            }
            const isRefused = asksForLogin || answer.status === 401 || answer.status === 403;
            const why = explainAnswer(answer, hasToken);
            return { state: isRefused ? TunnelState.Refused : TunnelState.Down, why };
        } catch (error) {
            const { message } = error as Error;
            const why = error instanceof TokenProblem ? message : `the edge is not reached: ${message}`;
            return { state: TunnelState.Down, why };
        }
    }

    /** The address stays for as long as cloudflared waits for somebody there. */
    #waitingForLogin(): Condition {
        const { state } = this.#condition;
        const isOpen = state === TunnelState.Login && this.#options.clock.now() - this.#since < LOGIN_WITHIN_MS;
        return isOpen && this.#condition.loginUrl !== undefined
            ? this.#condition
            : {
                  state: TunnelState.Login,
                  why: "there is no login, or it has ended; the next command of yours asks for one",
              };
    }

    #become(condition: Condition): void {
        const before = this.view;
        if (condition.state === before.state && condition.why === before.why) {
            return;
        }
        this.#condition = condition;
        if (condition.state !== before.state || condition.loginUrl !== before.loginUrl) {
            this.#since = this.#options.clock.now();
        }
        this.#options.onChange(this.view, before);
    }

    #refusalNow(): SocksReply {
        const { state } = this.#condition;
        const isUpToPerson = state === TunnelState.Login || state === TunnelState.Refused;
        return isUpToPerson ? SocksReply.NotAllowed : SocksReply.HostUnreachable;
    }

    /** A file that is being rotated counts: the next client reads it anew. */
    #hasServiceToken(): boolean {
        try {
            return this.#options.token() !== undefined;
        } catch {
            return true;
        }
    }
}
