import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Federation } from "../../components/index.ts";
import { type DeclaredMesh, declareMesh, type MeshSites, meshSites } from "./support/meshSites.ts";
import type { BedNodeName } from "./support/twoSites.ts";

const LDAP = 636;
const MAIL = 993;
const GIT = 3000;
const PORTS = [LDAP, MAIL, GIT];

/** A of three nodes that can be dialled, one of them a relay; B of two behind NAT, which cannot meet each other by the addresses that are known. */
function federation(): Federation {
    const address = (last: number) => `2001:db8:a::${last}`;
    return {
        name: "commons",
        sites: [
            {
                name: "a",
                owner: "Association A",
                nodes: [
                    { name: "a1", address: address(11) },
                    { name: "a2", address: address(12) },
                    { name: "a3", address: address(13), relay: true },
                ],
            },
            { name: "b", owner: "Association B", nat: true, nodes: [{ name: "b1" }, { name: "b2" }] },
        ],
        services: [
            { name: "ldap", site: "a", nodes: ["a1", "a2"], port: LDAP },
            { name: "mail", site: "a", nodes: ["a2"], port: MAIL },
            { name: "monitor", site: "a", nodes: ["a3"] },
            { name: "git", site: "b", nodes: ["b1"], port: GIT },
            { name: "wiki", site: "b", nodes: ["b2"] },
        ],
        intentions: [
            { from: "git", to: "ldap" },
            { from: "wiki", to: "mail" },
            { from: "wiki", to: "git" },
            { from: "monitor", to: "git" },
        ],
    };
}

/** Who gets through to what, by the intentions: `b1 → a1:636`. Everything else is refused. */
const INTENDED = ["a3 → b1:3000", "b1 → a1:636", "b1 → a2:636", "b2 → a2:993", "b2 → b1:3000"];
const NODES: BedNodeName[] = ["a1", "a2", "a3", "b1", "b2"];
/** Longer than a handshake, so that a refusal is not taken for one that goes on. */
const REFUSED_WITHIN_MS = 1_500;

