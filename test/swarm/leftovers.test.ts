import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { askApi } from "../../cli/cloudflareApi.ts";
import { clearLeftovers } from "../../cli/swarm/leftovers.ts";
import { CloudflareEmulator } from "../../emulator/index.ts";

const TUNNEL = "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared";
const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

interface Cut {
    readonly ids?: readonly string[];
    readonly pending?: readonly { type: string; resource: { type: string; inputs: Record<string, unknown> } }[];
}

const creating = (type: string, inputs: Record<string, unknown>) => ({ type: "creating", resource: { type, inputs } });

/** A stack whose engine tells a state in which an update was cut off. */
function stackOf({ ids = [], pending = [] }: Cut, refreshed: unknown[] = []): Stack {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-leftovers-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const command = join(folder, "pulumi");
    const state = { deployment: { resources: ids.map((id) => ({ id })), pending_operations: pending } };
    writeFileSync(join(folder, "state.json"), JSON.stringify(state));
    writeFileSync(command, `#!/bin/sh\ncat '${join(folder, "state.json")}'\n`);
    chmodSync(command, 0o700);
    return {
        name: "local.swarm.shop",
        workspace: { pulumiCommand: { command }, workDir: folder, envVars: {} },
        refresh: async (options: { clearPendingCreates?: boolean }) =>
            refreshed.push(options.clearPendingCreates ?? false),
    } as unknown as Stack;
}

/** An account with a tunnel, an application and a record of the exposure's, and things of others that look like them. */
async function account() {
    const emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }] });
    onTestFinished(() => emulator[Symbol.asyncDispose]());
    const api = { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken };
    const { accountId } = emulator;
    const [zone] = await askApi<{ id: string }[]>(api, "/zones");
    const zoneId = zone?.id ?? "";
    const make = async (path: string, body: object) => (await askApi<{ id: string }>(api, path, "POST", body)).id;
    const tunnel = (name: string) => make(`/accounts/${accountId}/cfd_tunnel`, { name, config_src: "cloudflare" });
    const application = (name: string, domain: string) =>
        make(`/accounts/${accountId}/access/apps`, { type: "self_hosted", name, domain });
    const record = (name: string, content: string) =>
        make(`/zones/${zoneId}/dns_records`, { type: "CNAME", name, content, proxied: true, ttl: 1 });
    const left = async () => {
        const lists = [
            `/accounts/${accountId}/cfd_tunnel?is_deleted=false`,
            `/accounts/${accountId}/access/apps`,
            `/zones/${zoneId}/dns_records`,
        ];
        const found = await Promise.all(lists.map((path) => askApi<{ id: string }[]>(api, path)));
        return found.flat().map(({ id }) => id);
    };
    const docker = undefined as never; // nothing of Docker's is pending, so it is not asked
    return { tunnel, application, record, left, surroundings: { api, docker, accountId, zoneId, owner: "local" } };
}

describe("what a cut-off update left", () => {
    it("is removed where it had been begun and is in no state, and nothing that merely looks like it", async () => {
        const { tunnel, application, record, left, surroundings } = await account();
        const name = "sallyport-local-shop";
        const content = "11111111-2222-4333-8444-555555555555.cfargotunnel.com";
        const orphans = [
            await tunnel(name),
            await application("local-shop", "shop.example.com"),
            await record("shop.example.com", content),
        ];
        const others = [
            await tunnel("sallyport-local-shop-2"),
            await application("local-shop", "other.example.com"),
            await application("theirs", "shop.example.com/admin"),
            await record("www.example.com", content),
        ];
        const refreshed: unknown[] = [];
        const pending = [
            creating(TUNNEL, { name }),
            creating(APPLICATION, { name: "local-shop", domain: "shop.example.com" }),
            creating(RECORD, { name: "shop.example.com", type: "CNAME", content }),
        ];
        expect(await left()).toEqual(expect.arrayContaining(orphans));
        await clearLeftovers(stackOf({ pending }, refreshed), "shop", surroundings);
        expect((await left()).sort()).toEqual(others.sort());
        // First to hold the engine's lock, then to have the state forget what is gone.
        expect(refreshed).toEqual([false, true]);
    });

    it("stays where the state knows it", async () => {
        const { tunnel, left, surroundings } = await account();
        const known = await tunnel("sallyport-local-shop");
        const pending = [creating(TUNNEL, { name: "sallyport-local-shop" })];
        await clearLeftovers(stackOf({ ids: [known], pending }), "shop", surroundings);
        expect(await left()).toEqual([known]);
    });

    it("is not looked for where nothing was under way", async () => {
        const { tunnel, left, surroundings } = await account();
        const known = await tunnel("sallyport-local-shop");
        const refreshed: unknown[] = [];
        await clearLeftovers(stackOf({}, refreshed), "shop", surroundings);
        expect([await left(), refreshed]).toEqual([[known], []]);
    });
});
