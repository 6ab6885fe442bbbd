import { describe, expect, it } from "vitest";
import type { CloudflareEmulator, TunnelClient, TunnelDirectoryEvents } from "../../emulator/index.ts";
import { accountId, all, call, clientOf, refusal, startEmulator } from "./support.ts";

const account_id = accountId;
const secret = Buffer.alloc(32, 7);
const path = `/accounts/${accountId}/cfd_tunnel`;

function connector(id: string, connections: number, isPendingReconnect = false): TunnelClient {
    return {
        id,
        version: "2025.2.0",
        arch: "linux_amd64",
        features: ["ha-origin"],
        runAt: new Date("2026-01-01T00:00:00Z"),
        configVersion: 3,
        connections: Array.from({ length: connections }, (_, index) => ({
            id: `${id}-${index}`,
            coloName: "loc01",
            originIp: "192.0.2.7",
            openedAt: new Date("2026-01-01T00:00:00Z"),
            isPendingReconnect,
        })),
    };
}

async function newTunnel(emulator: CloudflareEmulator): Promise<string> {
    const body = { name: "edge", config_src: "cloudflare", tunnel_secret: secret.toString("base64") };
    return (await call(emulator, "POST", path, body)).result.id;
}

/** Everything that the directory tells the edge, in order. */
function recorded({ directory }: CloudflareEmulator): [string, unknown][] {
    const seen: [string, unknown][] = [];
    const events: (keyof TunnelDirectoryEvents)[] = ["configuration", "secret", "disconnect", "deleted"];
    for (const event of events) {
        directory.on(event, (detail) => seen.push([event, detail]));
    }
    return seen;
}

describe("a connector's credentials", () => {
    it("are good with the tunnel's account, id and secret, and with nothing else", async () => {
        await using emulator = await startEmulator();
        const id = await newTunnel(emulator);
        const { directory } = emulator;
        expect(directory.authenticate(accountId, id, secret)).toBe("ok");
        expect(directory.authenticate(accountId, id, Buffer.alloc(32, 8))).toBe("wrong-secret");
        expect(directory.authenticate(accountId, id, secret.subarray(1))).toBe("wrong-secret");
        expect(directory.authenticate("c".repeat(32), id, secret)).toBe("unknown-tunnel");
        expect(directory.authenticate(accountId, "nothing", secret)).toBe("unknown-tunnel");
        await call(emulator, "DELETE", `${path}/${id}`);
        expect(directory.authenticate(accountId, id, secret)).toBe("unknown-tunnel");
        expect(directory.isRemotelyManaged(id)).toBe(false);
    });

    it("change with the tunnel's secret", async () => {
        await using emulator = await startEmulator();
        const id = await newTunnel(emulator);
        const seen = recorded(emulator);
        const other = Buffer.alloc(32, 9);
        await call(emulator, "PATCH", `${path}/${id}`, { name: "renamed" });
        expect(seen).toEqual([]);
        await call(emulator, "PATCH", `${path}/${id}`, { tunnel_secret: other.toString("base64") });
        expect(seen).toEqual([["secret", { tunnelId: id }]]);
        expect(emulator.directory.authenticate(accountId, id, secret)).toBe("wrong-secret");
        expect(emulator.directory.authenticate(accountId, id, other)).toBe("ok");
    });
});

it("the edge learns of each new configuration, and can ask for the present one", async () => {
    await using emulator = await startEmulator();
    const id = await newTunnel(emulator);
    expect(emulator.directory.isRemotelyManaged(id)).toBe(true);
    expect(emulator.directory.configuration(id)).toBeUndefined();
    const seen = recorded(emulator);
    const config = { ingress: [{ service: "http_status:404" }] };
    await call(emulator, "PUT", `${path}/${id}/configurations`, { config });
    expect(seen).toEqual([
        ["configuration", { tunnelId: id, configuration: expect.objectContaining({ version: 1, config }) }],
    ]);
    expect(emulator.directory.configuration(id)).toMatchObject({ version: 1, config });
});

it("a listener that was taken off hears nothing more", async () => {
    await using emulator = await startEmulator();
    const heard: string[] = [];
    const off = emulator.directory.on("deleted", ({ tunnelId }) => heard.push(tunnelId));
    const first = await newTunnel(emulator);
    await call(emulator, "DELETE", `${path}/${first}`);
    off();
    const second = await newTunnel(emulator);
    await call(emulator, "DELETE", `${path}/${second}`);
    expect(heard).toEqual([first]);
});

