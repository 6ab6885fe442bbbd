import { describe, expect, it } from "vitest";
import { rules } from "../../policy/rules/index.ts";
import { access } from "./cases/access.ts";
import { containers } from "./cases/containers.ts";
import { dns } from "./cases/dns.ts";
import { exposure } from "./cases/exposure.ts";
import { identity } from "./cases/identity.ts";
import { inbound } from "./cases/inbound.ts";
import { machines } from "./cases/machines.ts";
import { networks } from "./cases/networks.ts";
import { provider } from "./cases/provider.ts";
import { proxy } from "./cases/proxy.ts";
import { secrets } from "./cases/secrets.ts";
import { tunnel } from "./cases/tunnel.ts";
import type { Case } from "./support/cases.ts";
import { run } from "./support/judge.ts";

const groups = [
    ...exposure,
    ...inbound,
    ...containers,
    ...proxy,
    ...dns,
    ...access,
    ...identity,
    ...tunnel,
    ...machines,
    ...networks,
    ...secrets,
    ...provider,
];

it("tries every rule", () => {
    expect(groups.flatMap((group) => group.rules).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
});

describe.each(groups)("$topic:", ({ rules: names, violating, compliant, unknown }) => {
    const ours = rules.filter(({ name }) => names.includes(name));
    const saysExactly = async ({ resources, config, messages = [] }: Case) => {
        const outcome = await run(ours, resources, config);
        expect(outcome.violations.map(({ message }) => message)).toEqual(messages);
        expect(outcome.downgraded).toEqual([]);
        expect(outcome.notApplicable).toEqual([]);
    };
    const [first] = violating;
    if (first === undefined) throw new Error("There is no violating case.");
    const { resources, config, messages = [] } = first;
    const byName = (urn: string) => urn.split("::").at(-1) ?? "";
    const waivers = async (nameOf: (urn: string) => string) => {
        const { violations } = await run(ours, resources, config);
        const named = new Set(violations.map(({ urn = "" }) => nameOf(urn)));
        return [...named].map((resource) => ({ resource, reason: "moves with release 4", until: "2026-11-30" }));
    };

    it.each(violating)("refuses $what", saysExactly);
    it.each(compliant)("accepts $what", saysExactly);
    it.each(unknown)("in a preview: $what", saysExactly);

    it.each(names)("%s refuses something, and is tried on what it has to accept", async (name) => {
        const rule = ours.filter((one) => one.name === name);
        const refused = await Promise.all(violating.map((one) => run(rule, one.resources, one.config)));
        expect(refused.flatMap(({ violations }) => violations).length).toBeGreaterThan(0);
        const types = rule.flatMap((one) => ("type" in one && typeof one.type === "string" ? [one.type] : []));
        for (const some of [compliant, unknown]) {
            const tried = some.flatMap((one) => one.resources.map(({ type }) => type));
            expect(tried).toEqual(expect.arrayContaining(types));
        }
    });

    it.each([
        ["name", byName],
        ["URN", (urn: string) => urn],
    ])("accepts what is waived by its %s, to the end of the last day", async (_, nameOf) => {
        const lastMoment = new Date("2026-11-30T23:59:59Z");
        const outcome = await run(ours, resources, { ...config, waivers: await waivers(nameOf) }, lastMoment);
        expect(outcome.violations).toEqual([]);
    });

    it("refuses again from the day after, and says why", async () => {
        const after = new Date("2026-12-01T00:00:00Z");
        const outcome = await run(ours, resources, { ...config, waivers: await waivers(byName) }, after);
        expect(outcome.violations.map(({ message }) => message)).toEqual(
            messages.map((message) => `${message} Its waiver (moves with release 4) ended on 2026-11-30.`),
        );
    });

    it("lets a waiver for one resource excuse no other", async () => {
        const other = [{ resource: "somebody-else", reason: "moves with release 4", until: "2026-11-30" }];
        const outcome = await run(ours, resources, { ...config, waivers: other });
        expect(outcome.violations.map(({ message }) => message)).toEqual(messages);
    });
});
