import Cloudflare from "cloudflare";
import { describe, expect, it } from "vitest";
import { CloudflareEmulator } from "../../emulator/index.ts";

const ZONE_ID = "0".repeat(31).concat("1");
const UNKNOWN_TUNNEL = "00000000-0000-4000-8000-000000000000";

/** An emulator whose zone `example.com` has a tunnel and the given records; `T` stands for the tunnel's name. */
async function emulatorWith(records: { name: string; content: string; type?: "CNAME" | "A"; proxied?: boolean }[]) {
    const emulator = await CloudflareEmulator.start({
        zones: [{ name: "example.com", id: ZONE_ID }, { name: "inner.example.com" }],
    });
    const client = new Cloudflare({ baseURL: emulator.apiBaseUrl, apiToken: emulator.apiToken, maxRetries: 0 });
    const { id: tunnelId = "" } = await client.zeroTrust.tunnels.cloudflared.create({
        account_id: emulator.accountId,
        name: "site",
        config_src: "cloudflare",
    });
    for (const { name, content, type = "CNAME", proxied = true } of records) {
        const target = content === "T" ? `${tunnelId}.cfargotunnel.com` : content;
        await client.dns.records.create({ zone_id: ZONE_ID, name, type, content: target, proxied, ttl: 1 });
    }
    return { hostnames: emulator.hostnames, tunnelId, [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose]() };
}

describe("where a hostname leads", () => {
    it("is the tunnel that its proxied record names", async () => {
        await using emulator = await emulatorWith([{ name: "app", content: "T" }]);
        const { hostnames, tunnelId } = emulator;
        expect(hostnames.targetOf("app.example.com")).toEqual({ kind: "tunnel", tunnelId });
        expect(hostnames.targetOf("other.example.com")).toBeUndefined();
        expect(hostnames.targetOf("app.example.org")).toBeUndefined();
    });

    it("is nothing where the record is not proxied, and elsewhere where it names no tunnel", async () => {
        await using emulator = await emulatorWith([
            { name: "plain", content: "T", proxied: false },
            { name: "server", content: "192.0.2.1", type: "A" },
            { name: "gone", content: `${UNKNOWN_TUNNEL}.cfargotunnel.com` },
        ]);
        expect(emulator.hostnames.targetOf("plain.example.com")).toBeUndefined();
        expect(emulator.hostnames.targetOf("server.example.com")).toEqual({ kind: "elsewhere", content: "192.0.2.1" });
        expect(emulator.hostnames.targetOf("gone.example.com")).toEqual({ kind: "tunnel", tunnelId: UNKNOWN_TUNNEL });
    });

    it("follows a wildcard for names that nothing closer stands for", async () => {
        await using emulator = await emulatorWith([
            { name: "*", content: "T" },
            { name: "plain", content: "192.0.2.1", type: "A", proxied: false },
            { name: "deep.down", content: "192.0.2.1", type: "A" },
        ]);
        const { hostnames, tunnelId } = emulator;
        const tunnel = { kind: "tunnel", tunnelId };
        expect(hostnames.targetOf("any.example.com")).toEqual(tunnel);
        expect(hostnames.targetOf("any.thing.example.com")).toEqual(tunnel);
        // RFC 4592: a name that exists, if only because another lies below it, is not the wildcard's.
        expect(hostnames.targetOf("plain.example.com")).toBeUndefined();
        expect(hostnames.targetOf("down.example.com")).toBeUndefined();
        expect(hostnames.targetOf("any.down.example.com")).toBeUndefined();
        expect(hostnames.targetOf("example.com")).toBeUndefined();
    });

    it("belongs to the innermost zone", async () => {
        await using emulator = await emulatorWith([{ name: "*", content: "T" }]);
        expect(emulator.hostnames.zoneOf("a.b.example.com")).toBe("example.com");
        expect(emulator.hostnames.zoneOf("example.com")).toBe("example.com");
        expect(emulator.hostnames.zoneOf("a.inner.example.com")).toBe("inner.example.com");
        expect(emulator.hostnames.zoneOf("notexample.com")).toBeUndefined();
        expect(emulator.hostnames.targetOf("a.inner.example.com")).toBeUndefined();
    });
});