describe("a tunnel with connectors", () => {
    it("is healthy, then degraded, then down, and never inactive again", async () => {
        const times = ["01", "02", "03", "04"].map((day) => new Date(`2026-01-${day}T00:00:00Z`));
        let now = times[0] as Date;
        await using emulator = await startEmulator({ clock: () => now });
        const id = await newTunnel(emulator);
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        now = times[1] as Date;
        emulator.directory.connectionsChanged(id, [connector("one", 2), connector("two", 2)]);
        const healthy = await cloudflared.get(id, { account_id });
        expect(healthy).toMatchObject({
            status: "healthy",
            conns_active_at: "2026-01-02T00:00:00.000Z",
            conns_inactive_at: null,
        });
        expect(healthy.connections?.map(({ client_id }) => client_id)).toEqual(["one", "one", "two", "two"]);
        now = times[2] as Date;
        emulator.directory.connectionsChanged(id, [connector("one", 1, true)]);
        expect(await cloudflared.get(id, { account_id })).toMatchObject({
            status: "degraded",
            conns_active_at: "2026-01-02T00:00:00.000Z",
        });
        now = times[3] as Date;
        emulator.directory.connectionsChanged(id, []);
        expect(await cloudflared.get(id, { account_id })).toMatchObject({
            status: "down",
            connections: [],
            conns_active_at: null,
            conns_inactive_at: "2026-01-04T00:00:00.000Z",
        });
    });

    it("lists them with their connections", async () => {
        await using emulator = await startEmulator();
        const id = await newTunnel(emulator);
        emulator.directory.connectionsChanged(id, [connector("one", 1)]);
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        const expected = {
            id: "one",
            arch: "linux_amd64",
            version: "2025.2.0",
            features: ["ha-origin"],
            run_at: "2026-01-01T00:00:00.000Z",
            config_version: 3,
            conns: [
                {
                    id: "one-0",
                    uuid: "one-0",
                    client_id: "one",
                    client_version: "2025.2.0",
                    colo_name: "loc01",
                    is_pending_reconnect: false,
                    opened_at: "2026-01-01T00:00:00.000Z",
                    origin_ip: "192.0.2.7",
                },
            ],
        };
        expect(await all(cloudflared.connections.get(id, { account_id }))).toEqual([expected]);
        const uuid = "22222222-2222-4222-8222-222222222222";
        emulator.directory.connectionsChanged(id, [connector(uuid, 1)]);
        expect(await cloudflared.connectors.get(uuid, { account_id, tunnel_id: id })).toMatchObject({ id: uuid });
        const missing = cloudflared.connectors.get("33333333-3333-4333-8333-333333333333", {
            account_id,
            tunnel_id: id,
        });
        expect(await refusal(missing)).toMatchObject({ status: 404 });
    });

    it("cannot be deleted until they have gone, except with cascade", async () => {
        await using emulator = await startEmulator();
        const id = await newTunnel(emulator);
        emulator.directory.connectionsChanged(id, [connector("one", 1)]);
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        expect(await refusal(cloudflared.delete(id, { account_id }))).toEqual({ status: 400, codes: [1022] });
        const seen = recorded(emulator);
        expect((await call(emulator, "DELETE", `${path}/${id}?cascade=true`)).status).toBe(200);
        expect(seen).toEqual([["deleted", { tunnelId: id }]]);
        // The edge may report the last of a tunnel that is gone: nobody minds.
        emulator.directory.connectionsChanged(id, []);
        expect((await cloudflared.get(id, { account_id })).connections).toEqual([]);
    });

    it("asks the edge to close connections, all of them or one connector's", async () => {
        await using emulator = await startEmulator();
        const id = await newTunnel(emulator);
        const seen = recorded(emulator);
        await call(emulator, "DELETE", `${path}/${id}/connections`);
        await call(emulator, "DELETE", `${path}/${id}/connections?client_id=one`);
        expect(seen).toEqual([
            ["disconnect", { tunnelId: id, clientId: undefined }],
            ["disconnect", { tunnelId: id, clientId: "one" }],
        ]);
    });

    it("keeps them over a restore that keeps it, and loses them with a restore that does not", async () => {
        await using emulator = await startEmulator();
        const empty = emulator.snapshot();
        const id = await newTunnel(emulator);
        await call(emulator, "PUT", `${path}/${id}/configurations`, { config: {} });
        emulator.directory.connectionsChanged(id, [connector("one", 1)]);
        const before = emulator.snapshot();
        await call(emulator, "PUT", `${path}/${id}/configurations`, { config: {} });
        const seen = recorded(emulator);
        emulator.restore(before);
        expect(seen).toEqual([
            ["configuration", { tunnelId: id, configuration: expect.objectContaining({ version: 1 }) }],
        ]);
        expect((await call(emulator, "GET", `${path}/${id}`)).result).toMatchObject({ status: "healthy" });
        seen.length = 0;
        emulator.restore(empty);
        expect(seen).toEqual([["deleted", { tunnelId: id }]]);
        emulator.restore(before);
        expect((await call(emulator, "GET", `${path}/${id}`)).result).toMatchObject({ status: "down" });
    });
});
