import { EventEmitter } from "node:events";
import {
    type AnswerAroundAccess,
    type PublicRequestEvent,
    type RequestAroundAccess,
    RequestVerdict,
} from "../../edgeControls.ts";
import type { EdgeSite, GateDecision, LogEntry } from "../accessGate.ts";
import type { TunnelConnection } from "../transport/tunnelConnection.ts";
import { askAroundAccess } from "./aroundAccess.ts";
import type { ClientExchange } from "./clientExchange.ts";
import { ConnectionBalancer } from "./connectionBalancer.ts";
import { type EdgePage, EdgePages } from "./edgePage.ts";
import { Forwarder } from "./forwarder.ts";
import { MAX_HEADER_BYTES, MAX_URL_BYTES, type PublicTimeouts } from "./limits.ts";
import { BodyTooLargeError, gateRequest, pageRequest, sendOwnAnswer } from "./ownAnswer.ts";
import type { PublicEdgeOptions } from "./publicEdge.ts";
import { headersToOrigin } from "./requestHeaders.ts";
import { RequestLog } from "./requestLog.ts";
import type { ServerCertificates } from "./serverCertificates.ts";

/** Below it everything is the edge's own, on every host. */
const EDGE_PATH = /^\/cdn-cgi(\/|$)/i;
/** nginx's number for a client that closed its connection, which Cloudflare's logs use as well. */
const CLIENT_GONE = 499;

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

/** What is done with each request, from its headers to the log. */
export class RequestHandler {
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
