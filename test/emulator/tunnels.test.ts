import { describe, expect, it } from "vitest";
import { accountId, all, call, clientOf, refusal, startEmulator } from "./support.ts";

const account_id = accountId;
const unknownId = "11111111-1111-4111-8111-111111111111";
const secret = Buffer.alloc(32, 7).toString("base64");
const path = `/accounts/${accountId}/cfd_tunnel`;

describe("tunnels", () => {
    it("are created, read, renamed and deleted", async () => {
        await using emulator = await startEmulator();
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        const tunnel = await cloudflared.create({
            account_id,
            name: "edge",
            config_src: "cloudflare",
            tunnel_secret: secret,
        });
        const id = tunnel.id ?? "";
        expect(tunnel).toMatchObject({
            account_tag: accountId,
            config_src: "cloudflare",
            remote_config: true,
            status: "inactive",
            tun_type: "cfd_tunnel",
            connections: [],
            deleted_at: null,
            conns_active_at: null,
        });
        expect(JSON.stringify(await cloudflared.get(id, { account_id }))).not.toContain(secret);
        expect(await cloudflared.edit(id, { account_id, name: "edge-2" })).toMatchObject({ id, name: "edge-2" });
        expect(await cloudflared.delete(id, { account_id })).toMatchObject({ id, deleted_at: expect.any(String) });
        expect(await refusal(cloudflared.delete(id, { account_id }))).toMatchObject({ status: 404 });
        expect(await refusal(cloudflared.token.get(id, { account_id }))).toMatchObject({ status: 404 });
    });

    it("take their configuration from the connector unless told otherwise", async () => {
        await using emulator = await startEmulator();
        const tunnel = await clientOf(emulator).zeroTrust.tunnels.cloudflared.create({ account_id, name: "a" });
        expect(tunnel).toMatchObject({ config_src: "local", remote_config: false });
    });

    it("give a token with account, secret and id, and another one after the secret has changed", async () => {
        await using emulator = await startEmulator();
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        const { id = "" } = await cloudflared.create({ account_id, name: "edge", tunnel_secret: secret });
        const decoded = async () =>
            JSON.parse(Buffer.from(await cloudflared.token.get(id, { account_id }), "base64").toString());
        expect(await decoded()).toEqual({ a: accountId, s: secret, t: id });
        const other = Buffer.alloc(40, 9).toString("base64");
        await cloudflared.edit(id, { account_id, tunnel_secret: other });
        expect(await decoded()).toEqual({ a: accountId, s: other, t: id });
    });

    it("get a secret of 32 bytes when they are created without one", async () => {
        await using emulator = await startEmulator();
        const created = await call(emulator, "POST", path, { name: "a" });
        const { s } = JSON.parse(Buffer.from(created.result.token, "base64").toString());
        expect(Buffer.from(s, "base64")).toHaveLength(32);
    });

    it("have names that are unique among those not deleted", async () => {
        await using emulator = await startEmulator();
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        const first = await cloudflared.create({ account_id, name: "edge" });
        const other = await cloudflared.create({ account_id, name: "other" });
        expect(await refusal(cloudflared.create({ account_id, name: "edge" }))).toEqual({ status: 409, codes: [1013] });
        const rename = cloudflared.edit(other.id ?? "", { account_id, name: "edge" });
        expect(await refusal(rename)).toEqual({ status: 409, codes: [1013] });
        await cloudflared.delete(first.id ?? "", { account_id });
        await cloudflared.create({ account_id, name: "edge" });
    });

    it("are made once when several clients ask for one name at the same time", async () => {
        await using emulator = await startEmulator();
        const replies = await Promise.all(
            Array.from({ length: 8 }, () => call(emulator, "POST", path, { name: "edge" })),
        );
        expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
        expect((await call(emulator, "GET", path)).result).toHaveLength(1);
    });

    it.each([
        [{ name: "" }, "/name"],
        [{}, "/name"],
        [{ name: "a", tunnel_secret: Buffer.alloc(31).toString("base64") }, "/tunnel_secret"],
        [{ name: "a", tunnel_secret: "not base64" }, "/tunnel_secret"],
        [{ name: "a", config_src: "remote" }, "/config_src"],
        [{ name: "a", colour: "red" }, "/colour"],
    ])("are refused when created with %j, and the error points to the value", async (body, pointer) => {
        await using emulator = await startEmulator();
        const reply = await call(emulator, "POST", path, body);
        expect(reply).toMatchObject({ status: 400, success: false, errors: [{ source: { pointer } }] });
    });

    it("are listed by name, prefix, id and deletion, and page by page", async () => {
        await using emulator = await startEmulator();
        const { cloudflared } = clientOf(emulator).zeroTrust.tunnels;
        for (const name of ["web-1", "web-2", "web-3", "db"]) {
            await cloudflared.create({ account_id, name });
        }
        const [gone] = await all(cloudflared.list({ account_id, name: "web-3" }));
        await cloudflared.delete(gone?.id ?? "", { account_id });
        const names = async (filter: object) =>
            (await all(cloudflared.list({ account_id, ...filter }))).map(({ name }) => name);
        expect(await names({})).toEqual(["web-1", "web-2", "web-3", "db"]);
        expect(await names({ is_deleted: false, per_page: 1 })).toEqual(["web-1", "web-2", "db"]);
        expect(await names({ is_deleted: true })).toEqual(["web-3"]);
        expect(await names({ include_prefix: "web", is_deleted: false })).toEqual(["web-1", "web-2"]);
        expect(await names({ exclude_prefix: "web" })).toEqual(["db"]);
        expect(await names({ uuid: gone?.id })).toEqual(["web-3"]);
        expect(await names({ status: "healthy" })).toEqual([]);
        expect(await names({ existed_at: "2000-01-01T00:00:00Z" })).toEqual([]);
    });

    it("belong to one account", async () => {
        await using emulator = await startEmulator();
        const other = "c".repeat(32);
        expect(await call(emulator, "GET", `/accounts/${other}/cfd_tunnel`)).toMatchObject({
            status: 404,
            errors: [{ code: 7003 }, { code: 7000 }],
        });
    });
});

