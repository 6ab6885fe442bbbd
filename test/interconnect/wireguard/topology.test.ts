import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { federationNodes } from "../../../components/interconnect/federation/intentions.ts";
import { meetingProblems, planMesh } from "../../../components/interconnect/wireguard/topology.ts";
import { twoSites } from "../support/federations.ts";
import { everybodyWithEverybody, someNodes } from "./federations.ts";

const peersOf = (federation: Parameters<typeof planMesh>[0], name: string) =>
    Object.fromEntries([...(planMesh(federation).get(name)?.peers ?? [])].map(([peer, behind]) => [peer, [...behind]]));

/** Two nodes behind NAT of different owners, and two that may relay. */
function apart() {
    const federation = twoSites();
    federation.sites.push(
        { name: "c", owner: "C", nat: true, nodes: [{ name: "c1" }] },
        { name: "hub", owner: "H", nodes: [{ name: "hub1", address: "2001:db8:c::1", relay: true }] },
    );
    federation.services.push({ name: "chat", site: "c", nodes: ["c1"], port: 443 });
    federation.intentions = [{ from: "forge", to: "chat" }];
    return federation;
}

describe("a mesh", () => {
    it("makes peers of those whom an intention joins, and of nobody else", () => {
        expect(peersOf(twoSites(), "b1")).toEqual({ a1: ["a1"], a2: ["a2"] });
        expect(peersOf(twoSites(), "a1")).toEqual({ b1: ["b1"] });
        expect(peersOf(twoSites(), "b2")).toEqual({});
    });

    it("makes no peers within a node", () => {
        const federation = twoSites();
        federation.services.push({ name: "cron", site: "a", nodes: ["a1"] });
        federation.intentions = [{ from: "cron", to: "ldap" }];
        expect(peersOf(federation, "a1")).toEqual({ a2: ["a2"] });
        expect(planMesh(federation).get("a1")?.serves).toEqual([]);
    });

    it("leads two that cannot meet through a relay, which carries that and nothing else", () => {
        expect(peersOf(apart(), "b1")).toEqual({ hub1: ["c1"] });
        expect(peersOf(apart(), "c1")).toEqual({ hub1: ["b1"] });
        expect(peersOf(apart(), "hub1")).toEqual({ b1: ["b1"], c1: ["c1"] });
        expect(planMesh(apart()).get("hub1")).toMatchObject({
            relays: [{ from: "b1", to: "c1", port: 443 }],
            serves: [],
            uses: [],
        });
    });

    it("takes a relay of one of their own sites before any other, for it reads what passes", () => {
        const federation = apart();
        federation.sites[1]?.nodes.push({ name: "b3", address: "2001:db8:b::3", relay: true });
        expect(peersOf(federation, "c1")).toEqual({ b3: ["b1"] });
    });

    it("says which cannot meet where there is no relay", () => {
        const federation = apart();
        federation.sites.pop();
        expect(meetingProblems(apart())).toEqual([]);
        expect(meetingProblems(federation)).toEqual([
            { path: "federation.sites", reason: expect.stringMatching(/^has no relay, and b1 and c1 cannot meet/) },
        ]);
    });

    it("changes nothing between those who stay when one joins or leaves, relays included", () => {
        fc.assert(
            fc.property(someNodes, fc.nat(), (nodes, pick) => {
                const left = nodes[pick % nodes.length]?.name;
                const before = planMesh(everybodyWithEverybody(nodes));
                const after = planMesh(everybodyWithEverybody(nodes.filter(({ name }) => name !== left)));
                for (const [name, { peers, serves, uses, relays }] of after) {
                    const old = before.get(name);
                    const without = (flows: readonly { from: string; to: string }[] = []) =>
                        flows.filter(({ from, to }) => from !== left && to !== left);
                    expect(serves).toEqual(without(old?.serves));
                    expect(uses).toEqual(without(old?.uses));
                    expect(relays).toEqual(without(old?.relays));
                    for (const [peer, behind] of peers) {
                        expect([...(old?.peers.get(peer) ?? [])].filter((one) => one !== left)).toEqual([...behind]);
                    }
                }
            }),
            { numRuns: 50 },
        );
    });

    it("leads every permitted pair to each other, both ways, by allowed addresses that no two peers of a node share", () => {
        fc.assert(
            fc.property(someNodes, (nodes) => {
                const plans = planMesh(everybodyWithEverybody(nodes));
                for (const { name } of federationNodes(everybodyWithEverybody(nodes))) {
                    const peers = plans.get(name)?.peers ?? new Map<string, Set<string>>();
                    const behind = [...peers.values()].flatMap((one) => [...one]);
                    expect(new Set(behind).size).toBe(behind.length);
                    for (const peer of peers.keys()) expect([...(plans.get(peer)?.peers.keys() ?? [])]).toContain(name);
                }
                for (const from of nodes) {
                    for (const to of nodes.filter(({ name }) => name !== from.name)) {
                        const [hop] = [...(plans.get(from.name)?.peers ?? [])].find(([, behind]) =>
                            behind.has(to.name),
                        ) ?? [""];
                        const arrives = hop === to.name || plans.get(hop)?.peers.get(to.name)?.has(to.name);
                        expect(arrives).toBe(true);
                    }
                }
            }),
            { numRuns: 50 },
        );
    });
});
