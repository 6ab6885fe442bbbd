import type { PostureCreateParams } from "cloudflare/resources/zero-trust/devices/posture";
import type { RuleCreateParams } from "cloudflare/resources/zero-trust/gateway/rules";
import { describe, expect, it } from "vitest";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { accountId, all, call, clientOf, refusal, startEmulator } from "./support.ts";

const account_id = accountId;

async function newTunnel(emulator: CloudflareEmulator): Promise<string> {
    return (await call(emulator, "POST", `/accounts/${accountId}/cfd_tunnel`, { name: "edge" })).result.id;
}

describe("private network routes", () => {
    it("stand in the default virtual network unless told otherwise, are changed in part and deleted", async () => {
        await using emulator = await startEmulator();
        const { routes, virtualNetworks } = clientOf(emulator).zeroTrust.networks;
        const tunnel_id = await newTunnel(emulator);
        const [defaultNetwork] = await all(virtualNetworks.list({ account_id, is_default: true }));
        const route = await routes.create({ account_id, tunnel_id, network: "10.20.0.0/16" });
        expect(route).toMatchObject({
            comment: "",
            tunnel_id,
            virtual_network_id: defaultNetwork?.id,
            deleted_at: null,
        });
        const id = route.id ?? "";
        expect(await routes.edit(id, { account_id, comment: "db" })).toMatchObject({
            id,
            comment: "db",
            network: "10.20.0.0/16",
        });
        expect(await all(routes.list({ account_id }))).toMatchObject([
            { tunnel_name: "edge", virtual_network_name: "default", tun_type: "cfd_tunnel" },
        ]);
        await routes.delete(id, { account_id });
        expect(await refusal(routes.get(id, { account_id }))).toEqual({ status: 404, codes: [1015] });
    });

    it("hold a network once in each virtual network", async () => {
        await using emulator = await startEmulator();
        const { routes, virtualNetworks } = clientOf(emulator).zeroTrust.networks;
        const route = { account_id, tunnel_id: await newTunnel(emulator), network: "10.20.0.0/16" };
        await routes.create(route);
        expect(await refusal(routes.create(route))).toMatchObject({ status: 409 });
        const { id: virtual_network_id } = await virtualNetworks.create({ account_id, name: "staging" });
        await routes.create({ ...route, virtual_network_id });
    });

    it("go with their tunnel", async () => {
        await using emulator = await startEmulator();
        const { routes } = clientOf(emulator).zeroTrust.networks;
        const tunnel_id = await newTunnel(emulator);
        const { id = "" } = await routes.create({ account_id, tunnel_id, network: "10.20.0.0/16" });
        await call(emulator, "DELETE", `/accounts/${accountId}/cfd_tunnel/${tunnel_id}`);
        expect(await refusal(routes.delete(id, { account_id }))).toEqual({ status: 404, codes: [1015] });
    });

    it.each([
        [{ network: "10.20.0.0" }, ["/network"]],
        [{ network: "10.20.0.0/33" }, ["/network"]],
        [
            {
                tunnel_id: "11111111-1111-4111-8111-111111111111",
                virtual_network_id: "22222222-2222-4222-8222-222222222222",
            },
            ["/tunnel_id", "/virtual_network_id"],
        ],
    ])("are refused with %j, and the errors point to the values", async (change, pointers) => {
        await using emulator = await startEmulator();
        const body = { network: "10.20.0.0/16", tunnel_id: await newTunnel(emulator), ...change };
        const reply = await call(emulator, "POST", `/accounts/${accountId}/teamnet/routes`, body);
        expect(reply.status).toBe(400);
        expect(reply.errors.map(({ source }) => source?.pointer)).toEqual(pointers);
    });

    it("are found by the networks that hold them and that they hold", async () => {
        await using emulator = await startEmulator();
        const { routes } = clientOf(emulator).zeroTrust.networks;
        const tunnel_id = await newTunnel(emulator);
        for (const network of ["10.0.0.0/8", "10.20.0.0/16", "192.168.0.0/16", "fd00:20::/48"]) {
            await routes.create({ account_id, tunnel_id, network });
        }
        const found = async (filter: object) =>
            (await all(routes.list({ account_id, ...filter }))).map(({ network }) => network);
        expect(await found({ network_subset: "10.0.0.0/8" })).toEqual(["10.0.0.0/8", "10.20.0.0/16"]);
        expect(await found({ network_superset: "10.20.0.5/32" })).toEqual(["10.0.0.0/8", "10.20.0.0/16"]);
        expect(await found({ tunnel_id, per_page: 1 })).toHaveLength(4);
        expect(await found({ is_deleted: true })).toEqual([]);
    });
});

