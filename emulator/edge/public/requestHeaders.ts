import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** Headers about one connection, which no intermediary passes on (RFC 9110, section 7.6.1), and `expect`, which the edge meets itself. */
const HOP_BY_HOP = new Set([
    "connection",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
]);

/** Headers outside `cf-` that only the edge may set. */
const EDGE_OWNED = new Set(["cdn-loop", "true-client-ip", "x-forwarded-for", "x-forwarded-proto"]);

/**
 * The one header below `cf-` that is the client's: where an origin in bastion mode is to connect to, as `cloudflared access tcp --destination`
 * sends it (cloudflared, `carrier/carrier.go`).
 */
const JUMP_DESTINATION = "cf-access-jump-destination";

/** What the edge tells the origin of the client. */
export interface ClientFacts {
    readonly clientIp: string;
    readonly ray: string;
    /** `XX`, Cloudflare's code for an unknown country, when left out. */
    readonly country?: string | undefined;
}

/**
 * The headers that go to the connector: the client's own, less what is about its connection and what only the edge may say,
 * plus the edge's (developers.cloudflare.com/fundamentals/reference/http-headers).
 *
 * Everything else below `cf-` is the edge's, so that no client can name itself: also with underscores, which some origins read as
 * hyphens (CGI, WSGI).
 *
 * @param withheld names, in lower case, of what else stays here.
 */
export function headersToOrigin(
    from: IncomingHttpHeaders,
    client: ClientFacts,
    withheld: readonly string[] = [],
): OutgoingHttpHeaders {
    const named = new Set([...namedByConnection(from.connection), ...withheld]);
    const headers: OutgoingHttpHeaders = {};
    for (const name of Object.keys(from)) {
        const isOthers = name.startsWith(":") || HOP_BY_HOP.has(name) || named.has(name) || isEdgeOwned(name);
        if (!isOthers && from[name] !== undefined) {
            headers[name] = from[name];
        }
    }
    if (from.te !== undefined && listed(from.te).includes("trailers")) {
        headers.te = "trailers";
    }
    const { clientIp, ray, country = "XX" } = client;
    headers["cf-connecting-ip"] = clientIp;
    headers["cf-ipcountry"] = country;
    headers["cf-ray"] = ray;
    headers["cf-visitor"] = '{"scheme":"https"}';
    headers["cdn-loop"] = append(from["cdn-loop"], "cloudflare");
    headers["x-forwarded-for"] = append(from["x-forwarded-for"], clientIp);
    headers["x-forwarded-proto"] = "https";
    return headers;
}

/** The same for the fields that came after the body (RFC 9110, section 6.5), where a client cannot name itself either. */
export function trailersToOrigin(from: NodeJS.Dict<string | string[]>): OutgoingHttpHeaders {
    const passed = Object.entries(from).filter(
        ([name]) => !name.startsWith(":") && !HOP_BY_HOP.has(name) && !isEdgeOwned(name),
    );
    return Object.fromEntries(passed);
}

/** The names that a `Connection` header declares to be about the connection, too. */
export function namedByConnection(value: string | undefined): ReadonlySet<string> {
    return new Set(value === undefined ? [] : listed(value));
}

/** The members of a comma-separated header, in lower case. */
function listed(value: string | readonly string[]): string[] {
    return String(value)
        .split(",")
        .map((member) => member.trim().toLowerCase());
}

function isEdgeOwned(name: string): boolean {
    if (name === JUMP_DESTINATION) return false;
    const plain = name.replaceAll("_", "-");
    return plain.startsWith("cf-") || EDGE_OWNED.has(plain);
}

function append(list: string | string[] | undefined, value: string): string {
    return list === undefined || list.length === 0 ? value : `${list}, ${value}`;
}