describe("a WireGuard mesh between two sites, one of them behind NAT", () => {
    let bed: MeshSites;
    let declared: DeclaredMesh;

    beforeAll(async () => {
        bed = await meshSites();
        declared = await declareMesh(federation());
        await bed.apply(declared, ...NODES);
        // Whatever may be asked for is there on every node: who gets none was refused.
        await Promise.all(
            NODES.flatMap((name) => PORTS.map((port) => bed.sites.nodes[name].machine.serve(`port ${port}`, port))),
        );
    });
    afterAll(() => bed[Symbol.asyncDispose]());

    const machine = (name: BedNodeName) => bed.sites.nodes[name].machine;
    const at = (name: BedNodeName, port: number) => ({ host: declared.addresses[name] ?? "", port });

    it("lets each intended pair talk and refuses every other, and nobody on the way reads it", async () => {
        await using capture = await bed.sites.capture();
        const pairs = NODES.flatMap((from) =>
            NODES.filter((to) => to !== from).flatMap((to) => PORTS.map((port) => ({ from, to, port }))),
        );
        const answers = await Promise.all(
            pairs.map(async ({ from, to, port }) => {
                const answer = await machine(from).ask(at(to, port), "a known plaintext", REFUSED_WITHIN_MS);
                return "line" in answer ? [`${from} → ${to}:${port}`] : [];
            }),
        );
        // The same service by its address outside the mesh: a text that does cross in clear, so that the capture is known to see it.
        const outside = { host: bed.sites.nodes.a1.ipv6, port: LDAP };
        expect(await machine("b1").ask(outside, "a text in clear")).toHaveProperty("line");
        const seen = await capture.end();
        expect(answers.flat().toSorted()).toEqual(INTENDED);
        expect(seen.includes("a text in clear")).toBe(true);
        expect(seen.includes("a known plaintext")).toBe(false);
    });

    it("takes nobody for a node who comes by another interface", async () => {
        const { transit, nodes } = bed.sites;
        const { host } = at("a1", LDAP);
        await transit.succeed("ip", "-6", "route", "add", `${host}/128`, "via", nodes.a1.ipv6);
        expect(await transit.ask({ host, port: LDAP }, "whoami", 500)).toEqual({ refused: "no answer" });
        await transit.succeed("ip", "-6", "route", "del", `${host}/128`, "via", nodes.a1.ipv6);
    });

    it("finds a service on the other node that it moves to, without a change to the mesh", async () => {
        await machine("a1").stop(LDAP);
        expect(await machine("b1").ask(at("a1", LDAP))).toEqual({ refused: "ECONNREFUSED" });
        expect(await machine("b1").ask(at("a2", LDAP))).toEqual({ line: "port 636 on a2: whoami" });
        await machine("a1").serve("port 636", LDAP);
        expect(await machine("b1").ask(at("a1", LDAP))).toEqual({ line: "port 636 on a1: whoami" });
    });

    it("goes on without a node that is lost, and takes it back as it was", async () => {
        await bed.sites.setLink("a1", "down");
        expect(await machine("b1").ask(at("a1", LDAP), "whoami", 500)).toEqual({ refused: "no answer" });
        expect(await machine("b1").ask(at("a2", LDAP))).toEqual({ line: "port 636 on a2: whoami" });
        await bed.sites.setLink("a1", "up");
        // WireGuard tries a handshake every five seconds while there is something to send.
        expect(await machine("b1").ask(at("a1", LDAP), "whoami", 10_000)).toHaveProperty("line");
    });

    it("keeps connections in both directions while the router before a site forgets its flows", async () => {
        await using inward = await machine("a3").hold(at("b1", GIT));
        await using outward = await machine("b1").hold(at("a1", LDAP));
        await using relayed = await machine("b2").hold(at("b1", GIT));
        const all = [inward, outward, relayed];
        await Promise.all(all.map((held) => held.answers(5)));
        await bed.sites.rebindNat();
        for (const report of await Promise.all(all.map((held) => held.answers(50)))) {
            expect(report.ended).toBeUndefined();
            // A sign of life a second from those behind NAT, and TCP's own wait for what was lost.
            expect(report.longestSilenceMs).toBeLessThan(4_000);
        }
    });

    it.each([
        ["a1", "that can be dialled, before its peers'", ["a1", "a2", "a3", "b1", "b2"], { a1: 2 }],
        ["b1", "behind NAT, after its peers'", ["a1", "a2", "a3", "b2", "b1"], { a1: 2, b1: 2 }],
    ] as const)("keeps connections while the key of %s is replaced, %s", async (_, __, order, keyVersions) => {
        await using held = await machine("b1").hold(at("a1", LDAP));
        await using bystander = await machine("b2").hold(at("a2", MAIL));
        await Promise.all([held.answers(5), bystander.answers(5)]);
        declared = await declareMesh(federation(), { keyVersions });
        await bed.apply(declared, ...order);
        const [report, other] = await Promise.all([held.answers(50), bystander.answers(50)]);
        expect([report.ended, other.ended]).toEqual([undefined, undefined]);
        // The time from the first node to the last, a handshake, a second one five seconds later where the first came before its peer knew the key, and
        // TCP's own wait for what was lost.
        expect(report.longestSilenceMs).toBeLessThan(10_000);
        expect(other.longestSilenceMs).toBeLessThan(1_000);
    });

    it("ends what goes on with the next packet once its intention is gone, and nothing else", async () => {
        await using ended = await machine("b1").hold(at("a1", LDAP));
        await using kept = await machine("b2").hold(at("a2", MAIL));
        await Promise.all([ended.answers(5), kept.answers(5)]);
        const fewer = federation();
        fewer.intentions.shift();
        const next = await declareMesh(fewer, { keyVersions: { a1: 2, b1: 2 } });
        await bed.apply(next, "a1");
        const { answered } = await ended.answers(0);
        await bed.apply(next, "a2", "a3", "b1", "b2");
        // Nothing came through any more once one side knew; the other side's own packet filter tells the program.
        expect(await ended.ended()).toMatchObject({ answered, ended: "ECONNRESET" });
        expect((await kept.answers(20)).ended).toBeUndefined();
        expect(await machine("b1").ask(at("a2", LDAP), "whoami", 500)).toHaveProperty("refused");
    });
});
