import { EventEmitter } from "node:events";
import {
    type AnswerAroundAccess,
    type EdgeControls,
    type PublicRequestEvent,
    type RequestAroundAccess,
    RequestVerdict,
} from "../../edgeControls.ts";
import type { HostnameDirectory } from "../../hostnameDirectory.ts";
import type { AccessGate, EdgeSite, GateDecision, LogEntry } from "../accessGate.ts";
import type { CertificateAuthority } from "../certificates.ts";
import type { TunnelConnection } from "../transport/tunnelConnection.ts";
import type { TunnelEdge } from "../transport/tunnelEdge.ts";
import { askAroundAccess } from "./aroundAccess.ts";
import type { ClientExchange } from "./clientExchange.ts";
import { ConnectionBalancer } from "./connectionBalancer.ts";
import { type EdgePage, EdgePages } from "./edgePage.ts";
import { Forwarder } from "./forwarder.ts";
import { DEFAULT_TIMEOUTS, MAX_HEADER_BYTES, MAX_URL_BYTES, type PublicTimeouts } from "./limits.ts";
import { listenForClients, type PublicListener } from "./listener.ts";
import { BodyTooLargeError, gateRequest, pageRequest, sendOwnAnswer } from "./ownAnswer.ts";
import { headersToOrigin } from "./requestHeaders.ts";
import { RequestLog } from "./requestLog.ts";
import { ServerCertificates } from "./serverCertificates.ts";

/** Data centre in Ray IDs. */
const LOCATION = "LOC";
/** Below it everything is the edge's own, on every host. */
const EDGE_PATH = /^\/cdn-cgi(\/|$)/i;
/** nginx's number for a client that closed its connection, which Cloudflare's logs use as well. */
const CLIENT_GONE = 499;

export interface PublicEdgeOptions {
    /** Where to listen: `IPv4:port` or `[IPv6]:port`, on loopback only; port 0 takes any free port. */
    readonly address: string;
    /** Allows the gateway address of a Docker bridge, too, which containers reach. Off by default. */
    readonly isForContainers?: boolean | undefined;
    readonly hostnames: HostnameDirectory;
    /** What has the tunnels' connections. */
    readonly tunnelEdge: Pick<TunnelEdge, "connectionsOf">;
    readonly certificateAuthority: CertificateAuthority;
    /** Who passes. Without it nobody does. */
    readonly gate?: AccessGate | undefined;
    /** The emulator's own sites. None by default. */
    readonly sites?: readonly EdgeSite[] | undefined;
    /** Where requests are written down; by default the last 1,000 are kept in the edge's own memory. */
    readonly log?: RequestLog | undefined;
    /** ISO 3166-1 alpha-2 code of the country that all clients are taken to be in; none by default, which origins see as `XX`. */
    readonly country?: string | undefined;
    /** Asks clients for a certificate. Off by default, since browsers that have any would ask their users. */
    readonly requestClientCertificates?: boolean | undefined;
    /** Deviations from Cloudflare's timeouts, in milliseconds. */
    readonly timeouts?: Partial<PublicTimeouts> | undefined;
}

/** What can be listened to on a `PublicEdge`. */
export interface PublicEdgeEvents {
    /** A request has been answered. */
    request: PublicRequestEvent;
    /** A request failed through nobody's fault but ours, or the gate's. */
    failed: { readonly ray: string; readonly error: unknown };
}

/** What is known of a request's fate while it is under way. */
interface Fate {
    rule: string;
    verdict: RequestVerdict;
    who?: string | undefined;
    isLogged: boolean;
    tunnelId?: string | undefined;
    connection?: TunnelConnection | undefined;
}

/**
 * The edge's public side: takes HTTPS requests for the account's hostnames, lets Access decide, and carries those that pass
 * through the hostname's tunnel.
 *
 * @example
 * await using edge = await PublicEdge.start({
 *     address: "127.0.0.1:8443",
 *     hostnames: emulator.hostnames,
 *     tunnelEdge,
 *     certificateAuthority,
 *     gate,
 * });
 * edge.on("request", ({ hostname, path, status, rule }) => console.error(`${hostname}${path}: ${status} (${rule})`));
 */
