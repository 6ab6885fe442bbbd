/** An HTTP server that answers recorded requests, each once, and refuses all others. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";

interface Exchange {
    readonly method: string;
    readonly path: string;
    readonly body?: unknown;
    readonly status: number;
    readonly result: unknown;
}

export interface ReplayServer extends AsyncDisposable {
    readonly baseUrl: string;
    /** Goes on with another recording. */
    play(recording: string): void;
    /** Requests of the recording that nobody has made, as `<method> <path> <body>`. */
    readonly missing: readonly string[];
    /** Requests that are not in the recording. */
    readonly unexpected: readonly string[];
}

const PREFIX = "/client/v4";

export async function startReplayServer(): Promise<ReplayServer> {
    let exchanges: Exchange[] = [];
    const unexpected: string[] = [];
    const server = createServer(async (request, response) => {
        const body = await jsonOf(request);
        const path = (request.url ?? "").slice(PREFIX.length);
        const index = exchanges.findIndex(
            (exchange) =>
                exchange.method === request.method && exchange.path === path && isDeepStrictEqual(exchange.body, body),
        );
        const [exchange] = index === -1 ? [] : exchanges.splice(index, 1);
        if (exchange === undefined || request.headers.authorization !== "Bearer token") {
            unexpected.push(describe(request.method, path, body));
        }
        response.writeHead(exchange?.status ?? 501, { "content-type": "application/json", "x-should-retry": "false" });
        response.end(
            JSON.stringify({ success: exchange !== undefined, errors: [], messages: [], result: exchange?.result }),
        );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
        baseUrl: `http://127.0.0.1:${port}${PREFIX}`,
        play(recording) {
            exchanges = exchangesOf(recording);
        },
        get missing() {
            return exchanges.map(({ method, path, body }) => describe(method, path, body));
        },
        unexpected,
        [Symbol.asyncDispose]: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

/** The recorded exchanges of one run. */
export function exchangesOf(recording: string): Exchange[] {
    const text = readFileSync(new URL(`../fixtures/${recording}.jsonl`, import.meta.url), "utf8");
    return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
}

function describe(method: string | undefined, path: string, body: unknown): string {
    return `${method} ${path} ${JSON.stringify(body) ?? ""}`;
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
    let text = "";
    for await (const chunk of request) {
        text += chunk;
    }
    return text === "" ? undefined : JSON.parse(text);
}
