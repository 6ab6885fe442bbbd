import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { PrivateNetwork, type PrivateNetworkArgs } from "../../components/index.ts";
import { overlappingRanges, privateRangeProblem } from "../../components/validation/index.ts";
import { deploy, problemsOf, promiseOf, uuid } from "../support/mocks.ts";
import { ACCOUNT, Token, TUNNEL } from "./fixtures.ts";

const staff = { name: "staff", emailDomains: ["example.com"] };
const args: PrivateNetworkArgs = {
    accountId: ACCOUNT,
    tunnelId: TUNNEL,
    networks: ["fd00:20::/48", "10.20.0.0/16"],
    grants: [staff],
};

async function made(changes: Partial<PrivateNetworkArgs> = {}) {
    const deployment = await deploy(() => new PrivateNetwork("office", { ...args, ...changes }));
    expect(deployment.error).toBeUndefined();
    const rule = (name: string) => deployment.inputsOf(Token.GatewayPolicy, name);
    return { ...deployment, network: deployment.result as PrivateNetwork, rule };
}

describe("PrivateNetwork", () => {
    it("routes each range, and nobody but who is granted reaches it", async () => {
        const { inputsOf, rule, network } = await made();
        expect(inputsOf(Token.PrivateRoute, "office-10.20.0.0/16")).toEqual({
            accountId: ACCOUNT,
            tunnelId: TUNNEL,
            network: "10.20.0.0/16",
            comment: "Private network office",
        });
        const common = { accountId: ACCOUNT, filters: ["l4"], enabled: true };
        expect(rule("office-traffic")).toMatchObject({
            ...common,
            action: "block",
            precedence: 40_099,
            traffic: "net.dst.ip in {10.20.0.0/16 fd00:20::/48}",
        });
        expect(rule("office-traffic")).not.toHaveProperty("identity");
        expect(rule("office-traffic-staff")).toMatchObject({
            ...common,
            action: "allow",
            precedence: 40_000,
            traffic: "net.dst.ip in {10.20.0.0/16 fd00:20::/48}",
            identity: 'identity.email matches "^[^@]+@example[.]com$"',
            devicePosture: "",
        });
        expect(await promiseOf(network.networks)).toEqual(["10.20.0.0/16", "fd00:20::/48"]);
    });

    it("opens a route only when its rules stand, and the grants only behind the refusal", async () => {
        const { resource } = await made({ hostnames: ["wiki.internal.example"] });
        const route = resource(Token.PrivateRoute, "office-10.20.0.0/16");
        const hostname = resource(Token.HostnameRoute, "office-wiki.internal.example");
        const rules = ["office-traffic", "office-traffic-staff", "office-lookup", "office-lookup-staff"];
        const urns = rules.map((name) => resource(Token.GatewayPolicy, name).urn);
        for (const { dependencies } of [route, hostname]) expect(dependencies).toEqual(expect.arrayContaining(urns));
        const [refusal] = urns;
        expect(resource(Token.GatewayPolicy, "office-traffic-staff").dependencies).toContain(refusal);
    });

    it("narrows a grant to ranges, ports, places and devices", async () => {
        const oncall = {
            name: "oncall",
            emails: ["Grace@example.com", "ada@example.com"],
            fromRanges: ["203.0.113.7"],
            fromCountries: ["FR", "CH"],
            posture: [{ anyOf: pulumi.output(["disk-on-linux", "disk-on-macos"]) }, { anyOf: ["firewall"] }],
            networks: ["10.20.1.0/24"],
            ports: [5432, 22],
        };
        const { rule } = await made({ grants: [staff, oncall], precedence: 500 });
        expect(rule("office-traffic-oncall")).toMatchObject({
            precedence: 501,
            traffic:
                'net.dst.ip in {10.20.1.0/24} and net.dst.port in {22 5432} and net.src.ip in {203.0.113.7/32} and net.src.geo.country in {"CH" "FR"}',
            identity: 'identity.email in {"ada@example.com" "grace@example.com"}',
            devicePosture:
                'any(device_posture.checks.passed[*] in {"disk-on-linux" "disk-on-macos"}) and any(device_posture.checks.passed[*] in {"firewall"})',
        });
        expect(rule("office-traffic")).toMatchObject({ precedence: 599 });
    });

    it("guards host names where a device first meets them, at their lookup", async () => {
        const { rule, inputsOf, network } = await made({ networks: [], hostnames: ["wiki.internal.example"] });
        expect(rule("office-lookup")).toMatchObject({
            action: "block",
            filters: ["dns"],
            traffic: 'dns.fqdn in {"wiki.internal.example"}',
        });
        expect(rule("office-lookup-staff")).toMatchObject({ action: "allow", filters: ["dns"] });
        expect(inputsOf(Token.HostnameRoute, "office-wiki.internal.example")).toMatchObject({ tunnelId: TUNNEL });
        expect(await promiseOf(network.hostnames)).toEqual(["wiki.internal.example"]);
    });

    it("keeps its rules to its own virtual network where it has one", async () => {
        const { rule, inputsOf, network } = await made({ ownVirtualNetwork: true });
        const id = uuid("office-virtual-network");
        expect(inputsOf(Token.VirtualNetwork, "office-virtual-network")).toMatchObject({
            name: "office",
            isDefaultNetwork: false,
        });
        expect(inputsOf(Token.PrivateRoute, "office-10.20.0.0/16")).toMatchObject({ virtualNetworkId: id });
        expect(rule("office-traffic").traffic).toBe(
            `net.dst.ip in {10.20.0.0/16 fd00:20::/48} and net.vnet_id == "${id}"`,
        );
        expect(await promiseOf(network.virtualNetworkId)).toBe(id);
    });

    it("is the same whatever the order in the program", async () => {
        const one = await made();
        const other = await made({ networks: ["10.20.0.0/16", "FD00:20::/48"] });
        expect(other.rule("office-traffic")).toEqual(one.rule("office-traffic"));
        expect(other.resources.map(({ name }) => name)).toEqual(one.resources.map(({ name }) => name));
    });

    it("refuses every mistake at once, and registers nothing", async () => {
        const { error, resources } = await deploy(
            () =>
                new PrivateNetwork("office", {
                    accountId: "acme",
                    tunnelId: "edge",
                    networks: ["10.20.0.0/16", "10.20.1.0/24", "8.8.8.0/24", "10.0.0.1/8"],
                    hostnames: ["*.internal.example"],
                    grants: [
                        { name: "No One", posture: [{ anyOf: [] }] },
                        { name: "staff", emailDomains: ["gmail.com"], networks: ["10.30.0.0/16"], ports: [0] },
                        { name: "staff", emails: ["ada@example.com"], fromRanges: ["x"], fromCountries: ["UK"] },
                    ],
                    ownVirtualNetwork: true,
                    virtualNetworkId: "default",
                    precedence: 0,
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "accountId",
            "grants[0]",
            "grants[0].name",
            "grants[0].posture[0].anyOf",
            "grants[1].emailDomains[0]",
            "grants[1].ports[0]",
            "grants[2].fromCountries[0]",
            "grants[2].fromRanges[0]",
            "grants[2].name",
            "hostnames[0]",
            "networks[1]",
            "networks[2]",
            "networks[3]",
            "precedence",
            "tunnelId",
            "virtualNetworkId",
        ]);
        expect(resources).toEqual([]);
    });

    it("refuses a network without an address, and one without a soul", async () => {
        const { error } = await deploy(() => new PrivateNetwork("office", { ...args, networks: [], grants: [] }));
        expect(problemsOf(error)).toEqual({
            networks: expect.stringMatching(/is empty, and so is "hostnames"/),
            grants: expect.stringMatching(/nobody could ever enter/),
        });
    });
});

describe("a private range", () => {
    it.each(["10.0.0.0/8", "172.16.0.0/12", "192.168.1.0/24", "100.64.0.0/16", "fd00:20::/48", "fc00::/7", "10.1.2.3"])(
        "is %s",
        (range) => {
            expect(privateRangeProblem(range)).toBeUndefined();
        },
    );

    it.each([
        ["0.0.0.0/0", /every address/],
        ["8.8.8.0/24", /is not private/],
        ["10.0.0.0/7", /is not private/],
        ["172.32.0.0/16", /is not private/],
        ["2001:db8::/32", /is not private/],
        ["fe80::/10", /is not private/],
        ["100.64.0.0/10", /overlaps 100\.96\.0\.0\/12, which Cloudflare's own client uses/],
        ["100.80.3.0/24", /overlaps 100\.80\.0\.0\/16/],
        ["10.0.0.1/8", /bits set beyond its prefix/],
        ["10.0", /neither an IP address nor a CIDR range/],
    ])("is not %s", (range, reason) => {
        expect(privateRangeProblem(range)).toMatch(reason);
    });

    it("overlaps another one where one contains the other, in the same family", () => {
        expect(overlappingRanges(["10.0.0.0/8", "fd00::/8", "10.20.0.0/16", "192.168.0.0/16", "fd00:1::/32"])).toEqual([
            { index: 2, first: 0 },
            { index: 4, first: 1 },
        ]);
    });
});
