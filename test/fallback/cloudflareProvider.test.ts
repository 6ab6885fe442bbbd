/** What the Cloudflare provider makes of the API's answers: state, drift, secrets, imports, offline plans. */
import { describe, expect, it } from "vitest";
import { type Inputs, secret, UNKNOWN_OUTPUT } from "./support/engine.ts";
import { startScriptedProvider as start } from "./support/scriptedProvider.ts";

const accountId = "a".repeat(32);
const zoneId = "b".repeat(32);
const type = (name: string) => `cloudflare:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

describe("a refresh", () => {
    const group = { accountId, name: "staff", includes: [{ emailDomain: { domain: "example.com" } }] };
    const live = { id: "g", name: "staff", include: [{ email_domain: { domain: "example.com" } }] };

    it("shows a rule that somebody has added by hand", async () => {
        const result = { ...live, include: [...live.include, { everyone: {} }] };
        await using test = await start([{ result: live }, { result }]);
        const state = await test.engine.create(type("ZeroTrustAccessGroup"), "g", group);
        const refreshed = await test.engine.refresh(state);
        expect(refreshed?.inputs.includes).toEqual([{ emailDomain: { domain: "example.com" } }, { everyone: {} }]);
    });

    it("shows an exception that somebody has added where the program has none", async () => {
        const result = { ...live, exclude: [{ email: { email: "x@example.com" } }] };
        await using test = await start([{ result: live }, { result }]);
        const state = await test.engine.create(type("ZeroTrustAccessGroup"), "g", group);
        expect((await test.engine.refresh(state))?.inputs.excludes).toEqual([{ email: { email: "x@example.com" } }]);
    });

    it("shows a default that is no longer one", async () => {
        const policy = { accountId, name: "p", decision: "allow", includes: [{ everyone: {} }] };
        const answer = { id: "p", name: "p", decision: "allow", include: [{ everyone: {} }], session_duration: "24h" };
        await using test = await start([{ result: answer }, { result: { ...answer, session_duration: "720h" } }]);
        const state = await test.engine.create(type("ZeroTrustAccessPolicy"), "p", policy);
        expect((await test.engine.refresh(state))?.inputs.sessionDuration).toBe("720h");
    });

    it("takes a list of names in another order for the same list", async () => {
        const tags = { zoneId, name: "x.example.com", type: "TXT", content: '"v"', ttl: 300, tags: ["a:b", "c:d"] };
        const answer = { id: "d", ...tags, zone_id: zoneId, tags: ["c:d", "a:b"], proxied: false };
        await using test = await start([{ result: answer }, { result: answer }]);
        const state = await test.engine.create(type("DnsRecord"), "d", tags);
        expect((await test.engine.refresh(state))?.inputs).toEqual(tags);
    });

    it("drops what the API does not know any more, and stops at any other error", async () => {
        await using test = await start([{ result: live }, { status: 404 }, { status: 403 }]);
        const state = await test.engine.create(type("ZeroTrustAccessGroup"), "g", group);
        expect(await test.engine.refresh(state)).toBeUndefined();
        await expect(test.engine.refresh(state)).rejects.toThrow("403 Forbidden");
    });

    it("keeps a service token's secret, which the API shows once", async () => {
        const answer = { id: "t", name: "ci", client_id: "c.access", duration: "8760h", client_secret_version: 1 };
        await using test = await start([{ result: { ...answer, client_secret: "s3" } }, { result: answer }]);
        const state = await test.engine.create(type("ZeroTrustAccessServiceToken"), "t", { accountId, name: "ci" });
        const refreshed = await test.engine.refresh(state);
        expect(refreshed?.outputs.clientSecret).toEqual(secret("s3"));
        expect(refreshed?.inputs).toEqual({ accountId, name: "ci" });
    });
});

it("does not send a moved application's old destinations again", async () => {
    const app = { accountId, name: "a", type: "self_hosted", domain: "a.example.com" };
    const answer = {
        id: "a",
        aud: "f".repeat(64),
        destinations: [{ type: "public", uri: "a.example.com" }],
        self_hosted_domains: ["a.example.com"],
    };
    await using test = await start([{ result: answer }, { result: answer }]);
    const state = await test.engine.create(type("ZeroTrustAccessApplication"), "a", app);
    await test.engine.update(state, { ...app, domain: "b.example.com" });
    expect(test.server.asked[1]?.body).toEqual({
        name: "a",
        type: "self_hosted",
        domain: "b.example.com",
        app_launcher_visible: true,
        http_only_cookie_attribute: true,
        session_duration: "24h",
    });
});

it("clears what a PATCH leaves out", async () => {
    const route = { accountId, tunnelId: "t", network: "10.0.0.0/8", virtualNetworkId: "v" };
    await using test = await start([{ result: { id: "r" } }, { result: { id: "r" } }]);
    const state = await test.engine.create(type("ZeroTrustTunnelCloudflaredRoute"), "r", route);
    const { virtualNetworkId: _, ...without } = route;
    await test.engine.update(state, without);
    expect(test.server.asked[1]).toMatchObject({ method: "PATCH", body: { virtual_network_id: null } });
});

it.each<[string, string, Inputs, string]>([
    ["DnsRecord", "type", { zoneId, name: "a.example.com", type: "A", content: "192.0.2.1", ttl: 1 }, "AAAA"],
    ["ZeroTrustTunnelCloudflared", "configSrc", { accountId, name: "t", configSrc: "cloudflare" }, "local"],
    ["ZeroTrustAccessTag", "name", { accountId, name: "t" }, "u"],
    ["ZeroTrustAccessPolicy", "accountId", { accountId, name: "p", decision: "allow" }, zoneId],
])("replaces a %s whose '%s' changes", async (name, property, inputs, value) => {
    await using test = await start([{ result: { id: "1" } }]);
    const state = await test.engine.create(type(name), "r", inputs);
    expect(await test.engine.diff(state, { ...inputs, [property]: value })).toMatchObject({ replaces: [property] });
});

it("refuses a time to live beside the proxy, before anything is sent", async () => {
    await using test = await start([]);
    const record = { zoneId, name: "a.example.com", type: "CNAME", content: "b.example.com", proxied: true, ttl: 300 };
    await expect(test.engine.create(type("DnsRecord"), "d", record)).rejects.toThrow(
        "ttl: '300' cannot go with 'proxied: true'; write 1 (automatic)",
    );
    expect(test.server.asked).toEqual([]);
});

describe("an import", () => {
    it("takes the official provider's ids", async () => {
        const result = {
            id: "d",
            zone_id: zoneId,
            name: "a.example.com",
            type: "A",
            content: "192.0.2.1",
            ttl: 1,
            tags: [],
        };
        await using test = await start([{ result }, { result: { id: "a", name: "app", aud: "f" } }]);
        const record = await test.engine.import(type("DnsRecord"), "d", `${zoneId}/d`);
        expect(record).toMatchObject({
            id: "d",
            inputs: { zoneId, name: "a.example.com", type: "A", content: "192.0.2.1", ttl: 1 },
        });
        const app = await test.engine.import(type("ZeroTrustAccessApplication"), "a", `accounts/${accountId}/a`);
        expect(app).toMatchObject({ id: "a", inputs: { accountId, name: "app" }, outputs: { aud: "f" } });
        expect(test.server.asked.map(({ url }) => url)).toEqual([
            `/client/v4/zones/${zoneId}/dns_records/d`,
            `/client/v4/accounts/${accountId}/access/apps/a`,
        ]);
    });

    it("says what an id has to look like", async () => {
        await using test = await start([]);
        await expect(test.engine.import(type("ZeroTrustAccessApplication"), "a", "a")).rejects.toThrow(
            "'a' is not an id to import; write 'accounts/<accountId>/<id>'",
        );
    });
});

describe("lookups", () => {
    it("find one zone by name, and say so when it is not one", async () => {
        const zone = { id: zoneId, name: "example.com", name_servers: ["a.ns.example"] };
        await using test = await start([{ result: [zone] }, { result: [] }, { result: zone }, { result: [] }]);
        const filter = { name: "example.com", account: { id: accountId } };
        expect(await test.engine.invoke(type("getZone"), { filter })).toMatchObject({
            id: zoneId,
            zoneId,
            nameServers: ["a.ns.example"],
        });
        expect(test.server.asked[0]?.url).toBe(`/client/v4/zones?account.id=${accountId}&name=example.com&page=1`);
        await expect(test.engine.invoke(type("getZone"), { filter })).rejects.toThrow("0 of zones match 'filter'");
    });

    it("page until there is nothing left", async () => {
        await using test = await start([{ result: [{ id: "1" }] }, { result: [{ id: "2" }] }, { result: [] }]);
        const { results } = await test.engine.invoke(type("getZones"), { name: "example.com" });
        expect(results).toEqual([{ id: "1" }, { id: "2" }]);
    });

    it("find a tunnel by its name among those that are not deleted", async () => {
        await using test = await start([{ result: [{ id: "t", config_src: "local" }] }, { result: [] }]);
        const { results } = await test.engine.invoke(type("getZeroTrustTunnelCloudflareds"), {
            accountId,
            name: "office",
            isDeleted: false,
        });
        expect(results).toEqual([{ id: "t", configSrc: "local" }]);
        expect(test.server.asked[0]?.url).toBe(
            `/client/v4/accounts/${accountId}/cfd_tunnel?is_deleted=false&name=office&page=1`,
        );
    });

    it("keep a tunnel's token secret", async () => {
        await using test = await start([{ result: "dG9rZW4=" }]);
        const answer = await test.engine.invoke(type("getZeroTrustTunnelCloudflaredToken"), {
            accountId,
            tunnelId: "t",
        });
        expect(answer.token).toEqual(secret("dG9rZW4="));
    });
});

describe("offline", () => {
    const environment = { SALLYPORT_OFFLINE: "1" };

    it("plans, looks up stand-ins and opens no connection", async () => {
        await using test = await start([], environment);
        const app = {
            accountId,
            name: "a",
            type: "self_hosted",
            domain: "a.example.com",
            policies: [{ id: UNKNOWN_OUTPUT }],
        };
        expect(await test.engine.preview(type("ZeroTrustAccessApplication"), "a", app)).toMatchObject({
            ...app,
            sessionDuration: "24h",
            aud: UNKNOWN_OUTPUT,
        });
        const zone = await test.engine.invoke(type("getZone"), { filter: { name: "example.com" } });
        expect(zone).toMatchObject({ name: "example.com", id: expect.stringMatching(/^[0-9a-f]{32}$/) });
        const { results } = await test.engine.invoke(type("getZones"), { name: "example.com" });
        expect(results).toMatchObject([{ id: zone.id }]);
        const { token } = await test.engine.invoke(type("getZeroTrustTunnelCloudflaredToken"), {
            accountId,
            tunnelId: "t",
        });
        expect(token).toMatchObject({ value: expect.stringMatching(/^[\w+/]+=*$/) });
        expect(test.server.asked).toEqual([]);
    });

    it("changes nothing", async () => {
        await using test = await start([], environment);
        await expect(test.engine.create(type("ZeroTrustAccessTag"), "t", { accountId, name: "t" })).rejects.toThrow(
            "not sent, SALLYPORT_OFFLINE is set",
        );
        expect(test.server.asked).toEqual([]);
    });
});
