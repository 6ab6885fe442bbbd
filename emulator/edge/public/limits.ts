/** How long the public side waits, in milliseconds. */
export interface PublicTimeouts {
    /** For a client's request headers over HTTP/1.1, after which it gets a 408. Our own choice. */
    readonly requestHeaders: number;
    /** For the next request on a client's connection that has none under way. */
    readonly clientIdle: number;
    /** For the response headers, from the last byte that went either way; a 524 for the client. */
    readonly response: number;
    /** Between two pieces of a response that has begun; the answer is cut then. WebSockets may idle for ever. */
    readonly idle: number;
}

/** Cloudflare's own, where it publishes them: developers.cloudflare.com/fundamentals/reference/connection-limits. */
export const DEFAULT_TIMEOUTS: PublicTimeouts = {
    requestHeaders: 60_000,
    clientIdle: 400_000,
    response: 120_000,
    idle: 900_000,
};

/** Of all request headers together, names and values; more is a 431. */
export const MAX_HEADER_BYTES = 128 * 1024;

/** Of path and query; more is a 414. */
export const MAX_URL_BYTES = 16 * 1024;

/** What of a request body is kept to send it again on another connection. A longer one travels once. */
export const REPLAY_BYTES = 64 * 1024;

/** On how many connections one request is tried. */
export const MAX_ATTEMPTS = 5;

/** The body of a request that the edge answers itself; more is a 413. */
export const MAX_PAGE_BODY_BYTES = 64 * 1024;

/** Per stream, and over all streams of a client's connection, what a client may send before the connector has taken it. */
export const CLIENT_STREAM_WINDOW_BYTES = 512 * 1024;
export const CLIENT_SESSION_WINDOW_BYTES = 4 * 1024 * 1024;
