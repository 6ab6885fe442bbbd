import { describe, expect, it } from "vitest";
import { accountId, call, clientOf, startEmulator, zoneId } from "./support.ts";

const since = "2000-01-01";
const before = "2100-01-01T00:00:00Z";

describe("the account's audit log", () => {
    it("tells Cloudflare's own client of every change, newest first, with what it was about and who asked", async () => {
        await using emulator = await startEmulator();
        const client = clientOf(emulator);
        const group = { name: "staff", include: [{ email: { email: "ada@example.com" } }] };
        const { id = "" } = await client.zeroTrust.access.groups.create({ account_id: accountId, ...group });
        await client.zeroTrust.access.groups.update(id, { account_id: accountId, ...group, name: "people" });
        await call(emulator, "POST", `/zones/${zoneId}/dns_records`, { type: "Z" });
        await client.zeroTrust.access.groups.get(id, { account_id: accountId });
        const entries = [];
        for await (const entry of client.accounts.logs.audit.list({ account_id: accountId, since, before, limit: 1 })) {
            entries.push(entry);
        }
        expect(entries).toMatchObject([
            {
                action: { type: "create", result: "failure" },
                raw: { uri: `/zones/${zoneId}/dns_records`, status_code: 400 },
                zone: { id: zoneId },
            },
            {
                action: { type: "update", result: "success" },
                resource: { id, product: "access", scope: "accounts" },
                actor: { context: "api_token", token_name: "emulator" },
                raw: { method: "PUT", user_agent: expect.stringMatching(/^Cloudflare\/JS/) },
            },
            { action: { type: "create", result: "success" }, raw: { uri: `/accounts/${accountId}/access/groups` } },
        ]);
        expect(Date.parse(entries[0]?.action?.time ?? "")).toBeGreaterThan(Date.parse("2020-01-01"));
    });

    it("keeps to the time that is asked for, and demands one", async () => {
        await using emulator = await startEmulator();
        await call(emulator, "POST", `/accounts/${accountId}/access/groups`, {});
        const listed = async (query: string) => call(emulator, "GET", `/accounts/${accountId}/logs/audit?${query}`);
        expect((await listed(`since=${since}&before=${before}`)).result).toHaveLength(1);
        expect((await listed(`since=2099-12-31&before=${before}`)).result).toEqual([]);
        expect((await listed(`since=${since}&before=2000-01-02`)).result).toEqual([]);
        expect(await listed(`since=yesterday&before=${before}`)).toMatchObject({ status: 400, success: false });
        expect(await listed("")).toMatchObject({ status: 400, success: false });
    });

    it("holds no secret, and nothing of another account's zones", async () => {
        await using emulator = await startEmulator();
        const tunnel_secret = Buffer.alloc(32, "planted").toString("base64");
        await call(emulator, "POST", `/accounts/${accountId}/cfd_tunnel`, { name: "t", tunnel_secret });
        await call(emulator, "POST", `/zones/${"c".repeat(32)}/dns_records`, {});
        const { result } = await call(
            emulator,
            "GET",
            `/accounts/${accountId}/logs/audit?since=${since}&before=${before}`,
        );
        expect(result).toHaveLength(1);
        expect(JSON.stringify(result)).not.toContain(tunnel_secret);
    });
});
