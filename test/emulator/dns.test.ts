import { describe, expect, it } from "vitest";
import { accountId, all, call, clientOf, refusal, startEmulator, zoneId } from "./support.ts";

const zone_id = zoneId;

describe("zones", () => {
    it("are there from the start, found by name and by account", async () => {
        await using emulator = await startEmulator({
            zones: [{ name: "example.com", id: zoneId }, { name: "example.org" }],
        });
        const client = clientOf(emulator);
        expect(await client.zones.get({ zone_id })).toMatchObject({
            id: zoneId,
            name: "example.com",
            status: "active",
            account: { id: accountId },
        });
        const named = await all(client.zones.list({ name: "example.org" }));
        expect(named.map(({ name }) => name)).toEqual(["example.org"]);
        expect(await all(client.zones.list({ account: { id: accountId } }))).toHaveLength(2);
        expect(await all(client.zones.list({ account: { id: "f".repeat(32) } }))).toEqual([]);
    });

    it("are created once, paused and deleted with their records", async () => {
        await using emulator = await startEmulator();
        const client = clientOf(emulator);
        const zone = await client.zones.create({ name: "example.net", account: { id: accountId } });
        const again = client.zones.create({ name: "example.net", account: { id: accountId } });
        expect(await refusal(again)).toEqual({ status: 400, codes: [1061] });
        expect(await client.zones.edit({ zone_id: zone.id, paused: true })).toMatchObject({ paused: true });
        await client.dns.records.create({ zone_id: zone.id, name: "a", type: "A", content: "192.0.2.1", ttl: 1 });
        await client.zones.delete({ zone_id: zone.id });
        expect(await refusal(client.zones.get({ zone_id: zone.id }))).toEqual({ status: 404, codes: [7003, 7000] });
        expect(emulator.snapshot().contents).not.toHaveProperty(zone.id);
    });
});

