import { ensureTool, silentProgress } from "../../../toolchain/index.ts";
import { CloudflaredProcess } from "../../edge/support/cloudflaredProcess.ts";
import { REQUEST } from "../../edge/support/connectorMessages.ts";
import { TUNNEL_ID } from "../../edge/support/edgeUnderTest.ts";
import { HOSTNAME, PublicEdgeUnderTest } from "../../edge/support/publicEdgeUnderTest.ts";

/** Runs real connectors for the service; they have two connections each. */
export async function serveThroughTunnel(service: string, connectors = 1) {
    await using started = new AsyncDisposableStack();
    const edge = started.use(await PublicEdgeUnderTest.start());
    edge.tunnels.directory.configure(TUNNEL_ID, configuration(service));
    const { path } = await ensureTool("cloudflared", { progress: silentProgress });
    const processes: CloudflaredProcess[] = [];
    for (let i = 0; i < connectors; i++) {
        const ready = untilConfigured(edge, 2 * (i + 1));
        const process = await CloudflaredProcess.start({
            path,
            edge: Array(2).fill(edge.tunnels.endpoint.address),
            caPem: edge.caPem,
            accountTag: REQUEST.accountTag,
            tunnelId: TUNNEL_ID,
            secret: REQUEST.tunnelSecret,
        });
        processes.push(started.use(process));
        await ready;
    }
    const owned = started.move();
    return { edge, processes, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The configuration document that leads the hostname to the service. */
export function configuration(service: string, originRequest = {}) {
    return { ingress: [{ hostname: HOSTNAME, service, originRequest }, { service: "http_status:404" }] };
}

/** Resolves once so many connections have acknowledged the newest configuration. */
export function untilConfigured({ tunnels }: PublicEdgeUnderTest, count: number): Promise<void> {
    return new Promise((resolve) => {
        const look = () => {
            const newest = tunnels.directory.configuration(TUNNEL_ID)?.version;
            const upToDate = tunnels.edge
                .connectionsOf(TUNNEL_ID)
                .filter((connection) => connection.configuration.acknowledgedVersion === newest);
            if (upToDate.length === count) {
                unsubscribe();
                resolve();
            }
        };
        const unsubscribe = tunnels.edge.on("configured", look);
        look();
    });
}
