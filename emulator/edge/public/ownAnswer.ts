import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { GatePageRequest, GateRequest, GateResponse } from "../accessGate.ts";
import type { ClientExchange } from "./clientExchange.ts";
import { MAX_PAGE_BODY_BYTES } from "./limits.ts";

/** The body of a request that the edge answers itself is longer than it takes. */
export class BodyTooLargeError extends Error {
    override readonly name = "BodyTooLargeError";
}

/** A request as Access and the emulator's own sites see it. */
export function gateRequest(exchange: ClientExchange, hostname: string, country: string | undefined): GateRequest {
    const { path, query, method, headers, clientIp, isWebSocket, port, ray } = exchange;
    const { headersDistinct } = exchange;
    const clientCertificate = exchange.client.connection.certificate;
    return {
        hostname,
        path,
        query,
        method,
        headers,
        headersDistinct,
        clientIp,
        country,
        isWebSocket,
        clientCertificate,
        port,
        ray,
    };
}

/** The same for one of their pages, which may read the body. */
export function pageRequest(exchange: ClientExchange, request: GateRequest): GatePageRequest {
    const gone = new AbortController();
    void exchange.closed.then(() => gone.abort());
    return { ...request, body: () => readBody(exchange), signal: gone.signal };
}

/** Sends an answer that did not come through a tunnel. Rejects as the body does, where it is one that comes bit by bit. */
export async function sendOwnAnswer(exchange: ClientExchange, answer: GateResponse): Promise<void> {
    const { client } = exchange;
    const { status, headers, body } = answer;
    if (exchange.method === "HEAD") {
        exchange.setHead(status, headers);
        client.end();
    } else if (typeof body === "string" || body instanceof Uint8Array) {
        const bytes = Buffer.from(body);
        exchange.setHead(status, { ...headers, "content-length": String(bytes.length) });
        client.end(bytes);
    } else {
        exchange.setHead(status, headers);
        exchange.flushHead();
        await sendBitByBit(exchange, body);
    }
    exchange.discardBody();
}

async function sendBitByBit(exchange: ClientExchange, body: AsyncIterable<string | Uint8Array>): Promise<void> {
    const failures: unknown[] = [];
    async function* noted() {
        try {
            yield* body;
        } catch (error) {
            // A source that ends because the client has gone has not failed.
            if (!exchange.isGone) {
                failures.push(error);
            }
            throw error;
        }
    }
    await pipeline(Readable.from(noted(), { objectMode: true }), exchange.client.answer).catch(() => exchange.abort());
    for (const failure of failures) {
        throw failure;
    }
}

async function readBody(exchange: ClientExchange): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    exchange.sendContinue();
    // Over HTTP/2 the answer goes out on what the body comes in on: it must outlive a body that is too long.
    for await (const chunk of exchange.client.body.iterator({ destroyOnReturn: false })) {
        length += chunk.length;
        if (length > MAX_PAGE_BODY_BYTES) {
            throw new BodyTooLargeError();
        }
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
