import { once } from "node:events";
import { type AnswerAroundAccess, NoTunnelError, type RequestAroundAccess } from "../../edgeControls.ts";
import type { HostnameDirectory } from "../../hostnameDirectory.ts";
import type { TunnelConnection } from "../transport/tunnelConnection.ts";
import type { TunnelEdge } from "../transport/tunnelEdge.ts";
import { breakOff } from "./breakOff.ts";
import { readConnectorAnswer } from "./responseHeaders.ts";

/** How long a connector has for its headers, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** Asks each connector of a hostname's tunnel once, with a request that carries no token. @throws NoTunnelError */
export async function askAroundAccess(
    hostnames: HostnameDirectory,
    tunnels: Pick<TunnelEdge, "connectionsOf">,
    { hostname, path }: RequestAroundAccess,
): Promise<AnswerAroundAccess[]> {
    const target = hostnames.targetOf(hostname);
    if (target?.kind !== "tunnel") {
        throw new NoTunnelError(`${hostname} leads to no tunnel.`);
    }
    const open = tunnels.connectionsOf(target.tunnelId).filter(({ isOpen }) => isOpen);
    const connectors = new Map(open.map((connection) => [connection.connector.id, connection]));
    return Promise.all([...connectors.values()].map((connection) => ask(connection, hostname, path)));
}

async function ask(connection: TunnelConnection, hostname: string, path: string): Promise<AnswerAroundAccess> {
    const stream = connection.request(
        { ":method": "GET", ":authority": hostname, ":path": path },
        { isWebSocket: false, endStream: true },
    );
    // One before the answer reaches whoever waits for it; one after it, our own breaking off included, concerns nobody.
    stream.on("error", () => {});
    try {
        const [received] = await once(stream, "response", { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
        const { status, headers } = readConnectorAnswer(received);
        return { connectorId: connection.connector.id, status, headers };
    } finally {
        breakOff(stream);
    }
}
