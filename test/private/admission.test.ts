import { describe, expect, it } from "vitest";
import { admit } from "../../emulator/edge/private/admission.ts";
import { readDestination } from "../../emulator/edge/private/destination.ts";
import { InitialAddresses } from "../../emulator/edge/private/initialAddresses.ts";
import type {
    Device,
    DirectoryProfile,
    GatewayRule,
    PrivateNetworkDirectory,
} from "../../emulator/privateNetworkDirectory.ts";

const stamped = { created_at: "", deleted_at: null };
const DEFAULT = { id: "vnet-default", name: "default", comment: "", is_default_network: true, ...stamped };
const LAB = { ...DEFAULT, id: "vnet-lab", name: "lab", is_default_network: false };
const ADA: Device = { name: "ada", email: "ada@example.com", groups: [], passed: [] };

let count = 0;
function rule(given: Partial<GatewayRule>): GatewayRule {
    const id = `rule-${++count}`;
    return {
        ...{ id, name: "a rule", action: "block", enabled: true, filters: ["l4"], precedence: 1, version: 1 },
        ...{ traffic: "", identity: "", device_posture: "", created_at: "", updated_at: "", deleted_at: null },
        ...given,
    };
}

function route(network: string, tunnel_id: string, virtual_network_id = DEFAULT.id) {
    return { id: network, network, tunnel_id, virtual_network_id, comment: "", ...stamped };
}

function name(hostname: string, tunnel_id: string) {
    return { id: hostname, hostname, tunnel_id, comment: "", ...stamped };
}

const EVERYTHING: DirectoryProfile = { name: "default", match: undefined, include: [], exclude: [] };

interface Account {
    readonly rules?: readonly GatewayRule[];
    readonly routes?: ReturnType<typeof route>[];
    readonly names?: ReturnType<typeof name>[];
    readonly profiles?: readonly DirectoryProfile[];
}

function directory({ rules = [], routes = [], names = [], profiles = [EVERYTHING] }: Account): PrivateNetworkDirectory {
    return {
        authenticate: () => undefined,
        virtualNetworks: () => [DEFAULT, LAB],
        networkRoutes: () => routes,
        hostnameRoutes: () => names,
        gatewayRules: () => rules,
        deviceProfiles: () => profiles,
        postureRuleIds: () => ["disk", "firewall"],
        listValues: () => undefined,
    };
}

function ask(account: Account, host: string, device = ADA, virtualNetwork?: string) {
    const destination = readDestination(host, 443);
    if (destination === undefined) {
        throw new Error(`${host} is no destination`);
    }
    return admit({ device, virtualNetwork, destination }, directory(account), new InitialAddresses());
}

describe("a destination", () => {
    it.each([
        ["10.20.1.5", "address", "10.20.1.5"],
        ["::ffff:10.20.1.5", "address", "10.20.1.5"],
        ["FD00:20:0:0::1", "address", "fd00:20::1"],
        ["Wiki.Internal.Example.", "hostname", "wiki.internal.example"],
    ])("is read in its one form: %s", (text, kind, host) => {
        expect(readDestination(text, 443)).toEqual({ kind, host, port: 443 });
    });

    it.each(["", "10.20", "0x7f.1", "127.1", "010.020.001.005.9", "fe80::1%eth0", "a..b", "-a", "a b", "é.example"])(
        "is none: %j",
        (text) => {
            expect(readDestination(text, 443)).toBeUndefined();
        },
    );

    it("needs a port", () => {
        expect(readDestination("10.20.1.5", 0)).toBeUndefined();
    });
});