export class PublicEdge implements AsyncDisposable, EdgeControls {
    /** `host:port` with the port that it really has. */
    readonly address: string;
    readonly #listener: PublicListener;
    readonly #handler: RequestHandler;

    /** @throws EdgeAddressError, EdgeListenError */
    static async start(options: PublicEdgeOptions): Promise<PublicEdge> {
        const sites = new Map(options.sites?.flatMap((site) => site.hostnames.map((name) => [name, site] as const)));
        const { address, hostnames, certificateAuthority } = options;
        const { isForContainers = false, requestClientCertificates = false } = options;
        const certificates = new ServerCertificates(certificateAuthority, hostnames, [...sites.keys()]);
        const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
        const handler = new RequestHandler(options, sites, certificates, timeouts);
        const listener = await listenForClients({
            address,
            isForContainers,
            certificates,
            location: LOCATION,
            timeouts,
            requestClientCertificates,
            onExchange: (exchange) => void handler.handle(exchange),
            onForwardProxy: (exchange) => exchange.sendPage(EdgePages.methodNotAllowed),
        });
        return new PublicEdge(listener, handler);
    }

    private constructor(listener: PublicListener, handler: RequestHandler) {
        this.address = listener.address;
        this.#listener = listener;
        this.#handler = handler;
    }

    /** The last requests, oldest first. */
    get requests(): readonly PublicRequestEvent[] {
        return this.#handler.log.all();
    }

    askAroundAccess(request: RequestAroundAccess): Promise<readonly AnswerAroundAccess[]> {
        return this.#handler.askAroundAccess(request);
    }

    /** Subscribes to one kind of event; the returned function ends the subscription. */
    on<Name extends keyof PublicEdgeEvents>(
        name: Name,
        listener: (detail: PublicEdgeEvents[Name]) => void,
    ): () => void {
        const emitter: EventEmitter = this.#handler.events;
        emitter.on(name, listener);
        return () => emitter.off(name, listener);
    }

    /** Closes the listener and all connections, with what is under way. */
    async [Symbol.asyncDispose](): Promise<void> {
        await this.#listener[Symbol.asyncDispose]();
    }
}

/** What is done with each request, from its headers to the log. */
class RequestHandler {
    readonly log: RequestLog;
    readonly events = new EventEmitter<{ [Name in keyof PublicEdgeEvents]: [PublicEdgeEvents[Name]] }>();
    readonly #options: PublicEdgeOptions;
    readonly #sites: ReadonlyMap<string, EdgeSite>;
    readonly #certificates: ServerCertificates;
    readonly #forwarder: Forwarder;

    constructor(
        options: PublicEdgeOptions,
        sites: ReadonlyMap<string, EdgeSite>,
        certificates: ServerCertificates,
        timeouts: PublicTimeouts,
    ) {
        this.#options = options;
        this.log = options.log ?? new RequestLog();
        this.log.subscribe((event) => this.events.emit("request", event));
        this.#sites = sites;
        this.#certificates = certificates;
        const balancer = new ConnectionBalancer((tunnelId) => options.tunnelEdge.connectionsOf(tunnelId));
        this.#forwarder = new Forwarder(balancer, timeouts);
    }

