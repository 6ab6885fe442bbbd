import { describe, expect, it } from "vitest";
import { personAnswer, personText, targetAnswer, targetText } from "../../cli/reach/answers.ts";
import type { AccessGraph, Condition, Selector, Target } from "../../cli/reach/model.ts";
import type { StackGraph } from "../../cli/reach/sources.ts";

const wiki: Target = { kind: "web", name: "wiki.example.com", origin: "http://wiki:3000", tunnel: "office" };
const network: Target = { kind: "network", name: "10.20.1.0/24 ports 22", tunnel: "office" };
const lonely: Target = { kind: "tcp", name: "db.example.com", origin: "tcp://postgres:5432", tunnel: "office" };

function stack(who: Selector, conditions: readonly Condition[] = [], target = wiki): StackGraph {
    const ways = [{ rule: "policy staff", session: "24h", conditions }];
    const graph: AccessGraph = { targets: [wiki, network, lonely], grants: [{ who, target, ways }] };
    return { stack: "staging", source: "plan", graph };
}

const domain: Selector = { kind: "email domain", value: "example.com" };
const only = (...anyOf: Selector[]): Condition => ({ demand: "only", anyOf });
const except = (...anyOf: Selector[]): Condition => ({ demand: "except", anyOf });

/** `yes`, `no`, or the conditions that are left. */
function verdict(who: Selector, conditions: readonly Condition[] = [], person = "ada@example.com"): string {
    const [answer] = personAnswer([stack(who, conditions)], person).reaches;
    if (answer === undefined) return "no";
    return answer.certain ? "yes" : (answer.ways[0]?.conditions ?? []).join(", ");
}

describe("what a person reaches", () => {
    it.each<[string, Selector, string]>([
        ["her own address, whatever its case", { kind: "email", value: "Ada@example.com" }, "yes"],
        ["another address", { kind: "email", value: "bob@example.com" }, "no"],
        ["her domain", domain, "yes"],
        ["a domain that hers ends with", { kind: "email domain", value: "ample.com" }, "no"],
        ["everybody", { kind: "everyone", value: "" }, "yes"],
        ["a service token", { kind: "service token", value: "ci" }, "no"],
        ["any client certificate", { kind: "any client certificate", value: "" }, "no"],
        ["a group at a provider", { kind: "identity group", value: "ops", provider: "Okta" }, "in ops at Okta"],
        ["a place", { kind: "country", value: "CH" }, "in CH"],
        ["every device", { kind: "enrolled device", value: "" }, "on an enrolled device"],
        [
            "what is not known yet",
            { kind: "unknown", value: "policy staff" },
            "whoever policy staff names, known only after the deployment",
        ],
    ])("by %s", (_, who, expected) => {
        expect(verdict(who)).toBe(expected);
    });

    it.each<[string, Condition, string]>([
        ["a factor", only({ kind: "authentication method", value: "mfa" }), "authenticated by mfa"],
        ["a device check", only({ kind: "device posture", value: "disk" }), "on a device that passes disk"],
        ["an address that she has", only(domain), "yes"],
        ["an address that she has not", only({ kind: "email domain", value: "example.org" }), "no"],
        [
            "one of two, of which she meets one",
            only({ kind: "country", value: "CH" }, { kind: "email", value: "ada@example.com" }),
            "yes",
        ],
        ["an exception for herself", except({ kind: "email", value: "ada@example.com" }), "no"],
        ["an exception for somebody else", except({ kind: "email", value: "eve@example.com" }), "yes"],
        ["an exception that nobody can decide", except({ kind: "country", value: "US" }), "except in US"],
    ])("under %s", (_, condition, expected) => {
        expect(verdict(domain, [condition])).toBe(expected);
    });

    it("may be asked of a machine by its name", () => {
        const token: Selector = { kind: "service token", value: "ci" };
        expect(verdict(token, [], "ci")).toBe("yes");
        expect(verdict(token, [], "service token ci")).toBe("yes");
        expect(verdict(token, [only(domain)], "ci")).toBe("with an address in @example.com");
        expect(verdict(token, [], "c")).toBe("no");
    });

    it("is told with rule, session and tunnel, or as nothing", () => {
        const mfa = only({ kind: "authentication method", value: "mfa" });
        expect(personText(personAnswer([stack(domain, [mfa])], "ada@example.com"))).toBe(
            [
                "staging (what the stack's files declare, deployed or not):",
                "  wiki.example.com (http://wiki:3000)",
                "      if authenticated by mfa; session 24h; policy staff [tunnel office]",
            ].join("\n"),
        );
        expect(personText(personAnswer([stack(domain)], "bob@example.org"))).toContain(
            "bob@example.org reaches nothing",
        );
    });
});

describe("who reaches something", () => {
    const who = (name: string, target = wiki) =>
        targetAnswer([stack(domain, [], target)], name).reachedBy.map((one) => `${one.who} → ${one.what}`);

    it.each(["wiki.example.com", "WIKI", "wiki:3000"])("finds it by %s", (name) => {
        expect(who(name)).toEqual(["people of @example.com → wiki.example.com (http://wiki:3000)"]);
    });

    it("finds a network by an address in it", () => {
        expect(who("10.20.1.7", network)).toEqual(["people of @example.com → 10.20.1.0/24 ports 22"]);
        expect(who("10.20.2.7", network)).toEqual([]);
    });

    it("tells nobody from nothing of that name", () => {
        expect(targetText(targetAnswer([stack(domain)], "postgres"))).toContain("nobody reaches postgres");
        expect(targetText(targetAnswer([stack(domain)], "mysql"))).toContain("nothing here is called mysql");
    });
});
