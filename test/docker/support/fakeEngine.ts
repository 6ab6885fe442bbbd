import { mkdtemp, rm } from "node:fs/promises";
import {
    createServer,
    type IncomingHttpHeaders,
    type IncomingMessage,
    type Server,
    type ServerResponse,
} from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the engine says to a request: a body with status 200, or a status of its own, or nothing at all. */
export type Answer = Reply | ((request: RecordedRequest) => Reply);
export type Reply = { readonly status?: number; readonly body?: unknown } | "silence";

export interface RecordedRequest {
    readonly method: string;
    /** Without the query. */
    readonly path: string;
    readonly query: URLSearchParams;
    readonly body: string;
    readonly headers: IncomingHttpHeaders;
}

/** A Docker engine that knows only what it is told, on a Unix socket in a folder of its own. */
export class FakeEngine implements AsyncDisposable {
    readonly folder: string;
    readonly socket: string;
    readonly requests: RecordedRequest[] = [];
    readonly #server: Server;
    readonly #answers = new Map<string, Answer>([["GET /version", { body: { Version: "20.10.24" } }]]);

    private constructor(folder: string) {
        this.folder = folder;
        this.socket = join(folder, "docker.sock");
        this.#server = createServer((request, response) => void this.#respond(request, response));
    }

    static async start(answers: Readonly<Record<string, Answer>> = {}): Promise<FakeEngine> {
        const engine = new FakeEngine(await mkdtemp(join(tmpdir(), "engine-")));
        for (const [request, answer] of Object.entries(answers)) engine.answer(request, answer);
        await new Promise<void>((resolve) => engine.#server.listen(engine.socket, resolve));
        return engine;
    }

    get host(): string {
        return `unix://${this.socket}`;
    }

    /** @param request method and path, for example `GET /info` */
    answer(request: string, answer: Answer): void {
        this.#answers.set(request, answer);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise((resolve) => this.#server.close(resolve));
        await rm(this.folder, { recursive: true });
    }

    async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://engine");
        const recorded = {
            method: request.method ?? "",
            path: pathname,
            query: searchParams,
            body: Buffer.concat(chunks).toString(),
            headers: request.headers,
        };
        this.requests.push(recorded);
        const answer = this.#answers.get(`${recorded.method} ${recorded.path}`) ?? {
            status: 404,
            body: { message: `no answer to ${recorded.method} ${recorded.path}` },
        };
        const reply = typeof answer === "function" ? answer(recorded) : answer;
        if (reply === "silence") return;
        response.writeHead(reply.status ?? 200, { "content-type": "application/json" });
        // The engine ends each message of a stream with a line feed, and dockerode waits for it.
        response.end(reply.body === undefined ? "" : `${JSON.stringify(reply.body)}\n`);
    }
}
