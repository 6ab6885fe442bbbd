import type { ClientHttp2Stream } from "node:http2";

/**
 * Takes all listeners off a connector's stream that is closed. node:http2 keeps the objects of its streams until the next full
 * collection of garbage, and whatever listens to them stays with them, here the whole request: moving that about in memory
 * was a sixth of the edge's work under load.
 */
export function letGo(stream: ClientHttp2Stream): void {
    stream.removeAllListeners();
}
