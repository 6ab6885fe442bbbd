import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IngressMatch, orderIngress, repeatedIngress } from "../../components/internal/ingress.ts";
import { ingressPathPattern } from "../../components/validation/index.ts";

const label = fc.constantFrom("a", "b", "c");
const hostname = fc
    .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 3 }))
    .map(([wildcard, labels]) => `${wildcard ? "*." : ""}${labels.join(".")}.example.com`);
const path = fc.option(
    fc.array(label, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join("/")}`),
    { nil: undefined },
);
const rules: fc.Arbitrary<IngressMatch[]> = fc.uniqueArray(
    fc.record({ hostname, path }).map(({ hostname: name, path: below }) => ({
        hostname: name,
        ...(below === undefined ? {} : { path: below }),
    })),
    { selector: (rule) => `${rule.hostname}${rule.path ?? ""}`, maxLength: 12 },
);

/** Whether cloudflared would take the rule for a request: `*` stands for any number of labels. */
function matches(rule: IngressMatch, request: { host: string; path: string }): boolean {
    const { hostname: name } = rule;
    const host = name.startsWith("*.") ? request.host.endsWith(name.slice(1)) : request.host === name;
    return host && (rule.path === undefined || new RegExp(ingressPathPattern(rule.path)).test(request.path));
}

/** Whether every request that `narrow` matches is matched by `wide` too. */
function covers(wide: IngressMatch, narrow: IngressMatch): boolean {
    const host =
        wide.hostname === narrow.hostname ||
        (wide.hostname.startsWith("*.") && narrow.hostname.replace(/^\*/, "").endsWith(wide.hostname.slice(1)));
    const below = narrow.path === wide.path || narrow.path?.startsWith(`${wide.path}/`) === true;
    return host && (wide.path === undefined || below);
}

describe("the order of ingress rules", () => {
    it("never lets a wider rule take what a narrower one is for", () => {
        fc.assert(
            fc.property(rules, (unordered) => {
                const ordered = orderIngress(unordered);
                for (const [position, wide] of ordered.entries()) {
                    const shadowed = ordered.slice(position + 1).filter((narrow) => covers(wide, narrow));
                    expect(shadowed).toEqual([]);
                }
            }),
        );
    });

    it("sends each rule's own address to that rule", () => {
        fc.assert(
            fc.property(rules, (unordered) => {
                const ordered = orderIngress(unordered);
                for (const rule of ordered.filter(({ hostname: name }) => !name.startsWith("*."))) {
                    const request = { host: rule.hostname, path: rule.path ?? "/" };
                    expect(ordered.find((one) => matches(one, request))).toEqual(rule);
                }
            }),
        );
    });

    it("does not depend on the order in the program, and loses nothing", () => {
        const shuffled = rules.chain((list) =>
            fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        );
        fc.assert(
            fc.property(shuffled, ([list, other]) => {
                expect(orderIngress(other)).toEqual(orderIngress(list));
                expect(orderIngress(list)).toHaveLength(list.length);
            }),
        );
    });

    it("reads as a person would write it", () => {
        const unordered = [
            { hostname: "*.example.com" },
            { hostname: "*.b.example.com" },
            { hostname: "x.example.com" },
            { hostname: "x.example.com", path: "/a/b" },
            { hostname: "a.example.com" },
            { hostname: "x.example.com", path: "/z" },
            { hostname: "*.example.com", path: "/health" },
        ];
        expect(orderIngress(unordered).map(({ hostname: name, path: below = "" }) => name + below)).toEqual([
            "a.example.com",
            "x.example.com/a/b",
            "x.example.com/z",
            "x.example.com",
            "*.b.example.com",
            "*.example.com/health",
            "*.example.com",
        ]);
    });

    it("finds every repetition and names the first of its kind", () => {
        const rule = { hostname: "a.example.com", path: "/x" };
        expect(repeatedIngress([rule, { hostname: "a.example.com" }, rule, rule])).toEqual([
            { index: 2, first: 0 },
            { index: 3, first: 0 },
        ]);
    });
});