describe("virtual networks", () => {
    it("have exactly one default, which moves and cannot be deleted", async () => {
        await using emulator = await startEmulator();
        const { virtualNetworks } = clientOf(emulator).zeroTrust.networks;
        const [first] = await all(virtualNetworks.list({ account_id }));
        const second = await virtualNetworks.create({ account_id, name: "second", is_default_network: true });
        const defaults = async () =>
            (await all(virtualNetworks.list({ account_id })))
                .filter(({ is_default_network }) => is_default_network)
                .map(({ id }) => id);
        expect(await defaults()).toEqual([second.id]);
        expect(await refusal(virtualNetworks.delete(second.id, { account_id }))).toMatchObject({ status: 400 });
        await virtualNetworks.edit(first?.id ?? "", { account_id, is_default_network: true });
        expect(await defaults()).toEqual([first?.id]);
        await virtualNetworks.delete(second.id, { account_id });
    });

    it("have a name each of their own, and stay while they have routes", async () => {
        await using emulator = await startEmulator();
        const { virtualNetworks, routes } = clientOf(emulator).zeroTrust.networks;
        const { id } = await virtualNetworks.create({ account_id, name: "staging" });
        expect(await refusal(virtualNetworks.create({ account_id, name: "staging" }))).toMatchObject({ status: 409 });
        const route = {
            account_id,
            tunnel_id: await newTunnel(emulator),
            network: "10.0.0.0/8",
            virtual_network_id: id,
        };
        const { id: routeId = "" } = await routes.create(route);
        expect(await refusal(virtualNetworks.delete(id, { account_id }))).toMatchObject({ status: 409 });
        await routes.delete(routeId, { account_id });
        await virtualNetworks.delete(id, { account_id });
    });
});

describe("private host names", () => {
    it("lead to a tunnel, once each, are changed in part and go with the tunnel", async () => {
        await using emulator = await startEmulator();
        const { hostnameRoutes } = clientOf(emulator).zeroTrust.networks;
        const tunnel_id = await newTunnel(emulator);
        const route = { account_id, tunnel_id, hostname: "wiki.internal.example" };
        const { id = "" } = await hostnameRoutes.create(route);
        expect(await refusal(hostnameRoutes.create({ ...route, hostname: "Wiki.internal.example" }))).toMatchObject({
            status: 409,
        });
        expect(await hostnameRoutes.edit(id, { account_id, comment: "docs" })).toMatchObject({
            hostname: "wiki.internal.example",
            comment: "docs",
            tunnel_name: "edge",
        });
        expect(await all(hostnameRoutes.list({ account_id, hostname: "wiki" }))).toHaveLength(1);
        await call(emulator, "DELETE", `/accounts/${accountId}/cfd_tunnel/${tunnel_id}`);
        expect(await refusal(hostnameRoutes.get(id, { account_id }))).toMatchObject({ status: 404 });
    });

    it.each([
        [{ hostname: "https://wiki" }, "/hostname"],
        [{ tunnel_id: "00000000-0000-4000-8000-000000000000" }, "/tunnel_id"],
    ])("are refused with %j", async (change, pointer) => {
        await using emulator = await startEmulator();
        const body = { hostname: "wiki.internal.example", tunnel_id: await newTunnel(emulator), ...change };
        const { status, errors } = await call(
            emulator,
            "POST",
            `/accounts/${accountId}/zerotrust/routes/hostname`,
            body,
        );
        expect(status).toBe(400);
        expect(errors.map(({ source }) => source?.pointer)).toEqual([pointer]);
    });
});

it("infrastructure targets get the default virtual network", async () => {
    await using emulator = await startEmulator();
    const { targets } = clientOf(emulator).zeroTrust.access.infrastructure;
    const [network] = await all(clientOf(emulator).zeroTrust.networks.virtualNetworks.list({ account_id }));
    const created = await targets.create({ account_id, hostname: "db-1", ip: { ipv4: { ip_addr: "10.20.0.5" } } });
    expect(created.ip).toEqual({ ipv4: { ip_addr: "10.20.0.5", virtual_network_id: network?.id } });
    const updated = await targets.update(created.id, {
        account_id,
        hostname: "db-2",
        ip: { ipv6: { ip_addr: "fd00::5" } },
    });
    expect(updated).toMatchObject({ id: created.id, hostname: "db-2" });
    expect(await all(targets.list({ account_id, hostname: "db-1" }))).toEqual([]);
    await targets.delete(created.id, { account_id });
    const wrong = await call(emulator, "POST", `/accounts/${accountId}/infrastructure/targets`, {
        hostname: "-db",
        ip: { ipv4: { ip_addr: "fd00::5" } },
    });
    expect(wrong.errors.map(({ source }) => source?.pointer)).toEqual(["/hostname", "/ip/ipv4/ip_addr"]);
});

it("device posture rules are created, replaced, listed and deleted", async () => {
    await using emulator = await startEmulator();
    const { posture } = clientOf(emulator).zeroTrust.devices;
    const disk: PostureCreateParams = {
        account_id,
        name: "disk",
        type: "disk_encryption",
        match: [{ platform: "mac" }],
        schedule: "5m",
        input: { requireAll: true },
    };
    const id = (await posture.create(disk))?.id ?? "";
    expect(await posture.update(id, { ...disk, schedule: "15m" })).toMatchObject({ id, schedule: "15m" });
    expect(await all(posture.list({ account_id }))).toHaveLength(1);
    await posture.delete(id, { account_id });
    expect(await refusal(posture.get(id, { account_id }))).toMatchObject({ status: 404 });
});

