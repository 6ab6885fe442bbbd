/** How long the edge waits for a connector, in milliseconds. */
export interface SessionTimeouts {
    /** From the TLS handshake to the registration. cloudflared gives up on its side after 5 s. */
    readonly registration: number;
    /** Between two HTTP/2 PINGs. cloudflared sends none, so only these find a connector that has silently gone. */
    readonly pingInterval: number;
    /** For the answer to a PING. */
    readonly pingAnswer: number;
    /** For an orderly close after a refusal, or when a connector goes without a goodbye; the connection is cut then. */
    readonly close: number;
    /** For the acknowledgement of a pushed configuration. */
    readonly configuration: number;
}

/** Longer than anything that cloudflared waits for, so that it is never the edge that gives up first on a slow machine. */
export const DEFAULT_TIMEOUTS: SessionTimeouts = {
    registration: 10_000,
    pingInterval: 10_000,
    pingAnswer: 10_000,
    close: 5_000,
    configuration: 15_000,
};
