import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import type { Duplex, Writable } from "node:stream";
import { breakOff } from "./breakOff.ts";
import type { ClientExchange } from "./clientExchange.ts";

/** Statuses whose answers have no body, whatever their headers say (RFC 9110, section 6.4.1). */
const BODILESS = new Set([204, 205, 304]);

/**
 * Passes the body of an answer on to the client, whose headers are set but not sent, no faster than the client takes it, and
 * the trailers after it. An answer that breaks off is cut for the client, too. Resolves when both sides are done.
 *
 * @param trailers gives those that have come by the end of the stream.
 * @param stopBody ends the sending of the request's body, of which nothing is wanted any more once the answer is complete.
 */
export async function relayResponse(
    stream: ClientHttp2Stream,
    exchange: ClientExchange,
    trailers: () => IncomingHttpHeaders,
    stopBody: () => void,
): Promise<void> {
    const { client } = exchange;
    const { answer } = client;
    let hasEnded = false;
    const streamClosed = closed(stream);
    const isBodiless = exchange.method === "HEAD" || BODILESS.has(exchange.status ?? 0);
    stream.on("data", (chunk: Buffer) => {
        if (isBodiless) {
            return;
        }
        client.beginBody();
        if (!answer.write(chunk)) {
            stream.pause();
            answer.once("drain", () => stream.resume());
        }
    });
    stream.once("end", () => {
        // node:http2 ends a stream that was reset, too.
        if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
            return;
        }
        hasEnded = true;
        for (const [name, value] of Object.entries(trailers())) {
            if (value !== undefined && !name.startsWith(":") && !name.startsWith("cf-cloudflared-")) {
                client.addTrailer(name, String(value));
            }
        }
        client.end();
        stopBody();
        exchange.discardBody();
        if (!stream.writableEnded) {
            breakOff(stream);
        }
    });
    const finished = Promise.all([
        streamClosed.then(() => hasEnded || exchange.abort()),
        exchange.closed.then(() => hasEnded || breakOff(stream)),
    ]);
    // Headers travel with the first piece of the body, unless that is a while to come (server-sent events).
    setImmediate(() => exchange.flushHead());
    await finished;
}

/** Joins the client's and the connector's ends of a WebSocket; resolves when both are closed. */
export async function relayWebSocket(client: Duplex, stream: ClientHttp2Stream): Promise<void> {
    client.on("error", () => {});
    const finished = Promise.all([closed(client), closed(stream)]);
    client.pipe(stream);
    stream.pipe(client);
    // An end that was said is passed on by `pipe`; one that was not leaves nothing to wait for.
    client.once("close", () => breakOff(stream));
    stream.once("close", () => stream.rstCode === constants.NGHTTP2_NO_ERROR || client.destroy());
    await finished;
}

/** Settles once the stream is done, for whatever reason. An HTTP/2 stream's own `closed` is true before all of it was read. */
function closed(stream: Writable): Promise<void> {
    return stream.destroyed ? Promise.resolve() : new Promise((resolve) => stream.once("close", () => resolve()));
}
