import { describe, expect, it } from "vitest";
import { rules } from "../../policy/rules/index.ts";
import { access } from "./cases/access.ts";
import { containers } from "./cases/containers.ts";
import { dns } from "./cases/dns.ts";
import { exposure } from "./cases/exposure.ts";
import { provider } from "./cases/provider.ts";
import { secrets } from "./cases/secrets.ts";
import { tunnel } from "./cases/tunnel.ts";
import type { Case } from "./support/cases.ts";
import { run } from "./support/judge.ts";

const cases = { ...exposure, ...containers, ...dns, ...access, ...tunnel, ...secrets, ...provider };

it("has violating, compliant and unknown cases for every rule, and for no other", () => {
    expect(Object.keys(cases).sort()).toEqual(rules.map(({ name }) => name).sort());
});

describe.each(rules.map((rule) => ({ rule, ...(cases[rule.name] ?? { violating: [], compliant: [], unknown: [] }) })))(
    "$rule.name",
    ({ rule, violating, compliant, unknown }) => {
        const saysExactly = async ({ resources, config, messages = [] }: Case) => {
            const outcome = await run(rule, resources, config);
            expect(outcome.violations.map(({ message }) => message)).toEqual(messages);
            expect(outcome.downgraded).toEqual([]);
            expect(outcome.notApplicable).toEqual([]);
        };
        const [first] = violating;
        if (first === undefined) throw new Error(`Rule '${rule.name}' has no violating case.`);
        const { resources, config, messages = [] } = first;
        const waivers = async (until: string, names: (name: string, urn: string) => string = (name) => name) => {
            const { violations } = await run(rule, resources, config);
            return [...new Set(violations.map(({ urn }) => urn ?? ""))].map((urn) => ({
                resource: names(urn.split("::").at(-1) ?? "", urn),
                reason: "moves with release 4",
                until,
            }));
        };

        it.each(violating)("refuses $what", saysExactly);
        it.each(compliant)("accepts $what", saysExactly);
        it.each(unknown)("in a preview: $what", saysExactly);

        it("has something to refuse in every violating case", () => {
            expect(violating.filter((one) => (one.messages ?? []).length === 0)).toEqual([]);
        });

        it("accepts what is waived, by name and by URN, to the end of the last day", async () => {
            const lastMoment = new Date("2026-11-30T23:59:59Z");
            for (const byName of [true, false]) {
                const list = await waivers("2026-11-30", (name, urn) => (byName ? name : urn));
                const outcome = await run(rule, resources, { ...config, waivers: list }, lastMoment);
                expect(outcome.violations).toEqual([]);
            }
        });

        it("refuses again from the day after, and says why", async () => {
            const after = new Date("2026-12-01T00:00:00Z");
            const outcome = await run(rule, resources, { ...config, waivers: await waivers("2026-11-30") }, after);
            expect(outcome.violations.map(({ message }) => message)).toEqual(
                messages.map((message) => `${message} Its waiver (moves with release 4) ended on 2026-11-30.`),
            );
        });

        it("lets a waiver for one resource excuse no other", async () => {
            const other = [{ resource: "somebody-else", reason: "moves with release 4", until: "2026-11-30" }];
            const outcome = await run(rule, resources, { ...config, waivers: other });
            expect(outcome.violations.map(({ message }) => message)).toEqual(messages);
        });
    },
);
