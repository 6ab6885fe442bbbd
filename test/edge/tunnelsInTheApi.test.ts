import Cloudflare from "cloudflare";
import { describe, expect, it } from "vitest";
import { TunnelEdge } from "../../emulator/edge/index.ts";
import { CloudflareEmulator } from "../../emulator/index.ts";
import { REQUEST } from "./support/connectorMessages.ts";
import { FakeConnector, type FakeConnectorOptions } from "./support/fakeConnector.ts";

const SECRET = Buffer.alloc(32, 5);
/** The client's types ask for a hostname in every rule; the API wants none in the last. */
type Rules = { hostname: string; service: string }[];
const INGRESS = [{ hostname: "a.example.com", service: "http://a" }, { service: "http_status:404" }] as Rules;

/** The API and the edge together, with one remotely managed tunnel made through the API. */
async function startBoth() {
    const emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }] });
    const edge = await TunnelEdge.start({ addresses: ["127.0.0.1:0"], directory: emulator.directory });
    const client = new Cloudflare({ baseURL: emulator.apiBaseUrl, apiToken: emulator.apiToken, maxRetries: 0 });
    const account = { account_id: emulator.accountId };
    const tunnels = client.zeroTrust.tunnels.cloudflared;
    const { id: tunnelId = "" } = await tunnels.create({
        ...account,
        name: "site",
        config_src: "cloudflare",
        tunnel_secret: SECRET.toString("base64"),
    });
    const request = { accountTag: emulator.accountId, tunnelId, tunnelSecret: SECRET };
    return {
        edge,
        tunnels,
        account,
        tunnelId,
        connect: (options: FakeConnectorOptions["request"] = {}) =>
            FakeConnector.connect(
                { address: edge.addresses[0] ?? "", caPem: edge.caPem },
                { request: { ...request, ...options } },
            ),
        status: async () => (await tunnels.get(tunnelId, account)).status,
        next: (event: "configured" | "disconnected") =>
            new Promise<void>((resolve) => {
                const unsubscribe = edge.on(event, () => {
                    unsubscribe();
                    resolve();
                });
            }),
        async [Symbol.asyncDispose]() {
            await edge[Symbol.asyncDispose]();
            await emulator[Symbol.asyncDispose]();
        },
    };
}

describe("the API", () => {
    it("shows who is connected, and the configuration that is acknowledged", async () => {
        await using both = await startBoth();
        const { tunnels, account, tunnelId } = both;
        expect(await both.status()).toBe("inactive");
        await using connector = await both.connect();
        await connector.registration();
        const configured = both.next("configured");
        await tunnels.configurations.update(tunnelId, { ...account, config: { ingress: INGRESS } });
        await configured;
        expect(connector.configurations.at(-1)?.config).toMatchObject({ ingress: INGRESS });

        const { result } = await tunnels.connections.get(tunnelId, account);
        expect(result).toEqual([
            expect.objectContaining({
                id: REQUEST.client.id,
                version: "2025.2.0",
                arch: "linux_amd64",
                config_version: connector.configurations.at(-1)?.version,
            }),
        ]);
        const [connection] = both.edge.connectionsOf(tunnelId);
        expect(result[0]?.conns?.map(({ id }) => id)).toEqual([connection?.id]);
        expect(["healthy", "degraded"]).toContain(await both.status());
    });

    it("refuses to delete a tunnel that is connected, until its connector has gone", async () => {
        await using both = await startBoth();
        const { tunnels, account, tunnelId } = both;
        await using connector = await both.connect();
        await connector.registration();
        await expect(tunnels.delete(tunnelId, account)).rejects.toThrow("active connections");
        const gone = both.next("disconnected");
        await connector.unregister();
        await gone;
        expect(await both.status()).toBe("down");
        await tunnels.delete(tunnelId, account);
        await using late = await both.connect();
        expect(await late.registration()).toMatchObject({ cause: "Unauthorized: Failed to get tunnel" });
    });

    it("drops a tunnel's connections when it is asked to", async () => {
        await using both = await startBoth();
        const { tunnels, account, tunnelId } = both;
        await using connector = await both.connect();
        await connector.registration();
        await tunnels.connections.delete(tunnelId, account);
        await connector.closed;
        expect(both.edge.connectionsOf(tunnelId)).toEqual([]);
    });

    it("takes a changed secret for new connections, and leaves those that are there", async () => {
        await using both = await startBoth();
        const { tunnels, account, tunnelId } = both;
        await using connector = await both.connect();
        await connector.registration();
        const secret = Buffer.alloc(32, 6);
        await tunnels.edit(tunnelId, { ...account, tunnel_secret: secret.toString("base64") });
        await using old = await both.connect({ connIndex: 1 });
        expect(await old.registration()).toMatchObject({ cause: "Unauthorized: Invalid tunnel secret" });
        await using fresh = await both.connect({ connIndex: 1, tunnelSecret: secret });
        expect(await fresh.registration()).toMatchObject({ kind: "registered", isRemotelyManaged: true });
        expect(both.edge.connectionsOf(tunnelId)).toHaveLength(2);
    });
});