describe("the way of a connection", () => {
    const routes = [
        route("10.0.0.0/8", "wide"),
        route("10.20.0.0/16", "office"),
        route("10.20.0.0/16", "lab", LAB.id),
        route("fd00:20::/48", "office"),
    ];

    it.each([
        ["10.20.1.5", undefined, "office"],
        ["10.21.1.5", undefined, "wide"],
        ["fd00:20::1", undefined, "office"],
        ["10.20.1.5", "lab", "lab"],
    ])("follows the longest route in its virtual network: %s in %s", (host, network, tunnelId) => {
        expect(ask({ routes }, host, ADA, network)).toMatchObject({ kind: "admitted", tunnelId });
    });

    it("starts in the virtual network that the device chose, unless the client names another", () => {
        const device = { ...ADA, virtual_network_id: LAB.id };
        expect(ask({ routes }, "10.20.1.5", device)).toMatchObject({ tunnelId: "lab" });
        expect(ask({ routes }, "10.20.1.5", device, "default")).toMatchObject({ tunnelId: "office" });
    });

    it.each([
        ["10.21.1.5", "lab", /no route to 10.21.1.5 in the virtual network "lab"/],
        ["192.168.0.1", undefined, /no route to 192.168.0.1/],
        ["10.20.1.5", "nowhere", /no virtual network "nowhere"/],
        ["unrouted.example", undefined, /no route to unrouted.example/],
    ])("ends where no route leads on: %s in %s", (host, network, rule) => {
        expect(ask({ routes }, host, ADA, network)).toMatchObject({
            verdict: "no-route",
            rule: expect.stringMatching(rule),
        });
    });

    it("follows a host name's own route before that of a wildcard, and a nearer wildcard before one further up", () => {
        const names = [
            name("*.example", "far"),
            name("*.internal.example", "near"),
            name("wiki.internal.example", "own"),
        ];
        const tunnelOf = (host: string) => ask({ names }, host);
        expect(tunnelOf("wiki.internal.example")).toMatchObject({
            tunnelId: "own",
            authority: "wiki.internal.example:443",
        });
        expect(tunnelOf("a.internal.example")).toMatchObject({ tunnelId: "near" });
        expect(tunnelOf("b.example")).toMatchObject({ tunnelId: "far" });
        expect(tunnelOf("example")).toMatchObject({ verdict: "no-route" });
    });
});

describe("Gateway's rules", () => {
    const routes = [route("10.20.0.0/16", "office")];
    const nobody = rule({ name: "nobody", traffic: "net.dst.ip in {10.20.0.0/16}", precedence: 99 });

    it("let through what none of them is about", () => {
        expect(ask({ routes }, "10.20.1.5")).toMatchObject({ kind: "admitted", rule: "no Gateway rule is about it" });
    });

    it("refuse before a route is looked for, with the rule's name", () => {
        expect(ask({ rules: [nobody] }, "10.20.1.5")).toEqual({
            kind: "refused",
            verdict: "blocked",
            rule: 'Gateway rule "nobody" (Block)',
        });
    });

    it("decide in order: the first that matches", () => {
        const ada = rule({ name: "ada", action: "allow", identity: 'identity.email == "ada@example.com"' });
        expect(ask({ routes, rules: [ada, nobody] }, "10.20.1.5")).toMatchObject({
            rule: 'Gateway rule "ada" (Allow)',
        });
        expect(ask({ routes, rules: [nobody, ada] }, "10.20.1.5")).toMatchObject({ verdict: "blocked" });
        const eve = { ...ADA, email: "eve@example.org" };
        expect(ask({ routes, rules: [ada, nobody] }, "10.20.1.5", eve)).toMatchObject({ verdict: "blocked" });
    });

    it("ask for posture that a device passes, or fails", () => {
        const encrypted = rule({
            action: "allow",
            device_posture: 'any(device_posture.checks.passed[*] in {"disk"})',
        });
        const rules = [encrypted, nobody];
        expect(ask({ routes, rules }, "10.20.1.5")).toMatchObject({ verdict: "blocked" });
        expect(ask({ routes, rules }, "10.20.1.5", { ...ADA, passed: ["disk"] })).toMatchObject({ kind: "admitted" });
        const failing = [rule({ device_posture: 'any(device_posture.checks.failed[*] in {"firewall"})' })];
        expect(ask({ routes, rules: failing }, "10.20.1.5")).toMatchObject({ verdict: "blocked" });
        const whole = { ...ADA, passed: ["disk", "firewall"] };
        expect(ask({ routes, rules: failing }, "10.20.1.5", whole)).toMatchObject({ kind: "admitted" });
    });

    it.each<[string, Partial<GatewayRule>]>([
        ["asks what cannot be known", { traffic: 'net.sni.host == "a.example"' }],
        ["names a list that is gone", { traffic: "net.dst.ip in $gone" }],
        ["cannot be read", { traffic: "net.dst.ip ?" }],
        ["holds at some times alone", { schedule: { mon: "08:00-12:00" } }],
        ["has an end", { expiration: { expires_at: "2100-01-01T00:00:00Z" } }],
    ])("stay shut where one of them %s: an Allow does not open, any other refuses", (_, uncertain) => {
        const allow = rule({ ...uncertain, action: "allow" });
        expect(ask({ routes, rules: [allow, nobody] }, "10.20.1.5")).toMatchObject({
            rule: 'Gateway rule "nobody" (Block)',
        });
        const block = rule({ ...uncertain, action: "block" });
        expect(ask({ routes, rules: [block] }, "10.20.1.5")).toMatchObject({
            verdict: "blocked",
            rule: expect.stringContaining("not all of it can be known"),
        });
    });

    it("refuse with an action that is not emulated", () => {
        const override = rule({ action: "l4_override", name: "elsewhere" });
        expect(ask({ routes, rules: [override] }, "10.20.1.5")).toMatchObject({
            verdict: "blocked",
            rule: 'Gateway rule "elsewhere" (l4_override, which is not emulated and refuses)',
        });
    });

    it("are asked about the lookup of a name, and then about the connection to the address that Gateway gave it", () => {
        const names = [name("wiki.internal.example", "office")];
        const lookup = rule({ name: "lookup", filters: ["dns"], traffic: 'dns.fqdn in {"wiki.internal.example"}' });
        expect(ask({ names, rules: [lookup] }, "wiki.internal.example")).toMatchObject({
            verdict: "blocked",
            rule: 'Gateway rule "lookup" (Block)',
        });
        expect(ask({ names, rules: [lookup] }, "other.internal.example")).toMatchObject({ verdict: "no-route" });
        const below = rule({ filters: ["dns"], traffic: 'any(dns.domains[*] == "internal.example")' });
        expect(ask({ names, rules: [below] }, "wiki.internal.example")).toMatchObject({ verdict: "blocked" });
        const initial = rule({ name: "initial", traffic: "net.dst.ip in {100.80.0.0/16}" });
        expect(ask({ names, rules: [initial] }, "wiki.internal.example")).toMatchObject({
            rule: 'Gateway rule "initial" (Block)',
        });
        expect(ask({ names, rules: [nobody] }, "wiki.internal.example")).toMatchObject({ kind: "admitted" });
    });
});

