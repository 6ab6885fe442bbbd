import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { ConnectionClosedError, type RequestOptions, type TunnelConnection } from "./tunnelConnection.ts";

/** Errors of node:http2 for a session that ended between the choice of the connection and its use. */
const SESSION_ENDED = new Set(["ERR_HTTP2_GOAWAY_SESSION", "ERR_HTTP2_INVALID_SESSION", "ERR_HTTP2_OUT_OF_STREAMS"]);

/** Opens a stream to the connector; undefined when the connection has just ended. Whatever goes wrong later, the stream closes. */
export function requestIfOpen(
    connection: TunnelConnection,
    headers: OutgoingHttpHeaders,
    options: RequestOptions,
): ClientHttp2Stream | undefined {
    try {
        const stream = connection.request(headers, options);
        stream.on("error", () => {});
        return stream;
    } catch (error) {
        if (error instanceof ConnectionClosedError || SESSION_ENDED.has((error as NodeJS.ErrnoException).code ?? "")) {
            return undefined;
        }
        throw error;
    }
}
