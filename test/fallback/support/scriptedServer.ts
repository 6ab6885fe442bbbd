/** An HTTP server that answers from a script, one answer a request, and keeps what it was asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly result?: unknown;
    /** The envelope's `result_info`. */
    readonly info?: unknown;
    /** The whole answer, in place of Cloudflare's envelope round `result`. */
    readonly body?: unknown;
    /** The same where it is no JSON. */
    readonly text?: string;
    /** Closes the connection without an answer. */
    readonly drop?: boolean;
}

export interface Asked {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: unknown;
}

export interface ScriptedServer extends AsyncDisposable {
    readonly baseUrl: string;
    readonly asked: readonly Asked[];
}

export async function startScriptedServer(answers: readonly Answer[]): Promise<ScriptedServer> {
    const script = [...answers];
    const asked: Asked[] = [];
    const server = createServer(async (request, response) => {
        let text = "";
        for await (const chunk of request) {
            text += chunk;
        }
        const { method = "", url = "", headers } = request;
        asked.push({ method, url, headers, body: text === "" ? undefined : JSON.parse(text) });
        const {
            status = 200,
            headers: extra,
            result = null,
            info,
            body,
            text: said,
            drop,
        } = script.shift() ?? { status: 501 };
        if (drop === true) {
            request.socket.destroy();
            return;
        }
        response.writeHead(status, { "content-type": "application/json", ...extra });
        if (body !== undefined || said !== undefined) {
            response.end(said ?? JSON.stringify(body));
            return;
        }
        const errors = status < 400 ? [] : [{ code: 1000, message: "no" }];
        response.end(JSON.stringify({ success: status < 400, errors, messages: [], result, result_info: info }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
        asked,
        [Symbol.asyncDispose]: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
