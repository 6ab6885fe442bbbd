import { randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { breakOff } from "./breakOff.ts";
import { type EdgePage, renderEdgePage } from "./edgePage.ts";
import type { ResponseHeaders } from "./responseHeaders.ts";

export type ClientRequest = IncomingMessage | Http2ServerRequest;
export type ClientResponse = ServerResponse | Http2ServerResponse;

/** How the client asked for a WebSocket: HTTP/1.1 gives up the socket (with what came after the request), HTTP/2 a stream (RFC 8441). */
export type Upgrade = { readonly socket: Duplex; readonly head: Buffer } | "extended-connect";

/** One request of a client and its answer, over HTTP/1.1 or HTTP/2 alike. */
export class ClientExchange {
    readonly request: ClientRequest;
    readonly response: ClientResponse;
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
        request: ClientRequest,
        response: ClientResponse,
        options: { location: string; upgrade?: Upgrade | undefined; expectsContinue?: boolean | undefined },
    ) {
        this.request = request;
        this.response = response;
        this.ray = `${newRay()}-${options.location}`;
        this.#upgrade = options.upgrade;
        this.isWebSocket = options.upgrade !== undefined;
        this.#expectsContinue = options.expectsContinue ?? false;
        const socket = request.socket as TLSSocket;
        this.serverName = String(socket.servername || "").toLowerCase();
        this.clientIp = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
        const authority = readAuthority(request);
        this.hostname = authority?.hostname;
        this.port = authority?.port ?? 443;
        this.method = this.isWebSocket ? "GET" : (request.method ?? "GET");
        this.target = targetOf(request);
        const mark = this.target.indexOf("?");
        this.path = mark < 0 ? this.target : this.target.slice(0, mark);
        this.query = mark < 0 ? "" : this.target.slice(mark + 1);
        // A client that goes away in the middle shows in the response's `close`.
        request.on("error", () => {});
        response.on("error", () => {});
        this.closed = this.#finished.promise;
        response.once("close", () => this.#finish());
    }

    /** True once nothing can be sent any more. */
    get isGone(): boolean {
        return this.#isGone;
    }

    get headers(): IncomingHttpHeaders {
        return this.request.headers;
    }

    /** Each value of each header, in order. */
    get headersDistinct(): Readonly<Record<string, readonly string[]>> {
        this.#headersDistinct ??= distinct(this.request.rawHeaders);
        return this.#headersDistinct;
    }

    /** How long all headers are together, names and values. */
    get headerBytes(): number {
        const raw = this.request.rawHeaders;
        let bytes = 0;
        for (let i = 0; i + 1 < raw.length; i += 2) {
            const [name = "", value = ""] = [raw[i], raw[i + 1]];
            bytes += name.startsWith(":") ? 0 : name.length + value.length;
        }
        return bytes;
    }

    /** True when the client said with its headers that nothing follows. */
    get hasNoBody(): boolean {
        if ("stream" in this.request) {
            return this.request.stream.endAfterHeaders;
        }
        const { "transfer-encoding": coding, "content-length": length } = this.request.headers;
        return coding === undefined && (length === undefined || length === "0");
    }

    /** Sends the headers at once, ahead of a body that may be a while to come. */
    flushHead(): void {
        const { response } = this;
        if (this.#isGone || response.headersSent) {
            return;
        }
        if ("stream" in response) {
            response.writeHead(response.statusCode);
        } else {
            response.flushHeaders();
        }
    }

    /** Asks for the body where the client waits to be asked (`Expect: 100-continue`). */
    sendContinue(): void {
        if (this.#expectsContinue) {
            this.#expectsContinue = false;
            this.response.writeContinue();
        }
    }

    /** Sets status and headers, with what every answer of the edge has; they are sent with the first piece of the body. */
    sendHead(status: number, headers: ResponseHeaders): void {
        const { response } = this;
        this.status = status;
        response.statusCode = status;
        for (const [name, value] of Object.entries(headers)) {
            response.setHeader(name, typeof value === "string" ? value : [...value]);
        }
        response.setHeader("server", "cloudflare");
        response.setHeader("cf-ray", this.ray);
        if (this.#upgrade !== undefined && this.#upgrade !== "extended-connect") {
            response.setHeader("connection", "close");
        }
    }

    /** Answers with a page of the edge's own; where an answer has begun already, it is cut instead. */
    sendPage(page: EdgePage): void {
        if (this.response.headersSent) {
            this.abort();
            return;
        }
        this.page = page;
        const html = Buffer.from(renderEdgePage(page, this.ray, this.hostname ?? this.serverName));
        for (const name of this.response.getHeaderNames()) {
            this.response.removeHeader(name);
        }
        this.sendHead(page.status, {
            "content-type": "text/html; charset=utf-8",
            "content-length": String(html.length),
            "cache-control": "no-store",
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "x-frame-options": "SAMEORIGIN",
        });
        this.response.end(this.method === "HEAD" ? "" : html);
        this.discardBody();
    }

    /** Lets what the client still sends run out, so that its connection can carry the next request. */
    discardBody(): void {
        this.request.resume();
    }

    /** Cuts the answer, so that the client does not take it for whole. */
    abort(): void {
        if ("stream" in this.response) {
            breakOff(this.response.stream);
        } else {
            this.response.destroy();
        }
    }

    /**
     * Tells the client that it has its WebSocket.
     *
     * @returns what carries the frames, both ways.
     */
    acceptWebSocket(headers: ResponseHeaders): Duplex {
        const { "content-length": _, ...kept } = headers;
        if (this.#upgrade === "extended-connect" && "stream" in this.response) {
            // An extended CONNECT has no key, so its answer has no proof of having read it.
            const { "sec-websocket-accept": _, ...others } = kept;
            const { stream } = this.response;
            this.sendHead(200, others);
            this.flushHead();
            return stream;
        }
        if (this.#upgrade === undefined || this.#upgrade === "extended-connect") {
            throw new Error("a WebSocket that nobody asked for");
        }
        const { socket, head } = this.#upgrade;
        const lines = Object.entries({ ...kept, server: "cloudflare", "cf-ray": this.ray }).flatMap(([name, value]) =>
            [value].flat().map((single) => `${name}: ${single}\r\n`),
        );
        (this.response as ServerResponse).detachSocket(socket as TLSSocket);
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
function targetOf(request: ClientRequest): string {
    const url = request.url ?? "/";
    if (url.startsWith("/")) {
        return url;
    }
    const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(url);
    const target = absolute === null ? url : (absolute[1] ?? "");
    return target.startsWith("/") || target === "*" ? target : `/${target}`;
}

function readAuthority(request: ClientRequest): { hostname: string; port: number } | undefined {
    const host = "authority" in request ? request.authority || request.headers.host : soleHost(request);
    const inUrl = /^https?:\/\/([^/?#]*)/i.exec(request.url ?? "")?.[1];
    const match = /^([a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?)\.?(?::(\d{1,5}))?$/i.exec(inUrl ?? host ?? "");
    return match?.[1] === undefined ? undefined : { hostname: match[1].toLowerCase(), port: Number(match[3] ?? 443) };
}

/** Two Host headers mean two readings of one request. */
function soleHost(request: IncomingMessage): string | undefined {
    const hosts = request.headersDistinct.host ?? [];
    return hosts.length === 1 ? hosts[0] : undefined;
}
