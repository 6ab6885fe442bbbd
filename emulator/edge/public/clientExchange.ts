import { randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { ClientSide } from "./client/clientSide.ts";
import { Http1Side } from "./client/http1Side.ts";
import { Http2Side } from "./client/http2Side.ts";
import { type EdgePage, renderEdgePage } from "./edgePage.ts";
import type { ResponseHeaders } from "./responseHeaders.ts";

/** How the client asked for a WebSocket: HTTP/1.1 gives up the socket (with what came after the request), HTTP/2 a stream (RFC 8441). */
export type Upgrade = { readonly socket: Duplex; readonly head: Buffer } | "extended-connect";

/** One request of a client and its answer, over HTTP/1.1 or HTTP/2 alike. */
export class ClientExchange {
    readonly client: ClientSide;
    /** As Cloudflare writes it: 16 hex digits and the data centre. */
    readonly ray: string;
    readonly startedAt = new Date();
    /** Lower case, without the port; undefined when the request names none that could be one. */
    readonly hostname: string | undefined;
    /** The port of the client's URL. */
    readonly port: number;
    readonly method: string;
    /** Path and query as they go on. */
    readonly target: string;
    readonly path: string;
    readonly query: string;
    /** The name that the TLS connection was opened for. */
    readonly serverName: string;
    readonly clientIp: string;
    readonly isWebSocket: boolean;
    /** Settled once the answer is sent, or the client has gone. */
    readonly closed: Promise<void>;
    /** What the client was sent; undefined as long as it was sent nothing. */
    status: number | undefined;
    /** The page of the edge's own that it was sent, if it was. */
    page: EdgePage | undefined;
    #isGone = false;
    #headersDistinct: Readonly<Record<string, readonly string[]>> | undefined;
    readonly #finished = Promise.withResolvers<void>();
    #expectsContinue: boolean;
    readonly #upgrade: Upgrade | undefined;

    constructor(
        client: ClientSide,
        options: { location: string; upgrade?: Upgrade | undefined; expectsContinue?: boolean | undefined },
    ) {
        this.client = client;
        this.ray = `${newRay()}-${options.location}`;
        this.#upgrade = options.upgrade;
        this.isWebSocket = options.upgrade !== undefined;
        this.#expectsContinue = options.expectsContinue ?? false;
        this.serverName = client.connection.serverName;
        this.clientIp = client.connection.clientIp;
        const authority = readAuthority(client);
        this.hostname = authority?.hostname;
        this.port = authority?.port ?? 443;
        this.method = this.isWebSocket ? "GET" : client.method;
        this.target = targetOf(client.url);
        const mark = this.target.indexOf("?");
        this.path = mark < 0 ? this.target : this.target.slice(0, mark);
        this.query = mark < 0 ? "" : this.target.slice(mark + 1);
        this.closed = this.#finished.promise;
        client.onClose(() => this.#finish());
    }

    /** True once nothing can be sent any more. */
    get isGone(): boolean {
        return this.#isGone;
    }

    get headers(): IncomingHttpHeaders {
        return this.client.headers;
    }

    /** Each value of each header, in order. */
    get headersDistinct(): Readonly<Record<string, readonly string[]>> {
        this.#headersDistinct ??= distinct(this.client.rawHeaders);
        return this.#headersDistinct;
    }

    /** How long all headers are together, names and values. */
    get headerBytes(): number {
        const raw = this.client.rawHeaders;
        let bytes = 0;
        for (let i = 0; i + 1 < raw.length; i += 2) {
            const [name = "", value = ""] = [raw[i], raw[i + 1]];
            bytes += name.startsWith(":") ? 0 : name.length + value.length;
        }
        return bytes;
    }

    /** Sends the headers at once, ahead of a body that may be a while to come. */
    flushHead(): void {
        if (!this.#isGone && !this.client.isHeadSent) {
            this.client.sendHead();
        }
    }

    /** Asks for the body where the client waits to be asked (`Expect: 100-continue`). */
    sendContinue(): void {
        if (this.#expectsContinue) {
            this.#expectsContinue = false;
            this.client.sendContinue();
        }
    }

    /** Sets status and headers, with what every answer of the edge has; they are sent with the first piece of the body. */
    setHead(status: number, headers: ResponseHeaders): void {
        this.status = status;
        const isHttp1Upgrade = this.#upgrade !== undefined && this.#upgrade !== "extended-connect";
        this.client.setHead(status, {
            ...headers,
            server: "cloudflare",
            "cf-ray": this.ray,
            ...(isHttp1Upgrade ? { connection: "close" } : {}),
        });
    }

    /** Answers with a page of the edge's own; where an answer has begun already, it is cut instead. */
    sendPage(page: EdgePage): void {
        if (this.client.isHeadSent) {
            this.client.abort();
            return;
        }
        this.page = page;
        const html = Buffer.from(renderEdgePage(page, this.ray, this.hostname ?? this.serverName));
        this.setHead(page.status, {
            "content-type": "text/html; charset=utf-8",
            "content-length": String(html.length),
            "cache-control": "no-store",
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "x-frame-options": "SAMEORIGIN",
        });
        this.client.end(this.method === "HEAD" ? undefined : html);
        this.discardBody();
    }

    /** Lets what the client still sends run out, so that its connection can carry the next request. */
    discardBody(): void {
        this.client.body.resume();
    }

    /** Cuts the answer, so that the client does not take it for whole. */
    abort(): void {
        this.client.abort();
    }

    /**
     * Tells the client that it has its WebSocket.
     *
     * @returns what carries the frames, both ways.
     */
    acceptWebSocket(headers: ResponseHeaders): Duplex {
        const { "content-length": _, ...kept } = headers;
        const { client } = this;
        if (this.#upgrade === "extended-connect" && client instanceof Http2Side) {
            // An extended CONNECT has no key, so its answer has no proof of having read it.
            const { "sec-websocket-accept": _, ...others } = kept;
            this.setHead(200, others);
            this.flushHead();
            return client.stream;
        }
        if (this.#upgrade === undefined || this.#upgrade === "extended-connect" || !(client instanceof Http1Side)) {
            throw new Error("a WebSocket that nobody asked for");
        }
        const { socket, head } = this.#upgrade;
        const lines = Object.entries({ ...kept, server: "cloudflare", "cf-ray": this.ray }).flatMap(([name, value]) =>
            [value].flat().map((single) => `${name}: ${single}\r\n`),
        );
        client.answer.detachSocket(socket as TLSSocket);
        socket.once("close", () => this.#finish());
        this.status = 101;
        socket.write(
            `HTTP/1.1 101 ${STATUS_CODES[101]}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n${lines.join("")}\r\n`,
            "latin1",
        );
        socket.unshift(head);
        return socket;
    }

    #finish(): void {
        this.#isGone = true;
        this.#finished.resolve();
    }
}

/** 16 hex digits. A UUID costs less than random bytes do, as Node makes them in stock; these of its digits are all random. */
function newRay(): string {
    const uuid = randomUUID();
    return `${uuid.slice(0, 8)}${uuid.slice(-8)}`;
}

function distinct(raw: readonly string[]): Readonly<Record<string, readonly string[]>> {
    const values: Record<string, string[]> = Object.create(null);
    for (let i = 0; i + 1 < raw.length; i += 2) {
        const name = raw[i]?.toLowerCase() ?? "";
        if (!name.startsWith(":")) {
            values[name] ??= [];
            values[name].push(raw[i + 1] ?? "");
        }
    }
    return values;
}

/** Path and query of the request line; of a whole URL (RFC 9112, section 3.2.2) what follows its host. */
function targetOf(url: string): string {
    if (url.startsWith("/")) {
        return url;
    }
    const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(url);
    const target = absolute === null ? url : (absolute[1] ?? "");
    return target.startsWith("/") || target === "*" ? target : `/${target}`;
}

function readAuthority({ url, authority }: ClientSide): { hostname: string; port: number } | undefined {
    const inUrl = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
    const match = /^([a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?)\.?(?::(\d{1,5}))?$/i.exec(inUrl ?? authority ?? "");
    return match?.[1] === undefined ? undefined : { hostname: match[1].toLowerCase(), port: Number(match[3] ?? 443) };
}