it("the default device profile has one of the two split tunnel lists", async () => {
    await using emulator = await startEmulator();
    const path = `/accounts/${accountId}/devices/policy`;
    const include = [{ address: "10.20.0.0/16", description: "db" }];
    const exclude = [{ host: "example.com" }];
    expect((await call(emulator, "PATCH", path, { exclude })).result).toMatchObject({ exclude, include: [] });
    expect((await call(emulator, "PATCH", path, { include })).result).toMatchObject({ include, exclude: [] });
    expect((await call(emulator, "PATCH", path, { include, exclude })).status).toBe(400);
    expect((await call(emulator, "PATCH", path, {})).status).toBe(400);
    expect((await call(emulator, "GET", path)).result).toMatchObject({ default: true, include });
});

it("device profiles of one's own are made, changed in part, listed and deleted, each at a place of its own", async () => {
    await using emulator = await startEmulator();
    const { custom } = clientOf(emulator).zeroTrust.devices.policies;
    const include = [{ address: "10.20.0.0/16" }];
    const profile = { account_id, name: "office", match: 'identity.email == "a@example.com"', precedence: 10, include };
    const { policy_id = "" } = (await custom.create(profile)) ?? {};
    expect(await custom.get(policy_id, { account_id })).toMatchObject({
        default: false,
        include,
        exclude: [],
        enabled: true,
    });
    expect(await refusal(custom.create({ ...profile, name: "other" }))).toMatchObject({ status: 409 });
    const exclude = [{ host: "example.com" }];
    expect(await custom.edit(policy_id, { account_id, exclude })).toMatchObject({ exclude, include: [] });
    expect(await all(custom.list({ account_id }))).toHaveLength(1);
    expect((await call(emulator, "GET", `/accounts/${accountId}/devices/policy`)).result).toMatchObject({
        default: true,
    });
    await call(emulator, "DELETE", `/accounts/${accountId}/devices/policy/${policy_id}`);
    expect(await refusal(custom.get(policy_id, { account_id }))).toMatchObject({ status: 404 });
});

it("Gateway rules count their versions, and lists keep their items", async () => {
    await using emulator = await startEmulator();
    const { rules, lists } = clientOf(emulator).zeroTrust.gateway;
    const rule: RuleCreateParams = { account_id, name: "db", action: "allow", filters: ["l4"] };
    const { id = "" } = await rules.create(rule);
    expect(await rules.update(id, { ...rule, enabled: true })).toMatchObject({ id, version: 2, enabled: true });
    expect(await all(rules.list({ account_id }))).toHaveLength(1);
    await rules.delete(id, { account_id });
    const items = [{ value: "a@example.com" }];
    const list = await lists.create({ account_id, name: "staff", type: "EMAIL", items });
    await lists.update(list.id ?? "", { account_id, name: "people" });
    expect(await lists.get(list.id ?? "", { account_id })).toMatchObject({ name: "people", items, type: "EMAIL" });
    await lists.delete(list.id ?? "", { account_id });
    expect(await refusal(lists.get(list.id ?? "", { account_id }))).toMatchObject({ status: 404 });
});

it("notification policies are kept as they were given, and told back by their id", async () => {
    await using emulator = await startEmulator();
    const { policies } = clientOf(emulator).alerting;
    const policy = {
        account_id,
        name: "tunnels",
        alert_type: "tunnel_health_event" as const,
        enabled: true,
        mechanisms: { email: [{ id: "oncall@example.com" }] },
        filters: { new_status: ["TUNNEL_STATUS_TYPE_DOWN"] },
    };
    const { id = "" } = await policies.create(policy);
    expect(await policies.get(id, { account_id })).toMatchObject({ name: "tunnels", filters: policy.filters });
    await policies.update(id, { ...policy, name: "all tunnels" });
    expect(await all(policies.list({ account_id }))).toMatchObject([{ id, name: "all tunnels" }]);
    expect(await refusal(policies.create({ ...policy, mechanisms: {} }))).toMatchObject({ status: 400 });
    await policies.delete(id, { account_id });
    expect(await refusal(policies.get(id, { account_id }))).toMatchObject({ status: 404 });
});

it("the account is found, and the token verifies itself", async () => {
    await using emulator = await startEmulator();
    const client = clientOf(emulator);
    expect(await client.accounts.get({ account_id })).toMatchObject({ id: accountId });
    expect((await all(client.accounts.list())).map(({ id }) => id)).toEqual([accountId]);
    expect(await all(client.accounts.list({ name: "another" }))).toEqual([]);
    expect(await client.user.tokens.verify()).toMatchObject({ status: "active" });
});