    askAroundAccess(request: RequestAroundAccess): Promise<readonly AnswerAroundAccess[]> {
        return askAroundAccess(this.#options.hostnames, this.#options.tunnelEdge, request);
    }

    async handle(exchange: ClientExchange): Promise<void> {
        const fate: Fate = { rule: "", verdict: RequestVerdict.Error, isLogged: true };
        try {
            await this.#answer(exchange, fate);
        } catch (error) {
            if (error instanceof BodyTooLargeError) {
                this.#page(exchange, fate, EdgePages.bodyTooLarge);
            } else {
                this.events.emit("failed", { ray: exchange.ray, error });
                this.#page(exchange, fate, EdgePages.gateFailed);
            }
        }
        await exchange.closed;
        if (fate.isLogged) {
            this.#record(exchange, fate);
        }
    }

    async #answer(exchange: ClientExchange, fate: Fate): Promise<void> {
        const refusal = this.#refuse(exchange);
        const { hostname = "" } = exchange;
        if (refusal !== undefined) {
            this.#page(exchange, fate, refusal);
            return;
        }
        const request = gateRequest(exchange, hostname, this.#options.country);
        const site = this.#sites.get(hostname);
        if (site !== undefined) {
            fate.isLogged = site.isLogged ?? true;
            const answer = await site.handle(pageRequest(exchange, request));
            note(fate, answer, RequestVerdict.Page);
            await sendOwnAnswer(exchange, answer);
            return;
        }
        const { gate } = this.#options;
        if (gate === undefined) {
            this.#page(exchange, fate, EdgePages.noGate);
            return;
        }
        if (EDGE_PATH.test(request.path)) {
            const answer = await gate.handle?.(pageRequest(exchange, request));
            if (answer === undefined) {
                this.#page(exchange, fate, EdgePages.notFound);
                return;
            }
            note(fate, answer, RequestVerdict.Page);
            await sendOwnAnswer(exchange, answer);
            return;
        }
        const target = this.#options.hostnames.targetOf(hostname);
        if (target?.kind !== "tunnel") {
            this.#page(exchange, fate, EdgePages.unknownHost);
            return;
        }
        fate.tunnelId = target.tunnelId;
        const decision = await gate.decide(request);
        if (decision.kind === "pass") {
            note(fate, decision, RequestVerdict.Allowed);
            fate.connection = await this.#pass(exchange, target.tunnelId, decision);
        } else {
            note(fate, decision, RequestVerdict.Refused);
            await sendOwnAnswer(exchange, decision);
        }
    }

    /** What is wrong with a request whoever it comes from. */
    #refuse({ hostname, serverName, target, headerBytes }: ClientExchange): EdgePage | undefined {
        if (hostname === undefined) {
            return EdgePages.badRequest("The request has no Host header, several, or one that is not a host name.");
        }
        const realm = this.#certificates.realmOf(hostname);
        if (realm === undefined || realm !== this.#certificates.realmOf(serverName)) {
            return EdgePages.misdirected;
        }
        if (Buffer.byteLength(target) > MAX_URL_BYTES) {
            return EdgePages.urlTooLong;
        }
        return headerBytes > MAX_HEADER_BYTES ? EdgePages.headersTooLarge : undefined;
    }

    #pass(
        exchange: ClientExchange,
        tunnelId: string,
        { forward, withhold, setCookies = [] }: Extract<GateDecision, { kind: "pass" }>,
    ): Promise<TunnelConnection | undefined> {
        const { ray, clientIp } = exchange;
        const headers = headersToOrigin(exchange.headers, { clientIp, ray, country: this.#options.country }, withhold);
        for (const [name, value] of Object.entries(forward)) {
            headers[name.toLowerCase()] = value;
        }
        return this.#forwarder.forward(exchange, { tunnelId, headers, setCookies });
    }

    #page(exchange: ClientExchange, fate: Fate, page: EdgePage): void {
        fate.rule ||= `edge: ${page.title.toLowerCase()}`;
        exchange.sendPage(page);
    }

    #record(exchange: ClientExchange, fate: Fate): void {
        const event: PublicRequestEvent = {
            ray: exchange.ray,
            time: exchange.startedAt,
            hostname: exchange.hostname ?? "",
            method: exchange.method,
            path: exchange.path,
            status: exchange.status ?? CLIENT_GONE,
            problem: exchange.page?.title,
            verdict: fate.verdict,
            who: fate.who,
            rule: fate.rule,
            tunnelId: fate.tunnelId,
            connectorId: fate.connection?.connector.id,
            durationMs: Date.now() - exchange.startedAt.getTime(),
        };
        this.log.add(event);
    }
}

/** Writes down what was decided about a request; `usual` is the verdict where nothing else is said. */
function note(fate: Fate, { rule, verdict, who }: LogEntry, usual: RequestVerdict): void {
    fate.rule = rule;
    fate.verdict = verdict ?? usual;
    fate.who = who;
}
