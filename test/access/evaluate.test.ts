import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessRule, DirectoryPolicy } from "../../emulator/accessDirectory.ts";
import { evaluateForPeople, evaluateUnattended } from "../../emulator/edge/access/policy/evaluate.ts";
import { everything, policy, ruleDirectory, stranger } from "./support/subjects.ts";

const nothing = ruleDirectory();
const yes: AccessRule = { everyone: {} };
const no: AccessRule = { email: { email: "nobody@example.com" } };
const unknown: AccessRule = { user_risk_score: { user_risk_score: ["low"] } };

const decide = (...policies: DirectoryPolicy[]) => evaluateForPeople(policies, everything, nothing);

describe("policies for people", () => {
    it("let nobody in unless one says so", () => {
        expect(decide()).toMatchObject({ decision: "deny", reason: "no policy lets anybody in" });
        expect(decide(policy("allow", { include: [no] }))).toMatchObject({
            decision: "deny",
            reason: 'policy "allow 1": no rule of include matched',
        });
    });

    it("are asked by precedence, not by their place in the list", () => {
        const block = policy("deny", { include: [yes] }, 1);
        const allow = policy("allow", { include: [yes] }, 2);
        expect(decide(allow, block).decision).toBe("deny");
        expect(decide({ ...block, precedence: 3 }, allow).decision).toBe("allow");
    });

    it.each([
        [{ include: [no, yes] }, "include everyone matched"],
        [{ include: [yes], exclude: [yes] }, "exclude everyone matched"],
        [{ include: [yes], require: [yes, no] }, "require email nobody@example.com did not match"],
        [{ include: [unknown] }, "user_risk_score low cannot be known here"],
    ])("say which rule decided: %j", (lists, reason) => {
        expect(decide(policy("allow", lists)).reason).toContain(reason);
    });

    it("stay closed where something cannot be known", () => {
        expect(decide(policy("allow", { include: [unknown] })).decision).toBe("deny");
        expect(decide(policy("allow", { include: [yes], require: [unknown] })).decision).toBe("deny");
        expect(decide(policy("allow", { include: [yes], exclude: [unknown] })).decision).toBe("deny");
        const allow = policy("allow", { include: [yes] }, 2);
        expect(decide(policy("deny", { include: [unknown] }, 1), allow).decision).toBe("deny");
        expect(decide(policy("deny", { include: [yes], exclude: [yes] }, 1), allow).decision).toBe("allow");
    });

    it("that wait for an approval let nobody in, because nobody can give it here, and leave the others alone", () => {
        const approved = { ...policy("allow", { include: [yes] }, 1), approval_required: true };
        expect(decide(approved)).toMatchObject({
            decision: "deny",
            reason: 'policy "allow 1": the approval that it asks for cannot be given here',
        });
        expect(decide({ ...approved, include: [no] }).reason).toBe('policy "allow 1": no rule of include matched');
        expect(decide(approved, policy("allow", { include: [yes] }, 2)).decision).toBe("allow");
        expect(decide({ ...approved, decision: "deny" }, policy("allow", { include: [yes] }, 2)).decision).toBe("deny");
    });

    it("reach through groups within groups", () => {
        const directory = ruleDirectory({
            inner: { include: [{ email_domain: { domain: "example.com" } }] },
            outer: { include: [{ group: { id: "inner" } }], exclude: [{ email: { email: "bob@example.com" } }] },
        });
        const staff = policy("allow", { include: [{ group: { id: "outer" } }] });
        expect(evaluateForPeople([staff], everything, directory)).toMatchObject({
            decision: "allow",
            reason: 'policy "allow 1" (Allow): include group "the outer" matched',
        });
    });
});

describe("policies without a login", () => {
    it("come to a decision without an identity only", () => {
        const byEmail = policy("bypass", { include: [{ email: { email: "ann@example.com" } }] });
        expect(evaluateUnattended([byEmail], everything, nothing)).toBeUndefined();
        const butAnn = policy("bypass", { include: [yes], exclude: [{ email: { email: "ann@example.com" } }] });
        expect(evaluateUnattended([butAnn], stranger, nothing)).toBeUndefined();
    });

    it("let a service token through where Service Auth names it, never where Allow does", () => {
        const rule: AccessRule = { any_valid_service_token: {} };
        expect(evaluateUnattended([policy("non_identity", { include: [rule] })], everything, nothing)).toMatchObject({
            decision: "non_identity",
        });
        expect(evaluateUnattended([policy("allow", { include: [rule] })], everything, nothing)).toBeUndefined();
    });
});

/** A rule that is true, false or unknown for `everything`, with its value. */
const rule = fc.constantFrom<[AccessRule, boolean | undefined]>([yes, true], [no, false], [unknown, undefined]);
const rules = fc.array(rule, { maxLength: 3 });
const anyPolicy = fc.record({
    decision: fc.constantFrom("allow", "deny", "bypass", "non_identity"),
    include: fc.array(rule, { minLength: 1, maxLength: 3 }),
    require: rules,
    exclude: rules,
});
type Sample = typeof anyPolicy extends fc.Arbitrary<infer Value> ? Value : never;

/** What the documentation says, with every unknown taken to be as given. */
function matches({ include, require, exclude }: Sample, unknowns: (list: "in" | "out") => boolean): boolean {
    const value = (known: boolean | undefined, list: "in" | "out") => known ?? unknowns(list);
    return (
        include.some(([, known]) => value(known, "in")) &&
        require.every(([, known]) => value(known, "in")) &&
        !exclude.some(([, known]) => value(known, "out"))
    );
}

describe("any list of policies", () => {
    it("is decided by the first match, with what is unknown counted against the one who asks", () => {
        fc.assert(
            fc.property(fc.array(anyPolicy, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (samples, order) => {
                const policies = samples.map(({ decision, include, require, exclude }, i) => {
                    const [inc, req, exc] = [include, require, exclude].map((list) => list.map(([rule]) => rule));
                    return policy(decision, { include: inc ?? [], require: req ?? [], exclude: exc ?? [] }, i + 1);
                });
                const expected = samples.find(
                    (sample) =>
                        ["allow", "deny"].includes(sample.decision) &&
                        matches(sample, (list) => (list === "in") === (sample.decision === "deny")),
                );
                const shuffled = policies.map((item) => [order.next().value as number, item] as const);
                const mixed = shuffled.toSorted(([one], [other]) => one - other).map(([, item]) => item);
                expect(evaluateForPeople(mixed, everything, nothing).decision).toBe(expected?.decision ?? "deny");
                const unattended = samples.find(
                    (sample) =>
                        ["bypass", "non_identity"].includes(sample.decision) &&
                        // Without an identity the e-mail rule is unknown, too.
                        matches(
                            {
                                ...sample,
                                include: sample.include.filter(([, known]) => known === true),
                                require: sample.require.map(([rule, known]) => [rule, known === true]),
                                exclude: sample.exclude.map(([rule]) => [rule, true]),
                            },
                            () => false,
                        ),
                );
                expect(evaluateUnattended(mixed, everything, nothing)?.decision).toBe(unattended?.decision);
            }),
        );
    });
});
