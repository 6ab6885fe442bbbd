import ipaddr from "ipaddr.js";
import type { AccessDirectory } from "../../accessDirectory.ts";
import type { AccountOverview } from "../../accountOverview.ts";
import { STATUS_HOSTNAME } from "../../ownNames.ts";
import { applicationsOn } from "../access/policy/applicationMatch.ts";
import { describePolicy } from "../access/policy/evaluate.ts";
import { originOf } from "../access/services.ts";
import type { EdgeSite, GatePageRequest, GateResponse } from "../accessGate.ts";
import type { RequestLog } from "../public/requestLog.ts";
import { eventStream } from "./eventStream.ts";
import {
    type GuardedHostname,
    renderOverview,
    renderRequest,
    renderStatusPage,
    type StatusDetails,
    statusPageHeaders,
} from "./statusPage.ts";

export interface StatusSiteOptions {
    readonly overview: AccountOverview;
    readonly access: AccessDirectory;
    readonly log: RequestLog;
    /** How many may watch live at a time, 16 by default. */
    readonly maximumViewers?: number | undefined;
    /** How often live viewers are told of changed tunnels and hostnames, in milliseconds; every 2 seconds by default. */
    readonly refreshMs?: number | undefined;
}

/**
 * The edge's own status page: tunnels, hostnames with what guards them, and each request with the Access rule that decided. For
 * this machine alone, and without a login; so it shows nothing that lets anybody in.
 */
export class StatusSite implements EdgeSite {
    readonly hostnames = [STATUS_HOSTNAME];
    readonly isLogged = false;
    readonly #options: StatusSiteOptions;
    readonly #maximumViewers: number;
    readonly #refreshMs: number;
    #viewers = 0;

    constructor(options: StatusSiteOptions) {
        this.#options = options;
        this.#maximumViewers = options.maximumViewers ?? 16;
        this.#refreshMs = options.refreshMs ?? 2000;
    }

    async handle(request: GatePageRequest): Promise<GateResponse> {
        const { clientIp, method, path, port } = request;
        if (!isLoopback(clientIp)) {
            return plain(403, "The status page is for the machine that the edge runs on.");
        }
        if (method !== "GET" && method !== "HEAD") {
            return plain(405, "The status page is only read.", { allow: "GET, HEAD" });
        }
        if (path === "/") {
            const body = await renderStatusPage(this.#details(port), this.#options.log.all());
            return { status: 200, headers: statusPageHeaders, body, rule };
        }
        return path === "/events" ? this.#live(request) : plain(404, "There is nothing here but the page at /.");
    }

    #live({ headers, query, port, signal }: GatePageRequest): GateResponse {
        if (this.#viewers >= this.#maximumViewers) {
            return plain(503, `${this.#viewers} pages watch already; close some.`);
        }
        this.#viewers++;
        const leave = () => this.#viewers--;
        signal.aborted ? leave() : signal.addEventListener("abort", leave, { once: true });
        const lastSeen = headers["last-event-id"];
        const stream = eventStream({
            log: this.#options.log,
            after: typeof lastSeen === "string" ? lastSeen : (new URLSearchParams(query).get("after") ?? undefined),
            renderRequest,
            renderOverview: () => renderOverview(this.#details(port)),
            refreshMs: this.#refreshMs,
            signal,
        });
        const type = { "content-type": "text/event-stream", "cache-control": "no-store" };
        return { status: 200, headers: { ...type, ...nosniff }, body: stream, rule };
    }

    #details(port: number): StatusDetails {
        const { overview, access } = this.#options;
        const tunnels = overview.tunnels();
        const applications = access.applications();
        const hostnames = overview.hostnames().map(
            ({ hostname, tunnelId }): GuardedHostname => ({
                hostname,
                tunnelId,
                url: hostname.startsWith("*") ? undefined : `${originOf(hostname, port)}/`,
                tunnelName: tunnels.find(({ id }) => id === tunnelId)?.name ?? tunnelId,
                applications: applicationsOn(applications, hostname).map(({ application, domain }) => ({
                    name: application.name,
                    domain,
                    policies: application.policies.map((policy) => describePolicy(policy, access)),
                })),
            }),
        );
        return { tunnels, hostnames };
    }
}

const rule = "the status page";

const nosniff = { "x-content-type-options": "nosniff" };

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): GateResponse {
    const type = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
    return { status, headers: { ...type, ...nosniff, ...headers }, body: `${text}\n`, rule };
}

function isLoopback(address: string): boolean {
    return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}
