/** A create whose answer never came leaves one object, and the state has it. */
import { describe, expect, it } from "vitest";
import { cloudflareProvider } from "../../toolchain/fallback/providers/cloudflare/index.ts";
import { accountId, call, startEmulator, zoneId } from "../emulator/support.ts";
import { FakeEngine, type Inputs, secret } from "./support/engine.ts";

const type = (name: string) => `cloudflare:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

async function start() {
    await using started = new AsyncDisposableStack();
    const emulator = started.use(await startEmulator());
    const provider = cloudflareProvider({}, async () => undefined);
    const configuration = { apiToken: secret(emulator.apiToken), baseUrl: emulator.apiBaseUrl };
    const engine = started.use(await FakeEngine.start(provider, configuration));
    const owned = started.move();
    const list = async (path: string): Promise<string[]> =>
        (await call(emulator, "GET", path)).result.map((one: Record<string, string>) => one.id ?? one.policy_id);
    return { emulator, engine, list, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const policy: Inputs = { accountId, name: "staff", decision: "allow", includes: [{ everyone: {} }] };
const record: Inputs = {
    zoneId,
    name: "a.example.com",
    type: "CNAME",
    content: "b.example.com",
    proxied: true,
    ttl: 1,
};

describe("a create whose answer was lost", () => {
    it.each([
        ["DnsRecord", record, `/zones/${zoneId}/dns_records`],
        ["ZeroTrustAccessPolicy", policy, `/accounts/${accountId}/access/policies`],
        [
            "ZeroTrustTunnelCloudflared",
            { accountId, name: "edge", configSrc: "cloudflare" },
            `/accounts/${accountId}/cfd_tunnel`,
        ],
        [
            "ZeroTrustDeviceCustomProfile",
            { accountId, name: "office", match: 'os.name == "linux"', precedence: 10 },
            `/accounts/${accountId}/devices/policies`,
        ],
    ])("of %s makes one object, whether the connection broke or the server failed", async (name, inputs, path) => {
        for (const outcome of [{ kind: "drop" }, { kind: "status", status: 502 }] as const) {
            await using test = await start();
            test.emulator.faults.add({ method: "POST", path: "/**", outcome, when: "after", times: 1 });
            const { id } = await test.engine.create(type(name), "one", inputs);
            expect(await test.list(path)).toEqual([id]);
            expect(test.emulator.faults.all()).toMatchObject([{ struck: 1 }]);
        }
    });

    it("is found at the last try, too, and by a look that fails more often than a request may", async () => {
        await using test = await start();
        const { faults } = test.emulator;
        faults.add({ method: "POST", path: "/**", outcome: { kind: "drop" }, when: "before", times: 10 });
        faults.add({ method: "POST", path: "/**", outcome: { kind: "drop" }, when: "after", times: 1 });
        faults.add({ method: "GET", path: "/**", outcome: { kind: "status", status: 429 }, times: 15 });
        const { id } = await test.engine.create(type("ZeroTrustAccessPolicy"), "one", policy);
        expect(await test.list(`/accounts/${accountId}/access/policies`)).toEqual([id]);
        expect(faults.all().map(({ struck }) => struck)).toEqual([10, 1, 15]);
    });

    it("does not take another resource's object for its own", async () => {
        await using test = await start();
        const first = await test.engine.create(type("ZeroTrustAccessPolicy"), "first", policy);
        test.emulator.faults.add({ method: "POST", path: "/**", outcome: { kind: "drop" }, when: "before", times: 1 });
        const second = await test.engine.create(type("ZeroTrustAccessPolicy"), "second", policy);
        expect(second.id).not.toBe(first.id);
        expect(await test.list(`/accounts/${accountId}/access/policies`)).toHaveLength(2);
    });

    it("makes a token anew whose secret nobody has heard, and leaves no other", async () => {
        await using test = await start();
        test.emulator.faults.add({ method: "POST", path: "/**", outcome: { kind: "drop" }, when: "after", times: 1 });
        test.emulator.faults.add({ method: "DELETE", path: "/**", outcome: { kind: "drop" }, when: "after", times: 1 });
        const token = await test.engine.create(type("ZeroTrustAccessServiceToken"), "ci", { accountId, name: "ci" });
        expect(token.outputs).toHaveProperty("clientSecret");
        expect(await test.list(`/accounts/${accountId}/access/service_tokens`)).toEqual([token.id]);
    });
});
