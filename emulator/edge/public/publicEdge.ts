import type { EventEmitter } from "node:events";
import type { AnswerAroundAccess, EdgeControls, PublicRequestEvent, RequestAroundAccess } from "../../edgeControls.ts";
import type { HostnameDirectory } from "../../hostnameDirectory.ts";
import type { AccessGate, EdgeSite } from "../accessGate.ts";
import type { CertificateAuthority } from "../certificates.ts";
import type { EdgeListener } from "../transport/listener.ts";
import type { TunnelEdge } from "../transport/tunnelEdge.ts";
import { EdgePages } from "./edgePage.ts";
import { DEFAULT_TIMEOUTS, type PublicTimeouts } from "./limits.ts";
import { listenForClients } from "./listener.ts";
import { type PublicEdgeEvents, RequestHandler } from "./requestHandler.ts";
import type { RequestLog } from "./requestLog.ts";
import { ServerCertificates } from "./serverCertificates.ts";

export type { PublicEdgeEvents } from "./requestHandler.ts";

/** Data centre in Ray IDs. */
const LOCATION = "LOC";

export interface PublicEdgeOptions {
    /** Where to listen: `IPv4:port` or `[IPv6]:port`, on loopback only; port 0 takes any free port. */
    readonly address: string;
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
    /** Deviations from Cloudflare's timeouts, in milliseconds. */
    readonly timeouts?: Partial<PublicTimeouts> | undefined;
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
    readonly #listener: EdgeListener;
    readonly #handler: RequestHandler;

    /** @throws EdgeAddressError, EdgeListenError */
    static async start(options: PublicEdgeOptions): Promise<PublicEdge> {
        const sites = new Map(options.sites?.flatMap((site) => site.hostnames.map((name) => [name, site] as const)));
        const { address, hostnames, certificateAuthority, gate } = options;
        const asksForCertificate = gate?.asksForCertificate?.bind(gate);
        const ownNames = [...sites.keys()];
        const certificates = new ServerCertificates(certificateAuthority, hostnames, ownNames, asksForCertificate);
        const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
        const handler = new RequestHandler(options, sites, certificates, timeouts);
        const listener = await listenForClients({
            address,
            certificates,
            location: LOCATION,
            timeouts,
            onExchange: (exchange) => void handler.handle(exchange),
            onForwardProxy: (exchange) => exchange.sendPage(EdgePages.methodNotAllowed),
        });
        return new PublicEdge(listener, handler);
    }

    private constructor(listener: EdgeListener, handler: RequestHandler) {
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
