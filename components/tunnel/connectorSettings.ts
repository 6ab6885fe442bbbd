/** The image that connectors run in unless another one is asked for. */
export const CONNECTOR_IMAGE = "cloudflare/cloudflared:2025.2.0";

/** How the connector reaches the edge. */
export const TunnelProtocol = {
    /** QUIC, and HTTP/2 where UDP does not get through. */
    Auto: "auto",
    /** UDP port 7844. */
    Quic: "quic",
    /** TCP port 7844. */
    Http2: "http2",
} as const;
export type TunnelProtocol = (typeof TunnelProtocol)[keyof typeof TunnelProtocol];

/** What the connector writes to its log. */
export const ConnectorLogLevel = { Debug: "debug", Info: "info", Warn: "warn", Error: "error" } as const;
export type ConnectorLogLevel = (typeof ConnectorLogLevel)[keyof typeof ConnectorLogLevel];
