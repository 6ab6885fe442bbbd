import type { IncomingHttpHeaders } from "node:http";
import type { RequestVerdict } from "../edgeControls.ts";

/** A client certificate that came with the TLS handshake. Nobody has verified it: whose it is only counts once its chain is checked. */
export interface ClientCertificate {
    /** DER. */
    readonly raw: Uint8Array;
    /** DER of the issuers that the client sent along, nearest first. */
    readonly issuers: readonly Uint8Array[];
}

/** A request from outside, as Access sees it before anything of it goes to a connector. */
export interface GateRequest {
    /** Lower case, without a port. */
    readonly hostname: string;
    /** The path as the client wrote it, without the query: percent-encoding and dot segments are kept. */
    readonly path: string;
    /** The query without its question mark; empty when there is none. */
    readonly query: string;
    readonly method: string;
    /**
     * All that the client sent, names in lower case, with the credentials that never reach the origin (`cf-access-client-id`,
     * `cf-access-client-secret`, `cf-access-token`). A name that came several times is joined as node:http does it;
     * `headersDistinct` has each value.
     */
    readonly headers: IncomingHttpHeaders;
    readonly headersDistinct: Readonly<Record<string, readonly string[] | undefined>>;
    /** Address of the client's end of the connection, never one that a header claims. */
    readonly clientIp: string;
    /** ISO 3166-1 alpha-2 code that the edge was told to assume for its clients, if any. */
    readonly country?: string | undefined;
    readonly isWebSocket: boolean;
    readonly clientCertificate?: ClientCertificate | undefined;
    /** Port of the URL that the client used; the edge is seldom on 443 locally, so redirects need it. */
    readonly port: number;
    /** The edge's number for this request, for the pages that name it. */
    readonly ray?: string | undefined;
}

/** A request for one of Access's own pages. */
export interface GatePageRequest extends GateRequest {
    /** Reads the body, up to 64 KiB; a longer one rejects, and the edge answers 413. */
    body(): Promise<Buffer>;
    /** Aborted once the answer is sent or the client has gone: what a stream that waits for something must listen to. */
    readonly signal: AbortSignal;
}

/** What the request log says of an answer or a decision. */
export interface LogEntry {
    /** What decided: `app "Grafana", policy "staff": no rule of include matched`. */
    readonly rule: string;
    /** The verdict in a word, where it is not the usual one. */
    readonly verdict?: RequestVerdict | undefined;
    /** Whose request it is, where that is known. */
    readonly who?: string | undefined;
}

/** An answer that the edge gives itself. Usually its verdict is `page`. */
export interface GateResponse extends LogEntry {
    readonly status: number;
    /** A value that is a list becomes as many header lines. */
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    /** A stream is sent as it comes (server-sent events). A generator that waits cannot be ended from outside: see `signal`. */
    readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}

/** Usually the verdict is `allowed` for what passes, and `refused` for what is answered in the origin's place. */
export type GateDecision =
    | (LogEntry & {
          readonly kind: "pass";
          /** Headers to add towards the origin (`cf-access-jwt-assertion`, `cf-access-authenticated-user-email` …). */
          readonly forward: Readonly<Record<string, string>>;
          /** Names, in lower case, of headers of the client's that carry credentials and must not reach the origin. */
          readonly withhold?: readonly string[] | undefined;
          /** Whole `Set-Cookie` values to add to the answer. */
          readonly setCookies?: readonly string[] | undefined;
      })
    | (GateResponse & { readonly kind: "respond" });

/**
 * Decides who passes. The edge fails closed: without a gate nothing passes, and a gate that throws is a 500 for the client.
 */
export interface AccessGate {
    /** Asked once for each request whose hostname leads to a tunnel, before its body is read. */
    decide(request: GateRequest): Promise<GateDecision>;
    /**
     * Answers paths below `/cdn-cgi/` on every hostname of a zone (`/cdn-cgi/access/logout` …), none of which ever reach
     * an origin. Without it, and where it gives undefined, they are 404.
     */
    handle?(request: GatePageRequest): Promise<GateResponse | undefined>;
    /** Whether clients of a hostname are asked for a certificate. Without it none are. */
    asksForCertificate?(hostname: string): boolean;
}

/** A site of the emulator's own (the team's login domain, the status page), served under its own hostnames. */
export interface EdgeSite {
    /** Lower case, without wildcards. */
    readonly hostnames: readonly string[];
    /** False for a site that shows the request log: what it is asked is not in it. True by default. */
    readonly isLogged?: boolean | undefined;
    handle(request: GatePageRequest): Promise<GateResponse>;
}
