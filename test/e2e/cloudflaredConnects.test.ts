import { once } from "node:events";
import { beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority, type TunnelConnection, type TunnelEdge } from "../../emulator/edge/index.ts";
import { ensureTool, silentProgress, TOOLS } from "../../toolchain/index.ts";
import { CloudflaredProcess } from "../edge/support/cloudflaredProcess.ts";
import { REQUEST } from "../edge/support/connectorMessages.ts";
import { EdgeUnderTest, TUNNEL_ID } from "../edge/support/edgeUnderTest.ts";
import { metricsRead, missing } from "../observability/expressions.ts";

const HOSTNAME = "app.example.com";

/** A configuration in which the connector itself answers the hostname with this status. */
function answering(status: number) {
    return { ingress: [{ hostname: HOSTNAME, service: `http_status:${status}` }, { service: "http_status:404" }] };
}

let cloudflared: string;

beforeAll(async () => {
    cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
});

/** Runs the real connector against an edge, told the edge's addresses as often as it takes to have four. */
function connectTo({ edge }: EdgeUnderTest, secret: Uint8Array = REQUEST.tunnelSecret): Promise<CloudflaredProcess> {
    const addresses = Array.from({ length: 4 }, (_, i) => edge.addresses[i % edge.addresses.length] ?? "");
    return CloudflaredProcess.start({
        path: cloudflared,
        edge: addresses,
        caPem: edge.caPem,
        accountTag: REQUEST.accountTag,
        tunnelId: TUNNEL_ID,
        secret,
    });
}

/** Resolves once `count` of the tunnel's connections fulfil the condition; looks again at every event of the edge. */
function untilConnections(
    edge: TunnelEdge,
    count: number,
    condition: (connection: TunnelConnection) => boolean,
): Promise<void> {
    return new Promise((resolve) => {
        const look = () => edge.connectionsOf(TUNNEL_ID).filter(condition).length === count && resolve();
        edge.on("connected", look);
        edge.on("configured", look);
        edge.on("disconnected", look);
        look();
    });
}

const runsVersion = (version: number) => (connection: TunnelConnection) =>
    connection.configuration.acknowledgedVersion === version;

async function statusOf(connection: TunnelConnection | undefined): Promise<unknown> {
    const stream = connection?.request({ ":method": "GET", ":authority": HOSTNAME, ":path": "/" }, { endStream: true });
    if (stream === undefined) {
        return "no connection";
    }
    const [headers] = await once(stream.resume(), "response");
    return headers[":status"];
}

/** What it serves under `/metrics`, on the port that its log names. */
async function metricsOf({ log }: CloudflaredProcess): Promise<string> {
    const [, address] = /Starting metrics server on (\S+)\/metrics/.exec(log.join("\n")) ?? [];
    return (await fetch(`http://${address}/metrics`)).text();
}

describe("an unmodified cloudflared", () => {
    it("opens four connections, follows the configuration, and leaves at once when it is stopped", async () => {
        await using edge = await EdgeUnderTest.start({ addresses: ["127.0.0.1:0", "127.0.0.1:0"] });
        edge.directory.configure(TUNNEL_ID, answering(201));
        await using connector = await connectTo(edge);
        await untilConnections(edge.edge, 4, runsVersion(0));

        const [client] = edge.published;
        expect(edge.published).toHaveLength(1);
        expect(client).toMatchObject({ version: TOOLS.cloudflared.version, configVersion: 0 });
        expect(client?.features).toContain("allow_remote_config");
        const connections = edge.edge.connectionsOf(TUNNEL_ID);
        expect(connections.map(({ connIndex }) => connIndex).toSorted()).toEqual([0, 1, 2, 3]);
        expect(await Promise.all(connections.map(statusOf))).toEqual([201, 201, 201, 201]);

        edge.directory.configure(TUNNEL_ID, answering(202));
        await untilConnections(edge.edge, 4, runsVersion(1));
        expect(await Promise.all(connections.map(statusOf))).toEqual([202, 202, 202, 202]);

        // Durations are numbers of seconds here; a connector that cannot read its configuration keeps the one before.
        edge.directory.configure(TUNNEL_ID, { ...answering(203), originRequest: { connectTimeout: "30s" } });
        await untilConnections(edge.edge, 4, ({ configuration }) => configuration.refusal !== undefined);
        expect(connections[0]?.configuration).toEqual({
            acknowledgedVersion: 1,
            refusal: "the connector did not take version 2; the reason is in the connector's log",
        });
        expect(await statusOf(connections[0])).toBe(202);

        // Whoever watches it with the example's rules and dashboard finds everything that they name.
        expect(metricsRead("cloudflared_").size).toBeGreaterThan(6);
        expect(missing("cloudflared_", await metricsOf(connector))).toEqual([]);

        const reasons: string[] = [];
        edge.edge.on("disconnected", ({ reason }) => reasons.push(reason));
        const { exitCode, tookMs } = await connector.terminate();
        expect(exitCode).toBe(0);
        // cloudflared would wait 30 s for an edge that does not close the connection.
        expect(tookMs).toBeLessThan(10_000);
        expect(reasons).toEqual(Array(4).fill("unregistered"));
        expect(edge.published).toEqual([]);
    });

    it("is refused with a wrong secret, says so, tries again, and connects once the secret is right", async () => {
        await using edge = await EdgeUnderTest.start();
        const secret = Buffer.alloc(32, 9);
        const refusals: string[] = [];
        const twice = new Promise<void>((resolve) =>
            edge.edge.on("refused", ({ cause }) => refusals.push(cause) === 2 && resolve()),
        );
        await using connector = await connectTo(edge, secret);
        await twice;
        expect(refusals).toEqual(Array(2).fill("Unauthorized: Invalid tunnel secret"));
        expect(connector.log.join("\n")).toContain("Unauthorized: Invalid tunnel secret");
        expect(connector.hasExited).toBe(false);
        expect(edge.published).toEqual([]);

        edge.directory.addTunnel(TUNNEL_ID, { accountTag: REQUEST.accountTag, secret, isRemotelyManaged: true });
        await untilConnections(edge.edge, 4, ({ isOpen }) => isOpen);
    });

    it("comes back by itself after the edge was restarted, and gets what was configured meanwhile", async () => {
        const certificateAuthority = await CertificateAuthority.open();
        const first = await EdgeUnderTest.start({ certificateAuthority });
        first.directory.configure(TUNNEL_ID, answering(201));
        await using connector = await connectTo(first);
        await untilConnections(first.edge, 4, runsVersion(0));
        const [before] = first.published;
        await first[Symbol.asyncDispose]();

        const { directory } = first;
        await using second = await EdgeUnderTest.start({
            certificateAuthority,
            directory,
            addresses: first.edge.addresses,
        });
        directory.configure(TUNNEL_ID, answering(200));
        directory.configure(TUNNEL_ID, answering(202));
        await untilConnections(second.edge, 4, ({ configuration }) => configuration.acknowledgedVersion !== undefined);
        expect(connector.hasExited).toBe(false);
        // The same process, under the id that it had before.
        expect(second.published[0]?.id).toBe(before?.id);
        expect(await statusOf(second.edge.connectionsOf(TUNNEL_ID)[0])).toBe(202);
    });
});
