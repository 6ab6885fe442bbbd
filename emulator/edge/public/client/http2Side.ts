import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";
import { breakOff } from "../breakOff.ts";
import type { ResponseHeaders } from "../responseHeaders.ts";
import type { ClientSide } from "./clientSide.ts";
import { type ConnectionFacts, connectionFacts } from "./connectionFacts.ts";

/**
 * One request over HTTP/2, on the stream itself. It takes the place of node:http2's own request, and {@link Http2Reply} that of its response, which
 * wrap the stream in two more.
 */
export class Http2Side implements ClientSide {
    readonly stream: ServerHttp2Stream;
    readonly headers: IncomingHttpHeaders;
    readonly rawHeaders: readonly string[];
    readonly connection: ConnectionFacts;
    trailers: IncomingHttpHeaders = {};
    #head: readonly string[] | undefined;
    #mayHaveTrailers = true;
    #answerTrailers: Record<string, string> = {};

    /** As node:http2 makes its own; the third argument are options of a stream that wraps this one. */
    constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: unknown, rawHeaders: readonly string[]) {
        this.stream = stream;
        this.headers = headers;
        this.rawHeaders = rawHeaders;
        const { session } = stream;
        this.connection = connectionFacts(session ?? stream, () => session?.socket as TLSSocket | undefined);
        // A client that goes away in the middle shows in the stream's `close`.
        stream.on("error", () => {});
        if (!stream.endAfterHeaders) {
            stream.once("trailers", (trailers) => {
                this.trailers = trailers;
            });
        }
    }

    get method(): string {
        return this.headers[":method"] ?? "GET";
    }

    get url(): string {
        return this.headers[":path"] ?? "/";
    }

    get authority(): string | undefined {
        return this.headers[":authority"] || this.headers.host;
    }

    get hasNoBody(): boolean {
        return this.stream.endAfterHeaders;
    }

    get body(): ServerHttp2Stream {
        return this.stream;
    }

    get answer(): ServerHttp2Stream {
        return this.stream;
    }

    get isHeadSent(): boolean {
        return this.stream.headersSent;
    }

    onClose(listener: () => void): void {
        this.stream.once("close", listener);
    }

    sendContinue(): void {
        this.stream.additionalHeaders({ ":status": constants.HTTP_STATUS_CONTINUE });
    }

    setHead(status: number, headers: ResponseHeaders): void {
        const head = [":status", String(status)];
        for (const name of Object.keys(headers)) {
            const value = headers[name] ?? "";
            for (const single of typeof value === "string" ? [value] : value) {
                head.push(name, single);
            }
        }
        this.#head = head;
        // Trailers come with bodies whose length nobody knows beforehand, or are announced (RFC 9110, sections 6.5 and 6.6.2).
        this.#mayHaveTrailers = headers["content-length"] === undefined || headers.trailer !== undefined;
    }

    sendHead(): void {
        this.#respond(false);
    }

    beginBody(): void {
        this.#respond(false);
    }

    end(last?: Buffer): void {
        this.#respond(last === undefined);
        this.stream.end(last);
    }

    addTrailer(name: string, value: string): void {
        this.#answerTrailers[name] = value;
    }

    abort(): void {
        breakOff(this.stream);
    }

    #respond(endStream: boolean): void {
        const { stream } = this;
        const head = this.#head;
        if (head === undefined || stream.headersSent || stream.destroyed || stream.closed) {
            return;
        }
        const hasTrailers = Object.keys(this.#answerTrailers).length > 0;
        const waitForTrailers = hasTrailers || (this.#mayHaveTrailers && !endStream);
        if (waitForTrailers) {
            stream.once("wantTrailers", () => stream.sendTrailers(this.#answerTrailers));
        }
        stream.respond(head, { endStream: endStream && !hasTrailers, waitForTrailers });
    }
}

/** What node:http2 itself answers with where nobody listens: a CONNECT that is refused, an expectation that nobody knows. */
export class Http2Reply {
    statusCode: number = constants.HTTP_STATUS_OK;
    readonly #stream: ServerHttp2Stream;

    constructor(stream: ServerHttp2Stream) {
        this.#stream = stream;
    }

    end(): void {
        this.#stream.respond({ ":status": this.statusCode }, { endStream: true });
    }
}
