import {
    type ClientHttp2Session,
    type ClientHttp2Stream,
    connect,
    type IncomingHttpHeaders,
    type IncomingHttpStatusHeader,
} from "node:http2";
import { text } from "node:stream/consumers";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { type ClientOptions, WebSocket } from "ws";

/** An HTTPS server on loopback and how it wants to be asked. */
export interface Target {
    readonly port: number;
    /** In the ClientHello. */
    readonly serverName: string;
    readonly hostname: string;
    readonly caPem: string;
    readonly credentials: Readonly<Record<string, string>>;
}

export interface Load {
    readonly requestsPerSecond: number;
    /** Of a request, from its headers to the last byte of its answer, in milliseconds. */
    readonly p50: number;
    readonly p99: number;
}

const CONNECTIONS = 8;
const AT_A_TIME = 64;
const LIMIT_MS = 30_000;
/** Wide enough for the client not to be what holds a stream up. */
const WINDOW_BYTES = 16 * 2 ** 20;

/** A client of one target, with a few HTTP/2 connections that stay open. */
export class Client implements Disposable {
    readonly #target: Target;
    readonly #sessions: readonly ClientHttp2Session[];

    constructor(target: Target) {
        this.#target = target;
        const { port, serverName: servername, caPem: ca } = target;
        this.#sessions = Array.from({ length: CONNECTIONS }, () =>
            connect(`https://${servername}:${port}`, {
                settings: { initialWindowSize: WINDOW_BYTES, enablePush: false },
                createConnection: () =>
                    connectTls({ host: "127.0.0.1", port, servername, ca, ALPNProtocols: ["h2"] }).setNoDelay(true),
            }),
        );
        for (const session of this.#sessions) {
            // A connection that fails fails the requests on it, which is where it is noticed.
            session.on("error", () => {});
            session.once("connect", () => session.setLocalWindowSize(WINDOW_BYTES));
        }
    }

    /** Makes so many requests for the page, a fixed number at a time. */
    async load(count: number): Promise<Load> {
        const latencies: number[] = [];
        const deadline = performance.now() + LIMIT_MS;
        const started = performance.now();
        let asked = 0;
        const ask = async (session: ClientHttp2Session) => {
            while (asked < count && performance.now() < deadline) {
                asked++;
                const sent = performance.now();
                await this.#page(session);
                latencies.push(performance.now() - sent);
            }
        };
        await Promise.all(Array.from({ length: AT_A_TIME }, (_, i) => ask(this.#session(i))));
        const seconds = (performance.now() - started) / 1000;
        const sorted = latencies.toSorted((a, b) => a - b);
        const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
        return { requestsPerSecond: sorted.length / seconds, p50: quantile(0.5), p99: quantile(0.99) };
    }

    /** The headers that the service received, and those of its answer. */
    async echo(): Promise<{ received: Record<string, string>; headers: IncomingHttpHeaders }> {
        const stream = this.#request(this.#session(0), { ":path": "/headers" });
        const headers = await expectOk(stream);
        return { received: JSON.parse(await text(stream)), headers };
    }

    /** Has so many bytes sent, and throws them away. */
    async download(bytes: number): Promise<void> {
        const stream = this.#request(this.#session(0), { ":path": `/bytes/${bytes}` });
        await expectOk(stream);
        let received = 0;
        for await (const chunk of stream as AsyncIterable<Buffer>) {
            received += chunk.length;
        }
        expectEqual(received, bytes);
    }

    /** Sends so many bytes. */
    async upload(bytes: number): Promise<void> {
        const stream = this.#request(this.#session(0), { ":method": "PUT", ":path": "/" }, false);
        const answered = expectOk(stream);
        const piece = Buffer.alloc(64 * 1024);
        for (let sent = 0; sent < bytes; sent += piece.length) {
            if (!stream.write(piece)) {
                await new Promise((resolve) => stream.once("drain", resolve));
            }
        }
        stream.end();
        await answered;
        expectEqual(Number(await text(stream)), bytes);
    }

    /** Opens so many WebSockets, each of which has carried a message, holds them while something runs, and closes them. */
    async withWebSockets<T>(count: number, run: () => Promise<T>): Promise<T> {
        const sockets: WebSocket[] = [];
        try {
            for (let i = 0; i < count; i += AT_A_TIME) {
                const some = Array.from({ length: Math.min(AT_A_TIME, count - i) }, () => this.#webSocket());
                sockets.push(...(await Promise.all(some)));
            }
            return await run();
        } finally {
            await Promise.all(
                sockets.map((socket) => {
                    const closed = new Promise((resolve) => socket.once("close", resolve));
                    socket.terminate();
                    return closed;
                }),
            );
        }
    }

    [Symbol.dispose](): void {
        for (const session of this.#sessions) {
            session.destroy();
        }
    }

    async #page(session: ClientHttp2Session): Promise<void> {
        const stream = this.#request(session, { ":path": "/" });
        const ended = new Promise<void>((resolve, reject) => stream.once("end", resolve).once("error", reject));
        await expectOk(stream);
        stream.resume();
        await ended;
    }

    #request(session: ClientHttp2Session, headers: Record<string, string>, endStream = true): ClientHttp2Stream {
        const { hostname, credentials } = this.#target;
        return session.request({ ":authority": hostname, ...headers, ...credentials }, { endStream });
    }

    #session(i: number): ClientHttp2Session {
        const session = this.#sessions[i % this.#sessions.length];
        if (session === undefined) {
            throw new Error("a client without connections");
        }
        return session;
    }

    #webSocket(): Promise<WebSocket> {
        const { port, serverName: servername, hostname, caPem: ca, credentials } = this.#target;
        const options: ClientOptions & ConnectionOptions = {
            servername,
            ca,
            headers: { host: hostname, ...credentials },
            perMessageDeflate: false,
        };
        const socket = new WebSocket(`wss://127.0.0.1:${port}/`, options);
        return new Promise((resolve, reject) => {
            socket.once("error", reject);
            socket.once("open", () => socket.send("ready"));
            socket.once("message", () => resolve(socket));
        });
    }
}

async function expectOk(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & IncomingHttpStatusHeader> {
    const headers = await new Promise<IncomingHttpHeaders & IncomingHttpStatusHeader>((resolve, reject) => {
        stream.once("response", resolve).once("error", reject);
    });
    if (headers[":status"] !== 200) {
        throw new Error(`the service was asked, and the answer was ${headers[":status"]}`);
    }
    return headers;
}

function expectEqual(received: number, sent: number): void {
    if (received !== sent) {
        throw new Error(`of ${sent} bytes, ${received} arrived`);
    }
}
