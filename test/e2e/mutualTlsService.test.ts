import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Federation } from "../../components/index.ts";
import { certificateState } from "../components/support/tlsProvider.ts";
import { deployServices, type MadeService, type ServiceChoice } from "../interconnect/support/mutualTls.ts";
import { plainConsul } from "./support/consul/plainConsul.ts";
import { dnsmasq } from "./support/sites/dnsmasq.ts";
import { type DeployedHost, ServiceOnNode } from "./support/sites/serviceOnNode.ts";
import { tlsClient } from "./support/sites/tlsDial.ts";
import { type BedNodeName, ROUTER, type TwoSites, twoSites } from "./support/twoSites.ts";

const DIRECTORY = { host: "127.0.0.1", port: 10_636 };
const MAIL = { host: "127.0.0.1", port: 10_993 };
/** Consul looks every five seconds, and takes some more to see that a node is gone. */
const FOUND_AGAIN = { timeout: 30_000, interval: 200 };
/** Two seconds more than the proxy's drain, for its end on a busy machine. */
const CUT_OFF_WITHIN_MS = 7_000;

/** Forge and wiki come from behind one router: only their certificates tell them apart. */
function federationOf({ nodes }: TwoSites): Federation {
    const at = (name: BedNodeName) => ({ name, address: nodes[name].ipv6 });
    return {
        name: "commons",
        sites: [
            { name: "a", owner: "Association A", nodes: [at("a1"), at("a2"), at("a3")] },
            {
                name: "b",
                owner: "Association B",
                nat: true,
                egress: [ROUTER.ipv4, ROUTER.ipv6],
                nodes: [{ name: "b1" }, { name: "b2" }],
            },
        ],
        services: [
            { name: "ldap", site: "a", nodes: ["a1", "a2"], port: 636 },
            { name: "mail", site: "a", nodes: ["a2"], port: 993 },
            { name: "forge", site: "b", nodes: ["b1"] },
            { name: "wiki", site: "b", nodes: ["b2"] },
        ],
        intentions: [
            { from: "forge", to: "ldap" },
            { from: "wiki", to: "mail" },
        ],
    };
}

const SERVICE_NAMES = ["ldap", "mail", "forge", "wiki"] as const;
type ServiceName = (typeof SERVICE_NAMES)[number];