describe("DNS records", () => {
    it("are created, read, replaced, changed in part and deleted", async () => {
        await using emulator = await startEmulator();
        const { records } = clientOf(emulator).dns;
        const created = await records.create({
            zone_id,
            name: "app.example.com",
            type: "CNAME",
            content: "t.cfargotunnel.com",
            proxied: true,
            ttl: 1,
            comment: "aud",
        });
        expect(created).toMatchObject({
            name: "app.example.com",
            proxied: true,
            proxiable: true,
            ttl: 1,
            comment: "aud",
            tags: [],
        });
        expect(await records.get(created.id, { zone_id })).toEqual(created);
        const replaced = await records.update(created.id, {
            zone_id,
            name: "app2.example.com",
            type: "CNAME",
            content: "u.cfargotunnel.com",
            ttl: 300,
        });
        expect(replaced).toMatchObject({
            id: created.id,
            name: "app2.example.com",
            proxied: false,
            ttl: 300,
            comment: null,
        });
        const changed = await call(emulator, "PATCH", `/zones/${zoneId}/dns_records/${created.id}`, { comment: "new" });
        expect(changed.result).toMatchObject({
            name: "app2.example.com",
            content: "u.cfargotunnel.com",
            ttl: 300,
            comment: "new",
        });
        expect(await records.delete(created.id, { zone_id })).toEqual({ id: created.id });
        expect(await refusal(records.get(created.id, { zone_id }))).toEqual({ status: 404, codes: [81044] });
    });

    it.each([
        ["@", "example.com"],
        ["www", "www.example.com"],
        ["WWW.Example.com.", "www.example.com"],
        ["*.apps", "*.apps.example.com"],
    ])("store the name %s as %s", async (given, stored) => {
        await using emulator = await startEmulator();
        const record = await clientOf(emulator).dns.records.create({
            zone_id,
            name: given,
            type: "TXT",
            content: "x",
            ttl: 1,
        });
        expect(record.name).toBe(stored);
    });

    const cname = { type: "CNAME", name: "x", content: "origin.example.org" };
    it.each([
        ["two alike", cname, cname, 81058],
        ["two CNAMEs", cname, { ...cname, content: "other.example.org" }, 81053],
        ["a CNAME beside an address", { type: "A", name: "x", content: "192.0.2.1" }, cname, 81053],
        ["an address beside a CNAME", cname, { type: "AAAA", name: "x", content: "2001:db8::1" }, 81054],
        [
            "an NS record beside another",
            { type: "TXT", name: "x", content: "t" },
            { type: "NS", name: "x", content: "ns" },
            81056,
        ],
    ])("refuse %s on one name", async (_, first, second, code) => {
        await using emulator = await startEmulator();
        const path = `/zones/${zoneId}/dns_records`;
        expect((await call(emulator, "POST", path, first)).status).toBe(200);
        expect(await call(emulator, "POST", path, second)).toMatchObject({ status: 400, errors: [{ code }] });
        expect((await call(emulator, "GET", path)).result).toHaveLength(1);
    });

    it("allow several addresses on one name, and the same record again after its deletion", async () => {
        await using emulator = await startEmulator();
        const { records } = clientOf(emulator).dns;
        const address = { zone_id, name: "x", type: "A", content: "192.0.2.1", ttl: 1 } as const;
        const first = await records.create(address);
        await records.create({ ...address, content: "192.0.2.2" });
        await records.delete(first.id, { zone_id });
        await records.create(address);
        expect(await all(records.list({ zone_id }))).toHaveLength(2);
    });

    it.each([
        [{ type: "A", content: "2001:db8::1" }, [9005]],
        [{ type: "AAAA", content: "192.0.2.1" }, [9006]],
        [{ type: "CNAME", content: "https://origin" }, [9007]],
        [{ type: "TXT", content: "x", proxied: true, ttl: 59 }, [9041, 9021]],
        [{ type: "A", content: "192.0.2.1", ttl: 86_401 }, [9021]],
        [{ type: "A", content: "192.0.2.1", colour: "red" }, [9207]],
        [{ type: "A", content: "192.0.2.1", comment: "c".repeat(501) }, [9207]],
    ])("refuse %j with every mistake in the error's chain", async (record, codes) => {
        await using emulator = await startEmulator();
        const reply = await call(emulator, "POST", `/zones/${zoneId}/dns_records`, { name: "x", ...record });
        expect(reply).toMatchObject({
            status: 400,
            errors: [{ code: 1004, error_chain: codes.map((code) => ({ code })) }],
        });
    });

    it("keep a proxied record's TTL at automatic", async () => {
        await using emulator = await startEmulator();
        const path = `/zones/${zoneId}/dns_records`;
        const record = { name: "x", type: "A", content: "192.0.2.1", proxied: true, ttl: 300 };
        expect((await call(emulator, "POST", path, record)).result.ttl).toBe(1);
    });

    it("write the content of a record that is given in parts", async () => {
        await using emulator = await startEmulator();
        const data = { priority: 1, weight: 2, port: 5060, target: "sip.example.com" };
        const reply = await call(emulator, "POST", `/zones/${zoneId}/dns_records`, {
            name: "_sip._tcp",
            type: "SRV",
            data,
        });
        expect(reply.result).toMatchObject({ content: "1 2 5060 sip.example.com", data });
    });

    it("are listed by type, name, content and comment, and page by page", async () => {
        await using emulator = await startEmulator();
        const { records } = clientOf(emulator).dns;
        for (let number = 0; number < 7; number++) {
            const content = `192.0.2.${number}`;
            await records.create({ zone_id, name: `a${number}`, type: "A", content, ttl: 1, comment: `c${number}` });
        }
        await records.create({ zone_id, name: "t", type: "TXT", content: "hello", ttl: 1 });
        expect(await all(records.list({ zone_id, type: "A" }))).toHaveLength(7);
        expect(await all(records.list({ zone_id, per_page: 3 }))).toHaveLength(8);
        expect(await all(records.list({ zone_id, name: { exact: "a3.example.com" } }))).toHaveLength(1);
        expect(await all(records.list({ zone_id, name: { startswith: "a" } }))).toHaveLength(7);
        expect(await all(records.list({ zone_id, content: { contains: "ell" } }))).toHaveLength(1);
        expect(await all(records.list({ zone_id, comment: { endswith: "5" } }))).toHaveLength(1);
        const beyond = await call(emulator, "GET", `/zones/${zoneId}/dns_records?page=4&per_page=3`);
        expect(beyond.result).toEqual([]);
        expect(beyond.result_info).toEqual({ page: 4, per_page: 3, count: 0, total_count: 8, total_pages: 3 });
    });
});

describe("the DNS route to a tunnel", () => {
    it("is new, then unchanged, and moves to another tunnel only when it may overwrite", async () => {
        await using emulator = await startEmulator();
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        const [one, two] = [
            await cloudflared.create({ account_id: accountId, name: "one" }),
            await cloudflared.create({ account_id: accountId, name: "two" }),
        ];
        const route = (tunnel: string | undefined, overwrite = false) =>
            call(emulator, "PUT", `/zones/${zoneId}/tunnels/${tunnel}/routes`, {
                type: "dns",
                user_hostname: "app.example.com",
                overwrite_existing: overwrite,
            });
        expect((await route(one.id)).result).toEqual({ cname: "new", name: "app.example.com" });
        expect((await route(one.id)).result.cname).toBe("unchanged");
        expect(await route(two.id)).toMatchObject({ status: 400, errors: [{ code: 1003 }] });
        expect((await route(two.id, true)).result.cname).toBe("updated");
        const [record, ...others] = await all(clientOf(emulator).dns.records.list({ zone_id }));
        expect(others).toEqual([]);
        expect(record).toMatchObject({ content: `${two.id}.cfargotunnel.com`, proxied: true });
        expect((await route("11111111-1111-4111-8111-111111111111")).status).toBe(404);
    });
});

it("smart routing is off until it is switched on", async () => {
    await using emulator = await startEmulator();
    const { smartRouting } = clientOf(emulator).argo;
    expect(await smartRouting.get({ zone_id })).toMatchObject({ value: "off" });
    expect(await smartRouting.edit({ zone_id, value: "on" })).toMatchObject({ value: "on" });
    expect(await smartRouting.get({ zone_id })).toMatchObject({ value: "on" });
});
