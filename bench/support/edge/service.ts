/**
 * The service behind the proxies, a program of its own: a short page on `/`, that many bytes on `/bytes/<count>`, what headers it got on `/headers`, a count of what is
 * uploaded with PUT, and WebSockets. The stand-in for whoami would do for the page, but it listens on every address.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { WebSocketServer } from "ws";
import { ready } from "./process.ts";

export interface ServiceDescription {
    readonly port: number;
}

const PAGE = `<!doctype html><title>bench</title><p>${"Served through the tunnel. ".repeat(20)}</p>`;
const PIECE = Buffer.alloc(64 * 1024);

function* pieces(count: number): Generator<Buffer> {
    for (let left = count; left > 0; left -= PIECE.length) {
        yield left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
    }
}

async function countOf(request: IncomingMessage): Promise<number> {
    let count = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
        count += chunk.length;
    }
    return count;
}

const server = createServer(async (request, response) => {
    const bytes = /^\/bytes\/(\d+)$/.exec(request.url ?? "")?.[1];
    if (request.method === "PUT") {
        response.end(String(await countOf(request)));
    } else if (request.url === "/headers") {
        response.end(JSON.stringify(request.headers));
    } else if (bytes === undefined) {
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(PAGE);
    } else {
        response.setHeader("content-length", bytes);
        // A client that goes away early ends the bench by itself.
        await pipeline(Readable.from(pieces(Number(bytes))), response).catch(() => response.destroy());
    }
});
const sockets = new WebSocketServer({ server });
sockets.on("connection", (socket) => socket.on("message", (message) => socket.send(message)));
server.listen(0, "127.0.0.1");
await once(server, "listening");
ready({ port: (server.address() as AddressInfo).port } satisfies ServiceDescription);