describe("mutual TLS between two sites", () => {
    const started = new AsyncDisposableStack();
    const state = certificateState();
    const running = new Map<string, ServiceOnNode>();
    let sites: TwoSites;
    let choices: Record<ServiceName, ServiceChoice>;
    let made: Record<string, MadeService>;

    beforeAll(async () => {
        sites = started.use(await twoSites());
        const { a1, a2, a3, b1, b2 } = sites.nodes;
        const machines = [a3, a1, a2].map(({ machine, ipv6 }) => ({ machine, address: ipv6 }));
        const consul = started.use(await plainConsul(machines, { datacenter: "a", publicDns: true }));
        const dns = { forwarder: "dnsmasq", consulDns: `[${a3.ipv6}]:8600` } as const;
        choices = {
            ldap: { upstream: "127.0.0.1:389" },
            mail: { upstream: "127.0.0.1:143" },
            forge: { localPorts: { ldap: DIRECTORY.port }, ...dns },
            wiki: { localPorts: { mail: MAIL.port }, ...dns },
        };
        made = await deployServices(federationOf(sites), choices, state);
        await a1.machine.serve("ldap", 389, "127.0.0.1");
        await a2.machine.serve("mail", 143, "127.0.0.1");
        for (const [service, node] of [
            ["ldap", "a1"],
            ["ldap", "a2"],
            ["mail", "a2"],
        ] as const) {
            const on = started.use(await ServiceOnNode.start(sites.nodes[node].machine, deployed(service, node)));
            running.set(`${service} on ${node}`, on);
            await consul.define(sites.nodes[node].machine, {
                [`${service}.json`]: on.text(`sallyport-${service}.json`),
            });
        }
        for (const [service, { machine }] of [
            ["forge", b1],
            ["wiki", b2],
        ] as const) {
            const host = deployed(service, machine.name);
            const on = started.use(
                await ServiceOnNode.start(machine, host, (files) =>
                    dnsmasq(machine, files.path("/etc/dnsmasq.d/sallyport-consul.conf")),
                ),
            );
            running.set(`${service} on ${machine.name}`, on);
        }
    });
    afterAll(() => started.disposeAsync());

    function deployed(service: ServiceName, node: string): DeployedHost {
        const { hosts, secretFiles } = made[service] ?? { hosts: [], secretFiles: [] };
        const host = hosts.find((one) => one.node === node);
        if (host === undefined) throw new Error(`${service} has nothing on ${node}`);
        return { host, secretFiles };
    }

    function on(service: ServiceName, node: BedNodeName): ServiceOnNode {
        const found = running.get(`${service} on ${node}`);
        if (found === undefined) throw new Error(`${service} does not run on ${node}`);
        return found;
    }

    /** Deploys anew and puts the files of a service on a node. */
    async function redeploy(
        service: ServiceName,
        node: BedNodeName,
        changes: Partial<Federation>,
        choice: ServiceChoice = {},
    ) {
        const federation = { ...federationOf(sites), ...changes };
        const changed = await deployServices(federation, { [service]: { ...choices[service], ...choice } }, state);
        made = { ...made, ...changed };
        await on(service, node).put(deployed(service, node));
    }

    const asksForDirectory = () => sites.nodes.b1.machine.ask(DIRECTORY);

    /** Waits until the name leads to one node alone. */
    async function leadsTo(node: BedNodeName): Promise<void> {
        const { machine } = sites.nodes.b1;
        const found = () => machine.resolve("127.0.0.1:53", "ldap.service.a.consul", "AAAA").catch(() => []);
        await expect.poll(found, FOUND_AGAIN).toEqual([sites.nodes[node].ipv6]);
    }

    it("leads each service to the one that an intention names, found by its name", async () => {
        await leadsTo("a1");
        await expect.poll(asksForDirectory, FOUND_AGAIN).toEqual({ line: "ldap on a1: whoami" });
        const { b2 } = sites.nodes;
        await expect.poll(() => b2.machine.ask(MAIL), FOUND_AGAIN).toEqual({ line: "mail on a2: whoami" });
    });

    it("refuses every other pair, from wherever and with whatever certificate of the federation", async () => {
        const { nodes } = sites;
        const from: [ServiceName | "nobody", BedNodeName][] = [
            ["forge", "b1"],
            ["wiki", "b2"],
            ["nobody", "b1"],
            ["ldap", "a1"],
            ["mail", "a2"],
            ["nobody", "a3"],
        ];
        const to = [
            { service: "ldap", node: "a1", port: 636 },
            { service: "mail", node: "a2", port: 993 },
        ] as const;
        const pairs = from.flatMap(([user, at]) =>
            to.filter((used) => used.node !== at).map((used) => ({ user, at, used })),
        );
        const outcomes = pairs.map(async ({ user, at, used: { service, node, port } }) => {
            const identity = user === "nobody" ? undefined : made[user];
            const target = { host: nodes[node].ipv6, port, servername: `${service}.service.a.consul` };
            return [`${user} on ${at} → ${service}`, await tlsClient(nodes[at].machine, target, identity)];
        });
        expect(Object.fromEntries(await Promise.all(outcomes))).toEqual({
            "forge on b1 → ldap": { line: "ldap on a1: whoami", peer: expect.any(String) },
            "forge on b1 → mail": { refused: "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", peer: expect.any(String) },
            "wiki on b2 → ldap": { refused: "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", peer: expect.any(String) },
            "wiki on b2 → mail": { line: "mail on a2: whoami", peer: expect.any(String) },
            "nobody on b1 → ldap": {
                refused: expect.stringContaining("CERTIFICATE_REQUIRED"),
                peer: expect.any(String),
            },
            "nobody on b1 → mail": {
                refused: expect.stringContaining("CERTIFICATE_REQUIRED"),
                peer: expect.any(String),
            },
            "ldap on a1 → mail": { refused: "no answer", peer: "" },
            "mail on a2 → ldap": { refused: "no answer", peer: "" },
            "nobody on a3 → ldap": { refused: "no answer", peer: "" },
            "nobody on a3 → mail": { refused: "no answer", peer: "" },
        });
    });

    it("shows nothing in clear on the way", async () => {
        await using capture = await sites.capture();
        const said = "uid=ada,ou=people";
        expect(await sites.nodes.b1.machine.ask(DIRECTORY, said)).toEqual({ line: `ldap on a1: ${said}` });
        const seen = await capture.end();
        expect(seen.includes("ldap.service.a.consul")).toBe(true);
        expect(seen.includes(said)).toBe(false);
    });

    it("is as it was rendered, and says so where it is not", async () => {
        const ldap = on("ldap", "a1");
        expect(await ldap.check()).toMatchObject({ exitCode: 0, all: "" });
        await sites.nodes.a1.machine.succeed("nft", "flush", "chain", "inet", "sallyport_ldap", "asked");
        const opened = await ldap.check();
        await ldap.guard();
        expect(opened).toMatchObject({
            exitCode: 1,
            all: expect.stringContaining("firewall: the rules in force are not those of"),
        });
        expect(await ldap.check()).toMatchObject({ exitCode: 0 });
    });

    it("takes a renewed certificate while connections stay open", async () => {
        const { a1, b1 } = sites.nodes;
        const target = { host: a1.ipv6, port: 636, servername: "ldap.service.a.consul" };
        const before = await tlsClient(b1.machine, target, made.forge);
        await using held = await b1.machine.hold(DIRECTORY);
        await held.answers(5);
        await redeploy("ldap", "a1", {}, { earlyRenewalHours: 721 });
        on("ldap", "a1").renew();
        const presented = async () => (await tlsClient(b1.machine, target, made.forge)).peer;
        await expect.poll(presented, { timeout: 10_000 }).not.toBe(before.peer);
        expect((await held.answers(5)).ended).toBeUndefined();
    });

    it("names a certificate that is not valid yet, as by a clock that is wrong, on both sides", async () => {
        const forge = on("forge", "b1");
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
        await redeploy("forge", "b1", {}, { earlyRenewalHours: 721 });
        vi.useRealTimers();
        expect((await forge.check()).all).toContain("certificate is not yet valid. Correct the clock (");
        forge.renew();
        await expect.poll(asksForDirectory, { timeout: 10_000 }).toEqual({ refused: "closed" });
        const said = "failed to verify certificate: x509: certificate has expired or is not yet valid: current time";
        await expect.poll(() => on("ldap", "a1").log).toContain(said);
        await redeploy("forge", "b1", {});
        forge.renew();
        await expect.poll(asksForDirectory, { timeout: 10_000 }).toEqual({ line: "ldap on a1: whoami" });
        expect(await forge.check()).toMatchObject({ exitCode: 0 });
    });

    it("finds a service again that moved to another node, and where a node was lost", async () => {
        const { a1, a2 } = sites.nodes;
        await a1.machine.stop(389);
        await a2.machine.serve("ldap", 389, "127.0.0.1");
        await leadsTo("a2");
        expect(await asksForDirectory()).toEqual({ line: "ldap on a2: whoami" });
        await a1.machine.serve("ldap", 389, "127.0.0.1");
        await sites.setLink("a2", "down");
        await leadsTo("a1");
        expect(await asksForDirectory()).toEqual({ line: "ldap on a1: whoami" });
    });

    it("ends open connections in time where an intention was removed, and takes no others", async () => {
        const { b1 } = sites.nodes;
        await using held = await b1.machine.hold(DIRECTORY);
        expect((await held.answers(5)).ended).toBeUndefined();
        await redeploy("ldap", "a1", { intentions: [{ from: "wiki", to: "ldap" }] });
        const begun = performance.now();
        const [, report] = await Promise.all([on("ldap", "a1").restart(), held.ended()]);
        expect(report.ended).toBe("closed");
        expect(performance.now() - begun).toBeLessThan(CUT_OFF_WITHIN_MS);
        await expect.poll(asksForDirectory, { timeout: 10_000 }).toEqual({ refused: "closed" });
    });
});
