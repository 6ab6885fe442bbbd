import type * as pulumi from "@pulumi/pulumi";

/** Headers that the proxy writes. */
export interface ProxyHeaders {
    /** Headers of the request on its way to the backend by name; an empty text removes the header. None if omitted. */
    request?: Record<string, pulumi.Input<string>>;
    /** Headers of the answer by name; an empty text removes the header. None if omitted. */
    response?: Record<string, pulumi.Input<string>>;
    /** Seconds for which browsers speak HTTPS alone to the host name (`Strict-Transport-Security`, RFC 6797). Not sent if omitted. */
    stsSeconds?: number;
    /** Whether that holds for names below the host name, too. False if omitted. */
    stsIncludeSubdomains?: boolean;
    /** Whether no page may show the answer in a frame (`X-Frame-Options: DENY`). True if omitted. */
    frameDeny?: boolean;
    /** Whether browsers must take the content type as it is (`X-Content-Type-Options: nosniff`). True if omitted. */
    contentTypeNosniff?: boolean;
    /** `Content-Security-Policy` of the answers. The backend's own if omitted. */
    contentSecurityPolicy?: string;
    /** `Referrer-Policy` of the answers. The backend's own if omitted. */
    referrerPolicy?: string;
    /** `Permissions-Policy` of the answers. The backend's own if omitted. */
    permissionsPolicy?: string;
}

/** How many requests one client may send. Behind a connector a client is told by the last address of `X-Forwarded-For`. */
export interface ProxyRateLimit {
    /** Requests in each period, in the long run. */
    average: number;
    /** Seconds that a period has. 1 if omitted. */
    periodSeconds?: number;
    /** Requests that may come at once beyond that. As many as `average` if omitted. */
    burst?: number;
}

/** Compression of answers with gzip, Brotli or Zstandard, as the client likes. */
export interface ProxyCompress {
    /** Answers of fewer bytes are left as they are. 1024 if omitted. */
    minBytes?: number;
    /** Content types that are left as they are, such as `text/event-stream`. None if omitted. */
    excludedContentTypes?: string[];
}

/** Who may come, by address. Behind a connector that is the last address of `X-Forwarded-For`. */
export interface ProxyIpAllowList {
    /** IP addresses and CIDR ranges. At least one. */
    ranges: string[];
}

/**
 * A service that is asked about each request first: an answer other than 2xx goes back to the client, and the backend sees nothing. With
 * the Access token it can check what the connector checks, once more and beside the backend.
 */
export interface ProxyForwardAuth {
    /** Where it is asked: `https://verifier:8443/verify`, or `http://…` on a network of its own. */
    address: pulumi.Input<string>;
    /** Its certificate authority, in PEM. System roots if omitted. Only for `https`. */
    caPem?: pulumi.Input<string>;
    /** Headers of the request that it sees besides address, method and path. `Cf-Access-Jwt-Assertion` alone if omitted. */
    requestHeaders?: string[];
    /** Headers of its answer that the backend gets, in the place of the visitor's own. None if omitted. */
    responseHeaders?: string[];
}

/** Something that requests go through. Exactly one of the kinds is given. */
export interface ProxyMiddleware {
    /** Name by which routes refer to it: lower-case letters, digits and hyphens. */
    name: string;
    /** Writes headers. */
    headers?: ProxyHeaders;
    /** Slows clients down that ask too often. */
    rateLimit?: ProxyRateLimit;
    /** Compresses answers. */
    compress?: ProxyCompress;
    /** Lets certain addresses in alone. */
    ipAllowList?: ProxyIpAllowList;
    /** Asks a service first. */
    forwardAuth?: ProxyForwardAuth;
}

/** The kinds of middleware, each the name of its property. */
export const MIDDLEWARE_KINDS = ["headers", "rateLimit", "compress", "ipAllowList", "forwardAuth"] as const;
export type MiddlewareKind = (typeof MIDDLEWARE_KINDS)[number];

/** The header in which Access tells the origin who asks (developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json). */
const ACCESS_TOKEN_HEADER = "Cf-Access-Jwt-Assertion";

/** A refusal is a page at most; Traefik would keep an answer of any length in memory. */
const VERIFIER_ANSWER_BYTES = 1_048_576;

