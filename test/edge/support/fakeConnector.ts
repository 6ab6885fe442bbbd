import { once } from "node:events";
import {
    type IncomingHttpHeaders,
    performServerHandshake,
    type ServerHttp2Session,
    type ServerHttp2Stream,
} from "node:http2";
import { connect, type TLSSocket } from "node:tls";
import type { RegisterConnectionRequest } from "../../../emulator/edge/rpc/registration.ts";
import {
    type Answer,
    AnswerReader,
    abort,
    bootstrap,
    finish,
    REQUEST,
    registerConnection,
    unregisterConnection,
    updateLocalConfiguration,
} from "./connectorMessages.ts";

/** What the connector is connected to: one of a `TunnelEdge`'s addresses. */
export interface Endpoint {
    readonly address: string;
    readonly caPem: string;
}

export interface PushedConfiguration {
    readonly version: number;
    readonly config: unknown;
}

/** How a connector that behaves unlike cloudflared does so. */
export interface FakeConnectorOptions {
    /** What it registers with; by default that of `REQUEST`. */
    readonly request?: Partial<RegisterConnectionRequest>;
    /** Its answer to a pushed configuration; by default that it runs it. `undefined`: none at all. */
    readonly answerConfiguration?: (pushed: PushedConfiguration) => string | undefined | Promise<string>;
    /** What it does with a request; by default it answers 200 without a body. */
    readonly serve?: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
    /** What it writes on the control stream in place of a registration. */
    readonly firstWords?: Buffer | undefined;
    readonly servername?: string;
}

/** The other end of the tunnel protocol, made of node:http2: accepts the control stream, registers, takes configurations. */
export class FakeConnector implements AsyncDisposable {
    /** Configurations in the order of their arrival. */
    readonly configurations: PushedConfiguration[] = [];
    readonly answers: Answer[] = [];
    /** Settled when the edge has closed the connection. */
    readonly closed: Promise<void>;
    readonly socket: TLSSocket;
    readonly #session: ServerHttp2Session;
    readonly #options: FakeConnectorOptions;
    readonly #control = Promise.withResolvers<ServerHttp2Stream>();
    #awaited: { matches: (answer: Answer) => boolean; resolve: (answer: Answer) => void }[] = [];

    /** Connects and does the TLS handshake; rejects when the edge refuses it. */
    static async connect({ address, caPem }: Endpoint, options: FakeConnectorOptions = {}): Promise<FakeConnector> {
        const [host, port] = address.split(":");
        const servername = options.servername ?? "h2.cftunnel.com";
        const socket = connect({ host, port: Number(port), servername, ca: caPem });
        await once(socket, "secureConnect");
        return new FakeConnector(socket, options);
    }

    private constructor(socket: TLSSocket, options: FakeConnectorOptions) {
        this.socket = socket;
        this.#options = options;
        this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
        socket.on("error", () => {});
        this.#session = performServerHandshake(socket);
        this.#session.on("error", () => {});
        this.#session.on("stream", (stream, headers) => this.#accept(stream, headers));
    }

    /** The edge's answer to the registration. */
    registration(): Promise<Answer> {
        return this.answer(({ kind }) => kind === "registered" || kind === "refused");
    }

    /** The first answer, past or to come, that matches. */
    answer(matches: (answer: Answer) => boolean): Promise<Answer> {
        const past = this.answers.find(matches);
        return past ? Promise.resolve(past) : new Promise((resolve) => this.#awaited.push({ matches, resolve }));
    }

    /** Says goodbye as cloudflared does: unregister, wait for the answer, abort, end the control stream. */
    async unregister(): Promise<void> {
        const control = await this.#control.promise;
        control.write(Buffer.concat([finish(0), finish(1), unregisterConnection(1)]));
        await this.answer(({ kind }) => kind === "empty");
        control.end(Buffer.concat([finish(1), abort("rpc: shutdown")]));
    }

    async reportConfiguration(config: string): Promise<void> {
        const control = await this.#control.promise;
        control.write(Buffer.concat([finish(0), finish(1), updateLocalConfiguration(1, config)]));
        await this.answer(({ kind }) => kind === "empty");
    }

    /** Ends the control stream without a word. */
    async endControlStream(): Promise<void> {
        (await this.#control.promise).end();
    }

    /** Writes anything on the control stream. */
    async say(bytes: Uint8Array): Promise<void> {
        (await this.#control.promise).write(bytes);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#session.destroy();
        this.socket.destroy();
        await this.closed;
    }

    #accept(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
        stream.on("error", () => {});
        switch (headers["cf-cloudflared-proxy-connection-upgrade"]) {
            case "control-stream":
                this.#acceptControlStream(stream);
                return;
            case "update-configuration":
                void this.#acceptConfiguration(stream);
                return;
            default:
                (this.#options.serve ?? ((request) => request.respond({ ":status": 200 }, { endStream: true })))(
                    stream,
                    headers,
                );
        }
    }

    #acceptControlStream(stream: ServerHttp2Stream): void {
        const reader = new AnswerReader();
        stream.on("data", (chunk: Buffer) => {
            for (const answer of reader.push(chunk)) {
                this.answers.push(answer);
                for (const { resolve } of this.#awaited.filter(({ matches }) => matches(answer))) {
                    resolve(answer);
                }
                this.#awaited = this.#awaited.filter(({ matches }) => !matches(answer));
            }
        });
        stream.respond({ ":status": 200 });
        const request = { ...REQUEST, ...this.#options.request };
        stream.write(
            this.#options.firstWords ?? Buffer.concat([bootstrap(0), registerConnection({ questionId: 1 }, request)]),
        );
        this.#control.resolve(stream);
    }

    async #acceptConfiguration(stream: ServerHttp2Stream): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) {
            chunks.push(chunk);
        }
        const pushed = JSON.parse(Buffer.concat(chunks).toString("utf8")) as PushedConfiguration;
        this.configurations.push(pushed);
        const accept = ({ version }: PushedConfiguration) => JSON.stringify({ lastAppliedVersion: version, err: null });
        const answer = await (this.#options.answerConfiguration ?? accept)(pushed);
        if (answer !== undefined) {
            stream.respond({ ":status": 200 });
            stream.end(answer);
        }
    }
}
