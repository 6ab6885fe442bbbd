import { describe, expect, it } from "vitest";
import { ACCOUNT_COLLECTIONS, removeUnknownObjects } from "../../cli/local/apiObjects.ts";
import { CertificateAuthority } from "../../emulator/edge/certificates.ts";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { RESOURCES } from "../../toolchain/fallback/providers/cloudflare/index.ts";
import { accountId, call, startEmulator, zoneId } from "../emulator/support.ts";

const account = `/accounts/${accountId}`;

/** Makes one of everything that a stack can make, and gives the path of each with the member that names it. */
async function oneOfEach(emulator: CloudflareEmulator): Promise<{ path: string; id: string }[]> {
    const made: { path: string; id: string }[] = [];
    const make = async (path: string, body: object, member = "id"): Promise<string> => {
        const { success, result, errors } = await call(emulator, "POST", path, body);
        expect(success, `${path}: ${JSON.stringify(errors)}`).toBe(true);
        made.push({ path, id: result[member] });
        return result[member];
    };
    const authority = await CertificateAuthority.open({});
    const token = await make(`${account}/access/service_tokens`, { name: "ci" });
    const posture = await make(`${account}/devices/posture`, {
        name: "disk",
        type: "disk_encryption",
        schedule: "5m",
        match: [{ platform: "linux" }],
        input: { requireAll: true },
    });
    const provider = await make(`${account}/access/identity_providers`, {
        name: "pin",
        type: "onetimepin",
        config: {},
    });
    const group = await make(`${account}/access/groups`, {
        name: "staff",
        include: [{ email_domain: { domain: "example.com" } }, { login_method: { id: provider } }],
    });
    const policy = await make(`${account}/access/policies`, {
        name: "staff",
        decision: "allow",
        include: [{ group: { id: group } }, { service_token: { token_id: token } }],
        require: [{ device_posture: { integration_uid: posture } }],
    });
    await make(`${account}/access/tags`, { name: "ours" }, "name");
    await make(`${account}/access/certificates`, { name: "clients", certificate: authority.caPem });
    await make(`${account}/access/apps`, {
        type: "self_hosted",
        name: "app",
        domain: "app.example.com",
        policies: [{ id: policy, precedence: 1 }],
        allowed_idps: [provider],
    });
    const tunnel = await make(`${account}/cfd_tunnel`, { name: "edge", config_src: "cloudflare" });
    const network = await make(`${account}/teamnet/virtual_networks`, { name: "lab" });
    await make(`${account}/teamnet/routes`, {
        network: "10.20.0.0/16",
        tunnel_id: tunnel,
        virtual_network_id: network,
    });
    await make(`${account}/zerotrust/routes/hostname`, { hostname: "db.internal", tunnel_id: tunnel });
    const list = await make(`${account}/gateway/lists`, { name: "people", type: "EMAIL", items: [] });
    await make(`${account}/gateway/rules`, {
        name: "db",
        action: "allow",
        filters: ["l4"],
        traffic: "net.dst.ip in {10.20.0.0/16}",
        identity: `identity.email in $${list}`,
    });
    await make(
        `${account}/devices/policy`,
        { name: "laptops", match: 'identity.email == "ada@example.com"', precedence: 100 },
        "policy_id",
    );
    await make(`${account}/infrastructure/targets`, {
        hostname: "db",
        ip: { ipv4: { ip_addr: "10.20.0.5", virtual_network_id: network } },
    });
    await make(`${account}/alerting/v3/policies`, {
        name: "down",
        alert_type: "tunnel_health_event",
        mechanisms: { email: [{ id: "ops@example.com" }] },
    });
    await make(`/zones/${zoneId}/dns_records`, {
        name: "app.example.com",
        type: "CNAME",
        content: `${tunnel}.cfargotunnel.com`,
        proxied: true,
        ttl: 1,
    });
    return made;
}

/** What an account has: a deleted tunnel is kept by its id, as Cloudflare does. */
async function contentOf(emulator: CloudflareEmulator): Promise<unknown> {
    const owners = Object.entries(emulator.snapshot().contents);
    const others = owners.map(([owner, { tunnels: _, ...tables }]) => [owner, tables]);
    const living = await call(emulator, "GET", `${account}/cfd_tunnel?is_deleted=false`);
    return { others, tunnels: living.result };
}

describe("after an interrupted update", () => {
    it("everything that the state does not know goes, whatever depends on it", async () => {
        await using emulator = await startEmulator();
        const before = await contentOf(emulator);
        await oneOfEach(emulator);
        await removeUnknownObjects({ baseUrl: emulator.apiBaseUrl, token: emulator.apiToken }, accountId, new Set());
        expect(await contentOf(emulator)).toEqual(before);
    });

    it("what the state knows stays", async () => {
        await using emulator = await startEmulator();
        const made = await oneOfEach(emulator);
        const all = emulator.snapshot();
        const known = new Set(made.map(({ id }) => id));
        await removeUnknownObjects({ baseUrl: emulator.apiBaseUrl, token: emulator.apiToken }, accountId, known);
        expect(emulator.snapshot()).toEqual(all);
    });

    it("no kind of object that a stack can make is forgotten", async () => {
        await using emulator = await startEmulator();
        const looked = new Set(ACCOUNT_COLLECTIONS.map(({ list, item }) => item ?? list));
        const own = Object.values(RESOURCES)
            .filter(({ single, create = "POST" }) => !single && create === "POST")
            .map(({ path }) => path.replace(/^(\{scope\}|accounts\/\{accountId\})\//, ""))
            .filter((path) => !path.includes("{") && path !== "zones");
        const served = await Promise.all(
            own.map(async (path) => ({
                path,
                status: (await call(emulator, "POST", `${account}/${path}`, {})).status,
            })),
        );
        const forgotten = served.filter(({ path, status }) => status !== 501 && !looked.has(path));
        expect(forgotten).toEqual([]);
    });
});
