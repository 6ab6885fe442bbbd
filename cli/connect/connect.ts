import { once } from "node:events";
import type { Server } from "node:net";
import { ensureTool, type Progress } from "../../toolchain/index.ts";
import { localEdge, proxyToEdge } from "../edgeProxy.ts";
import { askEdge } from "../edgeRequest.ts";
import { Mistakes } from "../mistakes.ts";
import { BAD_HANDSHAKE, explainAnswer } from "./accessLog.ts";
import { type Catalogue, portOf } from "./catalogue.ts";
import { checkedSource, type TokenSource, tokenHeaders } from "./credentials.ts";
import { Forward, type ForwardEvent } from "./forward.ts";
import { clientsWord } from "./print.ts";
import { takePorts, type WantedApp, wantedApps } from "./request.ts";

export interface ConnectOptions {
    readonly names: readonly string[];
    /** Local ports that were asked for, by name. */
    readonly localPorts: ReadonlyMap<string, number>;
    readonly catalogue: Catalogue;
    /** File with the service token. */
    readonly tokenFile: string | undefined;
    readonly environment: NodeJS.ProcessEnv;
    readonly progress: Progress;
    /** Hears what happens at an app's port. */
    readonly onEvent: (name: string, event: ForwardEvent) => void;
}

/** One open local port, a part of `sallyport connect --json`. */
export interface Connection {
    readonly name: string;
    readonly hostname: string;
    readonly protocol: string;
    /** Where clients connect to. */
    readonly local: string;
    readonly connectionString: string;
}

/** The open ports; they close, and cloudflared ends, when it is disposed of. */
export interface Connections extends AsyncDisposable {
    readonly connections: readonly Connection[];
}

/**
 * Opens a local port for each app.
 *
 * @throws CommandError (exit 2) with every mistake in what was asked for, before anything is started.
 */
export async function connectApps(options: ConnectOptions): Promise<Connections> {
    const { names, localPorts, catalogue, tokenFile, environment, progress, onEvent } = options;
    await using opened = new AsyncDisposableStack();
    const mistakes = new Mistakes();
    const apps = wantedApps(names, localPorts, catalogue, mistakes);
    const token = checkedSource(tokenFile, environment, mistakes);
    const servers = await takePorts(apps, mistakes);
    for (const server of servers.values()) {
        opened.defer(() => closeUnused(server));
    }
    mistakes.throwIfAny();

    const { path: executable } = await ensureTool("cloudflared", { progress });
    const { edge } = catalogue;
    const proxy = edge === undefined ? undefined : opened.use(await proxyToEdge(edge));
    const connections = [...servers].map(([app, server]): Connection => {
        const forward = opened.use(
            new Forward({
                server,
                executable,
                host: edge === undefined ? app.hostname : `${app.hostname}:${portOf(edge)}`,
                token,
                env: proxy?.env ?? {},
                onEvent: (event) => void explained(event, app, token, edge).then((said) => onEvent(app.name, said)),
            }),
        );
        return {
            name: app.name,
            hostname: app.hostname,
            protocol: app.protocol,
            local: `127.0.0.1:${forward.port}`,
            connectionString: clientsWord(app, forward.port),
        };
    });
    const owned = opened.move();
    return { connections, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Ports that were taken before a mistake was found, or that a forward has closed already. */
async function closeUnused(server: Server): Promise<void> {
    if (server.listening) {
        server.close();
        await once(server, "close");
    }
}

/** cloudflared does not say what the edge answered, so the edge is asked again. */
async function explained(
    event: ForwardEvent,
    { hostname }: WantedApp,
    source: TokenSource,
    edge: Catalogue["edge"],
): Promise<ForwardEvent> {
    if (event.kind !== "failed" || event.error !== BAD_HANDSHAKE) {
        return event;
    }
    try {
        const token = source();
        const answer = await askEdge(localEdge(edge), { hostname, path: "" }, tokenHeaders(token));
        return { kind: "failed", error: explainAnswer(answer, token !== undefined) };
    } catch {
        return event; // it cannot be asked now; cloudflared's own word is all there is
    }
}
