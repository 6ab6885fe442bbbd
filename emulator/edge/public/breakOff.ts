import type { Http2Stream } from "node:http2";

/**
 * Ends a stream so that the other side cannot take what it has for the whole. `stream.close(code)` is not that: it ends the
 * writable side first, with an END_STREAM that makes half a body look complete.
 */
export function breakOff(stream: Http2Stream): void {
    stream.destroy(new Error("broken off"));
}
