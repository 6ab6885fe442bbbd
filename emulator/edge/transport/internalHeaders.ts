/**
 * Headers between the edge and a connector that are not part of the HTTP exchange they carry (cloudflared's
 * connection/http2.go and connection/header.go). A connector obeys them, so they must never come from an HTTP client.
 */

/** Says what a stream is, when it is not a plain HTTP request. */
export const CONNECTION_UPGRADE_HEADER = "cf-cloudflared-proxy-connection-upgrade";

/** Makes a stream a TCP connection to its `:authority`; holds the client's `address:port`, which the connector only looks at to see that it is there. */
export const TCP_SOURCE_HEADER = "cf-cloudflared-proxy-src";

/** Values of the connection-upgrade header. */
export const ConnectionUpgrade = {
    ControlStream: "control-stream",
    Configuration: "update-configuration",
    WebSocket: "websocket",
} as const;

const INTERNAL_PREFIX = "cf-cloudflared-";

/** True for names that only the edge itself may send to a connector. */
export function isInternalHeader(name: string): boolean {
    return name.toLowerCase().startsWith(INTERNAL_PREFIX);
}
