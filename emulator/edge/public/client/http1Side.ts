import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import type { ResponseHeaders } from "../responseHeaders.ts";
import type { ClientSide } from "./clientSide.ts";
import { type ConnectionFacts, connectionFacts } from "./connectionFacts.ts";

/** One request over HTTP/1.1. */
export class Http1Side implements ClientSide {
    readonly body: IncomingMessage;
    readonly answer: ServerResponse;
    readonly connection: ConnectionFacts;

    constructor(request: IncomingMessage, response: ServerResponse) {
        this.body = request;
        this.answer = response;
        const socket = request.socket as TLSSocket;
        this.connection = connectionFacts(socket, () => socket);
        // A client that goes away in the middle shows in the response's `close`.
        request.on("error", () => {});
        response.on("error", () => {});
    }

    get method(): string {
        return this.body.method ?? "GET";
    }

    get url(): string {
        return this.body.url ?? "/";
    }

    /** Two Host headers mean two readings of one request. */
    get authority(): string | undefined {
        const hosts = this.body.headersDistinct.host ?? [];
        return hosts.length === 1 ? hosts[0] : undefined;
    }

    get headers(): IncomingHttpHeaders {
        return this.body.headers;
    }

    get rawHeaders(): readonly string[] {
        return this.body.rawHeaders;
    }

    get trailers(): NodeJS.Dict<string> {
        return this.body.trailers;
    }

    get hasNoBody(): boolean {
        const { "transfer-encoding": coding, "content-length": length } = this.body.headers;
        return coding === undefined && (length === undefined || length === "0");
    }

    get isHeadSent(): boolean {
        return this.answer.headersSent;
    }

    onClose(listener: () => void): void {
        this.answer.once("close", listener);
    }

    sendContinue(): void {
        this.answer.writeContinue();
    }

    setHead(status: number, headers: ResponseHeaders): void {
        for (const name of this.answer.getHeaderNames()) {
            this.answer.removeHeader(name);
        }
        this.answer.statusCode = status;
        for (const [name, value] of Object.entries(headers)) {
            this.answer.setHeader(name, typeof value === "string" ? value : [...value]);
        }
    }

    sendHead(): void {
        this.answer.flushHeaders();
    }

    /** node:http sends what is set with the first piece by itself. */
    beginBody(): void {}

    end(last?: Buffer): void {
        this.answer.end(last);
    }

    addTrailer(name: string, value: string): void {
        this.answer.addTrailers({ [name]: value });
    }

    abort(): void {
        this.answer.destroy();
    }
}
