import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
    addressesOf,
    addressProblems,
    defaultIpv6Range,
} from "../../../components/interconnect/wireguard/addresses.ts";
import { contains } from "../../../components/validation/index.ts";
import { someNodes } from "./federations.ts";

const RANGES = { ipv6: "fd12:3456:789a:1::/64", ipv4: "10.64.0.0/12" };
const node = (name: string, site = "a") => ({ name, site });

describe("addresses in a mesh", () => {
    it("stay as they are for all who stay, whoever joins or leaves, and in whatever order they are written", () => {
        const changed = fc.tuple(someNodes, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }));
        fc.assert(
            fc.property(changed, ([nodes, stays]) => {
                const before = addressesOf(nodes, RANGES);
                const after = addressesOf(nodes.filter((_, index) => stays[index]).toReversed(), RANGES);
                for (const [name, addresses] of after) expect(addresses).toEqual(before.get(name));
            }),
        );
    });

    it("lie in their ranges, and are never the network's own or everybody's", () => {
        const small = { ...RANGES, ipv4: "10.64.0.0/30" };
        fc.assert(
            fc.property(fc.stringMatching(/^[a-z]{1,8}$/), (name) => {
                const { ipv6, ipv4 } = addressesOf([node(name)], small).get(name) ?? { ipv6: "" };
                expect(contains(RANGES.ipv6, `${ipv6}/128`)).toBe(true);
                expect(["10.64.0.1", "10.64.0.2"]).toContain(ipv4);
            }),
        );
    });

    it("are others in another federation, and the same for whoever asks", () => {
        expect(defaultIpv6Range("commons")).toBe(defaultIpv6Range("commons"));
        expect(defaultIpv6Range("commons")).not.toBe(defaultIpv6Range("friends"));
        expect(contains("fd00::/8", defaultIpv6Range("commons"))).toBe(true);
        expect(defaultIpv6Range("commons")).toMatch(/^fd[0-9a-f:]+::\/64$/);
    });

    it("are none where no IPv4 range is given, but of IPv6", () => {
        expect(addressesOf([node("a1")], { ipv6: RANGES.ipv6 }).get("a1")).toEqual({ ipv6: expect.any(String) });
    });

    it("that two nodes would share are told, with a free one for the one that came last, which moves nobody", () => {
        const ranges = { ...RANGES, ipv4: "10.64.0.0/28" };
        const crowd = Array.from({ length: 9 }, (_, index) => node(`n${index}`));
        let pinned: Record<string, string> = {};
        // As a user does: one after another joins, and what the mistake says is written down.
        for (let size = 1; size <= crowd.length; size++) {
            const there = crowd.slice(0, size);
            const before = addressesOf(crowd.slice(0, size - 1), ranges, pinned);
            const [problem, ...more] = addressProblems(there, ranges, pinned);
            if (problem !== undefined) {
                const joined = there.at(-1)?.name ?? "";
                expect(problem).toEqual({
                    path: "ipv4Addresses",
                    reason: expect.stringMatching(new RegExp(`^"${joined}" and "n\\d" both have 10\\.64\\.0\\.\\d+`)),
                });
                const free = /such as "(.*)"/.exec(problem.reason)?.[1] ?? "";
                pinned = { ...pinned, [joined]: free };
            }
            expect(more).toEqual([]);
            expect(addressProblems(there, ranges, pinned)).toEqual([]);
            const after = addressesOf(there, ranges, pinned);
            for (const [name, addresses] of before) expect(after.get(name)).toEqual(addresses);
            expect(new Set([...after.values()].map(({ ipv4 }) => ipv4)).size).toBe(size);
        }
        expect(Object.keys(pinned)).not.toEqual([]);
    });

    it("that are written down are refused where nobody can have them", () => {
        const said = (pinned: Record<string, string>, ranges: { ipv6: string; ipv4?: string } = RANGES) =>
            addressProblems([node("a1")], ranges, pinned);
        const refused = [{ path: "ipv4Addresses.a1", reason: expect.stringContaining("is no node's address in") }];
        expect(said({ a1: "10.64.0.0" })).toEqual(refused);
        expect(said({ a1: "10.79.255.255" })).toEqual(refused);
        expect(said({ a1: "10.80.0.1" })).toEqual(refused);
        expect(said({ a1: "fd00::1" })).toEqual(refused);
        expect(said({ a1: "10.64.0.1" })).toEqual([]);
        expect(said({ a2: "10.64.0.1" })[0]?.reason).toContain("is not a node");
        expect(said({ a1: "10.64.0.1" }, { ipv6: RANGES.ipv6 })[0]?.reason).toContain('Write "ipv4Range" as well');
    });
});
