import { z } from "zod";
import { type Mistake, mistakeAt } from "../../http/validation.ts";

/** The most hostnames that one application can have (Cloudflare One account limits). */
const maximumHostnames = 5;

export const destination = z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("public"), uri: z.string().min(1) }),
    z.strictObject({
        type: z.literal("private"),
        cidr: z.string().optional(),
        hostname: z.string().optional(),
        l4_protocol: z.enum(["tcp", "udp"]).optional(),
        port_range: z.string().optional(),
        vnet_id: z.string().optional(),
    }),
    z.strictObject({ type: z.literal("via_mcp_server_portal"), mcp_server_id: z.string() }),
]);

export type Destination = z.infer<typeof destination>;

/** The three ways in which a body can say where an application is. */
export interface DestinationViews {
    readonly domain?: string | undefined;
    readonly self_hosted_domains?: readonly string[] | undefined;
    readonly destinations?: readonly Destination[] | undefined;
}

/**
 * `domain`, `self_hosted_domains` and `destinations` are three views of one list. What a client sends is taken from the
 * richest one that says anything; `domain` stands first, and is added when the others left it out.
 */
export function destinationsOf({ domain, self_hosted_domains, destinations }: DestinationViews): Destination[] {
    const listed: Destination[] = destinations?.length
        ? [...destinations]
        : (self_hosted_domains ?? []).map((uri) => ({ type: "public", uri }));
    const isListed = listed.some((entry) => entry.type === "public" && entry.uri === domain);
    return domain && !isListed ? [{ type: "public", uri: domain }, ...listed] : listed;
}

/** The hostnames (with paths) of the public destinations. */
export function hostnamesOf(destinations: readonly Destination[]): string[] {
    return destinations.flatMap((entry) => (entry.type === "public" ? [entry.uri] : []));
}

/** The views that an answer carries: all three, and no `domain` for an application without a public hostname. */
export function viewsOf(destinations: readonly Destination[], domain: string | undefined): DestinationViews {
    const hostnames = hostnamesOf(destinations);
    const first = domain !== undefined && hostnames.includes(domain) ? domain : hostnames[0];
    return { ...(first === undefined ? {} : { domain: first }), destinations, self_hosted_domains: hostnames };
}

/** What is wrong with an application's hostnames. */
export function destinationMistakes(destinations: readonly Destination[]): Mistake[] {
    const hostnames = hostnamesOf(destinations);
    const mistakes = hostnames.flatMap((hostname) => {
        if (/^[a-z][a-z0-9+.-]*:\/\//i.test(hostname)) {
            return mistakeAt(["domain"], `"${hostname}" has a scheme; write the hostname alone`);
        }
        return /[\s:?#]/.test(hostname)
            ? mistakeAt(
                  ["domain"],
                  `"${hostname}" has a port, a query or a space; Access matches hostname and path only`,
              )
            : [];
    });
    if (hostnames.length > maximumHostnames) {
        mistakes.push(
            mistakeAt(
                ["destinations"],
                `has ${hostnames.length} hostnames; an application has at most ${maximumHostnames}`,
            ),
        );
    }
    return mistakes;
}
