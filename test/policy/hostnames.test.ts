import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certainSegments, destinations, guards } from "../../policy/access.ts";
import { commonSuffix, coversHostname, ingressServes, labelsBelow } from "../../policy/hostnames.ts";
import { cloudflare } from "./support/cases.ts";

describe("the reach of a wildcard", () => {
    it.each([
        { pattern: "*.example.com", name: "a.example.com", ingress: true, access: true },
        { pattern: "*.example.com", name: "a.b.example.com", ingress: true, access: false },
        { pattern: "*.example.com", name: "example.com", ingress: false, access: false },
        { pattern: "*.example.com", name: "a.notexample.com", ingress: false, access: false },
        { pattern: "*.example.com", name: "*.example.com", ingress: true, access: true },
        { pattern: "A.example.com.", name: "a.Example.com", ingress: true, access: true },
        { pattern: "a-*.example.com", name: "a-b.example.com", ingress: false, access: true },
        { pattern: "a-*.example.com", name: "a-.example.com", ingress: false, access: true },
        { pattern: "a-*-c.example.com", name: "a-c.example.com", ingress: false, access: false },
        { pattern: "a-*.example.com", name: "*.example.com", ingress: false, access: false },
        { pattern: "a-*.example.com", name: "a-*.example.com", ingress: true, access: true },
        { pattern: "*.example.com", name: "a-*.example.com", ingress: true, access: true },
        { pattern: "*.*.example.com", name: "a.b.example.com", ingress: false, access: true },
    ])("$pattern for $name: ingress $ingress, Access $access", ({ pattern, name, ingress, access }) => {
        expect(ingressServes(pattern, name)).toBe(ingress);
        expect(coversHostname(pattern, name)).toBe(access);
    });
});

describe("the depth of a name", () => {
    it.each([
        ["example.com", "example.com", 0],
        ["a.example.com", "Example.com.", 1],
        ["*.a.example.com", "example.com", 2],
        ["a.notexample.com", "example.com", undefined],
        ["a.example.com", "", undefined],
    ])("%s below %s is %s", (name, zone, depth) => {
        expect(labelsBelow(name, zone)).toBe(depth);
    });

    it.each([
        [["a.example.com", "b.example.com"], "example.com"],
        [["a.b.example.com", "b.example.com"], "b.example.com"],
        [["b.example.com", "a.b.example.com"], "b.example.com"],
        [["a.example.com"], "a.example.com"],
        [["a.example.com", "a.example.net"], ""],
        [[], ""],
    ])("%j share %j", (names, suffix) => {
        expect(commonSuffix(names)).toBe(suffix);
    });
});

describe("the paths of an ingress rule", () => {
    it.each([
        ["^/admin(/|$)", ["admin"]],
        ["^/admin($|/)", ["admin"]],
        ["^/admin(?:/|$)", ["admin"]],
        ["^/admin(/.*)?$", ["admin"]],
        ["^/admin$", ["admin"]],
        ["^/admin/", ["admin"]],
        ["^/admin/users(/|$)", ["admin", "users"]],
        ["^/admin/(users|groups)", ["admin"]],
        ["^/v1\\.0\\+(/|$)", ["v1.0+"]],
        ["^/admin", []],
        ["^/admin(/|$)?", []],
        ["^/admins?/", []],
        ["^/a/b*", ["a"]],
        ["^/a/\\.?", ["a"]],
        ["^/admin/|^/open", []],
        ["^/\\d+/", []],
        ["^/ad.in/", []],
        ["/admin/", []],
        ["(?i)^/admin/", []],
        ["", []],
    ])("%s begin with %j", (expression, segments) => {
        expect(certainSegments(expression)).toEqual(segments);
    });

    it("never begin with anything else", () => {
        const piece = fc.constantFrom("/", "a", "b", "\\.", ".", "?", "*", "(/|$)", "(a|b)", "|", "$", "[ab]", "+");
        const path = fc
            .array(fc.constantFrom("/", "a", "b", ".", "ab"), { maxLength: 6 })
            .map((parts) => `/${parts.join("")}`);
        fc.assert(
            fc.property(fc.array(piece, { maxLength: 7 }), fc.array(path, { maxLength: 20 }), (pieces, paths) => {
                const source = `^/${pieces.join("")}`;
                let expression: RegExp;
                try {
                    expression = new RegExp(source);
                } catch {
                    return;
                }
                const segments = certainSegments(source);
                for (const matched of paths.filter((one) => expression.test(one))) {
                    const actual = matched.split("/").filter((segment) => segment !== "");
                    expect(actual.slice(0, segments.length)).toEqual(segments);
                }
            }),
            { numRuns: 2000, seed: 20261122 },
        );
    });
});

describe("the destinations of an Access application", () => {
    it("are its domain, its further domains and its public destinations, without ports and final wildcards", () => {
        const application = cloudflare.application("wiki", {
            domain: "https://wiki.example.com:443/admin/*",
            selfHostedDomains: ["wiki.example.net", ""],
            destinations: [
                { type: "public", uri: "wiki.example.org/a/b/" },
                { uri: "wiki.example.edu" },
                { type: "private", uri: "10.0.0.1", cidr: "10.0.0.0/8" },
            ],
        });
        expect(destinations({ ...application, urn: "" })).toEqual([
            { hostname: "wiki.example.com", path: ["admin"] },
            { hostname: "wiki.example.net", path: [] },
            { hostname: "wiki.example.org", path: ["a", "b"] },
            { hostname: "wiki.example.edu", path: [] },
        ]);
    });

    it.each([
        { path: [], rule: undefined, covered: true },
        { path: [], rule: "anything", covered: true },
        { path: ["admin"], rule: undefined, covered: false },
        { path: ["admin"], rule: "^/admin(/|$)", covered: true },
        { path: ["admin"], rule: "^/admin/users(/|$)", covered: true },
        { path: ["admin", "users"], rule: "^/admin(/|$)", covered: false },
        { path: ["a*"], rule: "^/admin(/|$)", covered: true },
        { path: ["b*"], rule: "^/admin(/|$)", covered: false },
    ])("with the path $path guard a rule for $rule: $covered", ({ path, rule, covered }) => {
        expect(guards({ hostname: "wiki.example.com", path }, "wiki.example.com", rule)).toBe(covered);
        expect(guards({ hostname: "wiki.example.com", path }, "docs.example.com", rule)).toBe(false);
    });
});