describe("a tunnel's configuration", () => {
    const access = { required: true, teamName: "team", audTag: ["aud"] };
    const config = {
        ingress: [
            {
                hostname: "app.example.com",
                path: "^/api",
                service: "https://traefik:443",
                originRequest: { access, connectTimeout: 10, noTLSVerify: false },
            },
            { hostname: "*.example.com", service: "tcp://db:5432" },
            { service: "http_status:404" },
        ],
        originRequest: { keepAliveTimeout: 30 },
        "warp-routing": { enabled: true },
    };

    it("comes back exactly as it was put, with a version that grows with each PUT", async () => {
        await using emulator = await startEmulator();
        const client = clientOf(emulator);
        const { id = "" } = await client.zeroTrust.tunnels.cloudflared.create({ account_id, name: "edge" });
        const at = `${path}/${id}/configurations`;
        expect((await call(emulator, "GET", at)).result).toMatchObject({ tunnel_id: id, config: null, version: 0 });
        expect((await call(emulator, "PUT", at, { config })).result).toMatchObject({
            version: 1,
            source: "cloudflare",
        });
        const again = await call(emulator, "PUT", at, { config });
        expect(again.result.version).toBe(2);
        const { configurations } = client.zeroTrust.tunnels.cloudflared;
        const read = await configurations.get(id, { account_id });
        expect(read).toEqual(again.result);
        expect(read.config).toEqual(config);
    });

    const put = async (rules: unknown, originRequest?: unknown) => {
        await using emulator = await startEmulator();
        const tunnel = await call(emulator, "POST", path, { name: "edge" });
        return await call(emulator, "PUT", `${path}/${tunnel.result.id}/configurations`, {
            config: { ingress: rules, ...(originRequest === undefined ? {} : { originRequest }) },
        });
    };
    const catchAll = { service: "http_status:404" };

    it("must end with a rule that matches everything, and have no such rule before the last", async () => {
        expect(await put([{ hostname: "a.example.com", service: "http://a" }])).toMatchObject({
            status: 400,
            errors: [
                {
                    message:
                        "Bad Configuration: Validation failed: The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)",
                },
            ],
        });
        expect((await put([catchAll, catchAll])).status).toBe(400);
        expect((await put([])).status).toBe(200);
    });

    it.each([
        [{ service: "traefik:443" }, "/config/ingress/0/service"],
        [{ service: "https://traefik/path" }, "/config/ingress/0/service"],
        [{ service: "gopher://traefik" }, "/config/ingress/0/service"],
        [{ service: "http_status:99" }, "/config/ingress/0/service"],
        [{ service: "http://a", hostname: "a.example.com:443" }, "/config/ingress/0/hostname"],
        [{ service: "http://a", hostname: "a.*.example.com" }, "/config/ingress/0/hostname"],
        [
            { service: "http://a", originRequest: { connectTimeout: "30s" } },
            "/config/ingress/0/originRequest/connectTimeout",
        ],
        [{ service: "http://a", originRequest: { tlsTimeout: 1.5 } }, "/config/ingress/0/originRequest/tlsTimeout"],
        [{ service: "http://a", originRequest: { noTlsVerify: true } }, "/config/ingress/0/originRequest/noTlsVerify"],
        [
            { service: "http://a", originRequest: { access: { required: true, audTag: ["a"] } } },
            "/config/ingress/0/originRequest/access/teamName",
        ],
        [
            { service: "socks-proxy", originRequest: { ipRules: [{ prefix: "10.0.0.5", allow: true }] } },
            "/config/ingress/0/originRequest/ipRules/0/prefix",
        ],
        [
            { service: "socks-proxy", originRequest: { ipRules: [{ prefix: "10.0.0.0/8", ports: [65_536] }] } },
            "/config/ingress/0/originRequest/ipRules/0/ports",
        ],
    ])("is refused with the rule %j", async (rule, pointer) => {
        expect(await put([rule, catchAll])).toMatchObject({ status: 400, errors: [{ source: { pointer } }] });
    });

    it.each([
        ...["ssh://host:22", "unix:/run/app.sock", "unix+tls:/run/app.sock", "hello_world", "bastion", "socks-proxy"],
        ...["wss://ws.internal", "http://[::1]:8080", "http_status:503"],
    ])("takes the service %s", async (service) => {
        expect((await put([{ hostname: "a.example.com", service }, catchAll])).status).toBe(200);
    });

    it("names every mistake at once", async () => {
        const reply = await put([{ service: "x" }, { service: "y" }, catchAll], { connectTimeout: "1s" });
        expect(reply.errors.map(({ source }) => source?.pointer)).toEqual([
            "/config/ingress/0/service",
            "/config/ingress/1/service",
            "/config/originRequest/connectTimeout",
        ]);
    });

    it("is gone with its tunnel, and there is none of a tunnel that never was", async () => {
        await using emulator = await startEmulator();
        const { id } = (await call(emulator, "POST", path, { name: "edge" })).result;
        await call(emulator, "PUT", `${path}/${id}/configurations`, { config });
        await call(emulator, "DELETE", `${path}/${id}`);
        expect((await call(emulator, "GET", `${path}/${id}/configurations`)).status).toBe(404);
        expect((await call(emulator, "PUT", `${path}/${unknownId}/configurations`, { config })).status).toBe(404);
    });
});
