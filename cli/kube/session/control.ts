import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { json } from "node:stream/consumers";
import { type TokenSource, tokenSource } from "../../connect/credentials.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { ProcessRef } from "../kubeconfig/lock.ts";
import { Ask, namesMessage, openMessage, type RefusalMessage, refusalMessage, type TokenOrigin } from "./messages.ts";
import { socketOf } from "./records.ts";
import type { KubeSession } from "./session.ts";
import type { TunnelView } from "./state.ts";

/** A session changes kubeconfigs at most, and waits for their locks: milliseconds. */
const ANSWER_WITHIN_MS = 30_000;
/** Paths of sockets are short (unix(7): sun_path of 108 bytes, 104 on macOS, with a closing zero). */
const LONGEST_SOCKET_PATH = 103;

/** Lets other commands of the same user ask the session. Over a socket in a folder that only its owner enters, so it asks nobody who they are. */
export async function serveSession(
    session: KubeSession,
    self: ProcessRef,
    onLast: () => void,
): Promise<AsyncDisposable> {
    const path = socketOf(self);
    if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) {
        const fix = "set SALLYPORT_HOME to the absolute path of a folder with a shorter name";
        throw new CommandError(Exit.usage, `${path} is too long for a socket's path`, fix);
    }
    const server = createServer((incoming, response) => {
        void answer(session, incoming, response).then((isOver) => isOver && onLast());
    });
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    server.listen(path);
    await once(server, "listening");
    return {
        async [Symbol.asyncDispose]() {
            server.close();
            server.closeAllConnections();
            await once(server, "close");
        },
    };
}

/** @returns whether nothing is open any longer, once the answer is on its way. */
async function answer(session: KubeSession, incoming: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const [status, content] = await result(session, incoming);
    response.writeHead(status, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(content));
    await once(response, "close");
    return incoming.url === Ask.Close && session.views.length === 0;
}

async function result(session: KubeSession, incoming: IncomingMessage): Promise<[number, unknown]> {
    try {
        return [200, await act(session, incoming.url as Ask, await json(incoming))];
    } catch (error) {
        const { message, exit = Exit.failed, fix } = error as CommandError;
        return [500, { message, exit, ...(fix === undefined ? {} : { fix }) } satisfies RefusalMessage];
    }
}

async function act(session: KubeSession, ask: Ask, message: unknown): Promise<readonly TunnelView[]> {
    switch (ask) {
        case Ask.Open: {
            const { clusters, kubeconfig, token } = openMessage.parse(message);
            await session.open(clusters, kubeconfig, sourceOf(token));
            break;
        }
        case Ask.Login:
            for (const name of namesMessage.parse(message).names) {
                session.askAgain(name);
            }
            break;
        case Ask.Close:
            await session.close(namesMessage.parse(message).names);
            break;
        case Ask.Views:
    }
    return session.views;
}

/** A token that was in a command's environment stays the same; a file is read anew for each connection. */
export function sourceOf(origin: TokenOrigin): TokenSource {
    return "file" in origin ? tokenSource(origin.file, {}) : () => origin.token;
}

/** Asks a running session; it answers with how its tunnels are then. @throws CommandError with what it says, or when it says nothing */
export async function askSession(session: ProcessRef, ask: Ask, message: object = {}): Promise<TunnelView[]> {
    const outgoing = request({
        ...{ socketPath: socketOf(session), path: ask, method: "POST", agent: false },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    outgoing.end(JSON.stringify(message));
    let response: IncomingMessage;
    let content: unknown;
    try {
        [response] = (await once(outgoing, "response")) as [IncomingMessage];
        content = await json(response);
    } catch (error) {
        const fix = `end it with \`kill ${session.pid}\` and connect again`;
        throw new CommandError(Exit.failed, `the session (process ${session.pid}) does not answer`, fix, {
            cause: error,
        });
    }
    if (response.statusCode === 200) {
        return content as TunnelView[];
    }
    const { message: words, exit, fix } = refusalMessage.parse(content);
    throw new CommandError(exit as Exit, words, fix);
}