/** A middleware with everything known, and its authority in a file. */
export interface PlacedMiddleware {
    name: string;
    headers?: Omit<ProxyHeaders, "request" | "response"> & {
        request?: Record<string, string>;
        response?: Record<string, string>;
    };
    rateLimit?: ProxyRateLimit;
    compress?: ProxyCompress;
    ipAllowList?: ProxyIpAllowList;
    forwardAuth?: Omit<ProxyForwardAuth, "address" | "caPem"> & { address: string; caFile?: string };
}

/** Name of the middleware that removes what a visitor may have written into forwarding headers; it stands before all others. */
export const VISITOR_HEADERS = "sallyport-visitor-headers";

/** Name of the middleware that lets nobody but their readers see the figures. */
export const METRICS_READERS = "sallyport-metrics-readers";

/** What middlewares of the proxy's own are called. */
export const OWN_MIDDLEWARES: readonly string[] = [VISITOR_HEADERS, METRICS_READERS];

/**
 * Headers that Traefik takes over from a sender whose headers it trusts (`pkg/middlewares/forwardedheaders`) and that Cloudflare's
 * edge passes on as a visitor wrote them; the edge writes `X-Forwarded-For` and `X-Forwarded-Proto` itself.
 */
const VISITORS_OWN = ["X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Real-Ip"];

/** All middlewares in Traefik's form, by name. @param behindProxy Whether clients are told by `X-Forwarded-For`. */
export function middlewareSections(list: readonly PlacedMiddleware[], behindProxy: boolean): Record<string, object> {
    const sections = list.map((middleware): [string, object] => [middleware.name, section(middleware, behindProxy)]);
    const removed = Object.fromEntries(VISITORS_OWN.map((header) => [header, ""]));
    return {
        ...Object.fromEntries(sections),
        ...(behindProxy ? { [VISITOR_HEADERS]: { headers: { customRequestHeaders: removed } } } : {}),
    };
}

function section(middleware: PlacedMiddleware, behindProxy: boolean): object {
    const { headers, rateLimit, compress, ipAllowList, forwardAuth } = middleware;
    // The edge appends the visitor's address to what the visitor sent: the last one is the edge's own word.
    const ipStrategy = behindProxy ? { ipStrategy: { depth: 1 } } : {};
    if (headers !== undefined) return { headers: headersSection(headers) };
    if (rateLimit !== undefined) {
        const { average, periodSeconds = 1, burst = average } = rateLimit;
        const sourceCriterion = behindProxy ? { sourceCriterion: ipStrategy } : {};
        return { rateLimit: { average, period: `${periodSeconds}s`, burst, ...sourceCriterion } };
    }
    if (compress !== undefined) {
        const { minBytes = 1024, excludedContentTypes = [] } = compress;
        const excluded = excludedContentTypes.length === 0 ? {} : { excludedContentTypes };
        return { compress: { minResponseBodyBytes: minBytes, ...excluded } };
    }
    if (ipAllowList !== undefined) return { ipAllowList: { sourceRange: ipAllowList.ranges, ...ipStrategy } };
    if (forwardAuth !== undefined) return { forwardAuth: forwardAuthSection(forwardAuth) };
    throw new Error(
        `the middleware "${middleware.name}" is of no kind, which the check of the arguments lets nobody write`,
    );
}

function headersSection(headers: NonNullable<PlacedMiddleware["headers"]>): object {
    const { request, response, frameDeny = true, contentTypeNosniff = true, ...others } = headers;
    return {
        ...(request === undefined ? {} : { customRequestHeaders: request }),
        ...(response === undefined ? {} : { customResponseHeaders: response }),
        ...others,
        frameDeny,
        contentTypeNosniff,
    };
}

function forwardAuthSection(settings: NonNullable<PlacedMiddleware["forwardAuth"]>): object {
    const { address, caFile, requestHeaders = [ACCESS_TOKEN_HEADER], responseHeaders = [] } = settings;
    return {
        address,
        ...(caFile === undefined ? {} : { tls: { ca: caFile } }),
        trustForwardHeader: false,
        maxResponseBodySize: VERIFIER_ANSWER_BYTES,
        authRequestHeaders: requestHeaders,
        ...(responseHeaders.length === 0 ? {} : { authResponseHeaders: responseHeaders }),
    };
}
