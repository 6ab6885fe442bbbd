import { describe, expect, it } from "vitest";
import { compileIntentions } from "../../components/interconnect/federation/intentions.ts";
import { federationProblems } from "../../components/interconnect/federation/problems.ts";
import { BackEnd, tradeOffOf } from "../../components/interconnect/federation/tradeOffs.ts";
import type { Federation } from "../../components/interconnect/federation.ts";
import { twoSites } from "./support/federations.ts";

/** What is said of the two sites after a change to them. */
function said(change: (federation: Federation) => unknown): Record<string, string> {
    const federation = twoSites();
    change(federation);
    return Object.fromEntries(federationProblems(federation).map(({ path, reason }) => [path, reason]));
}

/** The one element of a list at an index, which the fixture has. */
function nth<T>(list: readonly T[], index: number): T {
    const element = list[index];
    if (element === undefined) throw new Error(`no element ${index}`);
    return element;
}

const site = (federation: Federation, index: number) => nth(federation.sites, index);
const node = (federation: Federation, siteIndex: number, index: number) =>
    nth(site(federation, siteIndex).nodes, index);
const service = (federation: Federation, index: number) => nth(federation.services, index);

describe("a federation", () => {
    it("has nothing said against it where it is right", () => {
        expect(federationProblems(twoSites())).toEqual([]);
    });

    it("is told where it stands", () => {
        expect(federationProblems({ ...twoSites(), name: "" }, "sallyport:federation")).toEqual([
            { path: "sallyport:federation.name", reason: expect.stringContaining('"" is not a name') },
        ]);
    });

    it.each([
        ["name", "Commons", (f: Federation) => Object.assign(f, { name: "Commons" })],
        ["domain", "wildcard", (f: Federation) => Object.assign(f, { domain: "*.consul" })],
        ["domain", "upper-case", (f: Federation) => Object.assign(f, { domain: "Consul" })],
        ["sites[1].name", "sites[0]", (f: Federation) => Object.assign(site(f, 1), { name: "a" })],
        ["sites[0].owner", "is empty", (f: Federation) => Object.assign(site(f, 0), { owner: " " })],
        ["sites[0].nodes", "is empty", (f: Federation) => Object.assign(site(f, 0), { nodes: [] })],
        [
            "sites[1].ipv6Prefix",
            "overlaps sites[0]",
            (f: Federation) => Object.assign(site(f, 1), { ipv6Prefix: "2001:db8:a:1::/64" }),
        ],
        [
            "sites[1].ipv6Prefix",
            "is IPv4",
            (f: Federation) => Object.assign(site(f, 1), { ipv6Prefix: "203.0.113.0/24" }),
        ],
        [
            "sites[1].ipv6Prefix",
            "is not public",
            (f: Federation) => Object.assign(site(f, 1), { ipv6Prefix: "fd00:1::/48" }),
        ],
        ["sites[1].egress[0]", "is not public", (f: Federation) => Object.assign(site(f, 1), { egress: ["10.0.0.1"] })],
        [
            "sites[1].egress[0]",
            "every address",
            (f: Federation) => Object.assign(site(f, 1), { egress: ["0.0.0.0/0"] }),
        ],
        [
            "sites[1].nodes[0].name",
            "is that of sites[0].nodes[0]",
            (f: Federation) => Object.assign(node(f, 1, 0), { name: "a1" }),
        ],
        [
            "sites[0].nodes[1].address",
            "is that of sites[0].nodes[0]",
            (f: Federation) => Object.assign(node(f, 0, 1), { address: "2001:DB8:a:0::1" }),
        ],
        [
            "sites[0].nodes[1].address",
            "is missing",
            (f: Federation) => Object.assign(node(f, 0, 1), { address: undefined }),
        ],
        [
            "sites[0].nodes[1].address",
            'contradicts "roaming"',
            (f: Federation) => Object.assign(node(f, 0, 1), { roaming: true }),
        ],
        [
            "sites[0].nodes[1].address",
            "outside the site",
            (f: Federation) => Object.assign(node(f, 0, 1), { address: "2001:db8:b::1" }),
        ],
        [
            "sites[0].nodes[1].address",
            "not an IP address",
            (f: Federation) => Object.assign(node(f, 0, 1), { address: "a2.example.com" }),
        ],
        [
            "sites[1].nodes[0].relay",
            "needs an address",
            (f: Federation) => Object.assign(node(f, 1, 0), { relay: true }),
        ],
        ["services[1].name", "services[0]", (f: Federation) => Object.assign(service(f, 1), { name: "ldap" })],
        ["services[0].site", "not a site", (f: Federation) => Object.assign(service(f, 0), { site: "c" })],
        ["services[0].nodes", "is empty", (f: Federation) => Object.assign(service(f, 0), { nodes: [] })],
        [
            "services[0].nodes[1]",
            'a node of the site "b"',
            (f: Federation) => Object.assign(service(f, 0), { nodes: ["a1", "b1"] }),
        ],
        [
            "services[0].nodes[1]",
            "not a node",
            (f: Federation) => Object.assign(service(f, 0), { nodes: ["a1", "a9"] }),
        ],
        [
            "services[0].nodes[1]",
            "nodes[0] already",
            (f: Federation) => Object.assign(service(f, 0), { nodes: ["a1", "a1"] }),
        ],
        ["services[0].port", "is not a port", (f: Federation) => Object.assign(service(f, 0), { port: 0 })],
        [
            "services[1].port",
            'services[0] on the node "a2"',
            (f: Federation) => Object.assign(service(f, 1), { port: 636 }),
        ],
        ["services[0].protocol", "is unknown", (f: Federation) => Object.assign(service(f, 0), { protocol: "udp" })],
        [
            "intentions[0].from",
            "not a service",
            (f: Federation) => Object.assign(nth(f.intentions, 0), { from: "forgr" }),
        ],
        [
            "intentions[0].to",
            "is the service itself",
            (f: Federation) => Object.assign(nth(f.intentions, 0), { from: "ldap" }),
        ],
        [
            "intentions[0].to",
            "has no port",
            (f: Federation) => Object.assign(nth(f.intentions, 0), { to: "wiki", port: undefined }),
        ],
        [
            "intentions[0].port",
            "not the port of",
            (f: Federation) => Object.assign(nth(f.intentions, 0), { port: 389 }),
        ],
        ["intentions[1]", "intentions[0] already", (f: Federation) => f.intentions.push({ from: "forge", to: "ldap" })],
    ])("is refused at %s: %s", (path, reason, change) => {
        expect(said(change)[`federation.${path}`]).toContain(reason);
    });

    it.each([
        "10.0.0.5",
        "100.64.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.1.1",
        "fd00::1",
        "fe80::1",
        "::1",
        "::ffff:10.0.0.5",
    ])("never leads its members to the internal address %s", (address) => {
        const reasons = said((f) => Object.assign(node(f, 1, 0), { address }));
        expect(reasons["federation.sites[1].nodes[0].address"]).toContain("is not public");
    });

    it("takes a node that roams and one behind NAT without an address", () => {
        const reasons = said((f) => site(f, 0).nodes.push({ name: "laptop", roaming: true }));
        expect(reasons).toEqual({});
    });

    it("has all its mistakes told at once", () => {
        const reasons = said((f) => {
            Object.assign(f, { name: "" });
            Object.assign(service(f, 0), { site: "c" });
            Object.assign(nth(f.intentions, 0), { from: "nobody" });
        });
        expect(Object.keys(reasons)).toEqual([
            "federation.name",
            "federation.services[0].site",
            "federation.intentions[0].from",
        ]);
    });

    it("lets through what an intention names, from and to every node where the two may run, and nothing else", () => {
        const paths = compileIntentions(twoSites());
        expect(paths).toMatchObject([
            {
                from: { name: "forge" },
                to: { name: "ldap" },
                port: 636,
                fromNodes: [{ name: "b1", site: "b" }],
                toNodes: [
                    { name: "a1", site: "a", address: "2001:db8:a::1" },
                    { name: "a2", site: "a" },
                ],
            },
        ]);
        expect(compileIntentions({ ...twoSites(), intentions: [] })).toEqual([]);
    });
});

describe("the trade-off of a way of connecting", () => {
    it("says of each whether it lets pairs or whole nodes through, and which alone opens no port", () => {
        const chosen = Object.values(BackEnd).map((backEnd) => tradeOffOf(backEnd));
        expect(chosen.map(({ backEnd, authorisation, inbound }) => [backEnd, authorisation, inbound.length])).toEqual([
            ["mutual-tls", "per-pair", 2],
            ["consul", "per-pair", 1],
            ["wireguard", "lan-like", 1],
            ["tunnel-link", "per-pair", 0],
        ]);
    });
});