describe("split tunnels", () => {
    const routes = [route("10.20.0.0/16", "office")];
    const names = [name("wiki.internal.example", "office")];
    const profile = (given: Partial<DirectoryProfile>): DirectoryProfile => ({
        ...EVERYTHING,
        name: "Office",
        ...given,
    });

    it("keep out what the device's profile excludes, and say which profile", () => {
        const profiles = [profile({ exclude: [{ address: "10.0.0.0/8" }] })];
        expect(ask({ routes, profiles }, "10.20.1.5")).toMatchObject({
            verdict: "excluded",
            rule: 'device profile "Office" excludes 10.0.0.0/8',
        });
    });

    it("let nothing in but what the profile includes, a host name by its name", () => {
        const profiles = [profile({ include: [{ address: "10.20.0.0/24" }, { host: "*.internal.example" }] })];
        expect(ask({ routes, profiles }, "10.20.0.5")).toMatchObject({ kind: "admitted" });
        expect(ask({ routes, profiles }, "10.20.1.5")).toMatchObject({ verdict: "excluded" });
        expect(ask({ names, profiles }, "wiki.internal.example")).toMatchObject({ kind: "admitted" });
        expect(ask({ names, profiles }, "wiki.example")).toMatchObject({ verdict: "excluded" });
    });

    it("are those of the first profile that is the device's", () => {
        const staff = profile({ match: 'identity.email == "ada@example.com"', include: [{ address: "10.20.0.0/16" }] });
        const profiles = [staff, profile({ name: "default", exclude: [{ address: "10.0.0.0/8" }] })];
        expect(ask({ routes, profiles }, "10.20.1.5")).toMatchObject({ kind: "admitted" });
        const eve = { ...ADA, email: "eve@example.org" };
        expect(ask({ routes, profiles }, "10.20.1.5", eve)).toMatchObject({
            rule: 'device profile "default" excludes 10.0.0.0/8',
        });
    });

    it("keep everything out where it cannot be known whose a profile is", () => {
        const profiles = [profile({ match: 'os.name == "linux"' }), EVERYTHING];
        expect(ask({ routes, profiles }, "10.20.1.5")).toMatchObject({ verdict: "excluded" });
        expect(ask({ routes, profiles }, "10.20.1.5", { ...ADA, os: "linux" })).toMatchObject({ kind: "admitted" });
    });
});
