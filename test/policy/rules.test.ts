import { describe, expect, it } from "vitest";
import { rules } from "../../policy/rules/index.ts";
import { access } from "./cases/access.ts";
import { certificates } from "./cases/certificates.ts";
import { clouds } from "./cases/clouds.ts";
import { containers } from "./cases/containers.ts";
import { dns } from "./cases/dns.ts";
import { exposure } from "./cases/exposure.ts";
import { hostnameGuards } from "./cases/hostnameGuards.ts";
import { identity } from "./cases/identity.ts";
import { inbound } from "./cases/inbound.ts";
import { interconnect } from "./cases/interconnect.ts";
import { labels } from "./cases/labels.ts";
import { limits } from "./cases/limits.ts";
import { machines } from "./cases/machines.ts";
import { networks } from "./cases/networks.ts";
import { originCertificates } from "./cases/originCertificates.ts";
import { provider } from "./cases/provider.ts";
import { proxy } from "./cases/proxy.ts";
import { secrets } from "./cases/secrets.ts";
import { sessions } from "./cases/sessions.ts";
import { tunnel } from "./cases/tunnel.ts";
import { workloads } from "./cases/workloads.ts";
import type { Case } from "./support/cases.ts";
import { run, UNKNOWN_ON_THE_WIRE } from "./support/judge.ts";

const groups = [
    ...exposure,
    ...inbound,
    ...clouds,
    ...workloads,
    ...containers,
    ...proxy,
    ...dns,
    ...access,
    ...hostnameGuards,
    ...identity,
    ...tunnel,
    ...originCertificates,
    ...machines,
    ...certificates,
    ...sessions,
    ...labels,
    ...limits,
    ...interconnect,
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

    it.each(violating)("refuses $what", saysExactly);
    it.each(compliant)("accepts $what", saysExactly);
    it.each(unknown)("in a preview: $what", saysExactly);
});

const each = groups.flatMap((group) => group.rules.map((name) => ({ name, group })));

/** Each rule by itself, on the first case of its group that it refuses. */
describe.each(each)("$name", ({ name, group: { violating, compliant, unknown } }) => {
    const rule = rules.filter((one) => one.name === name);
    const refused = async (cases: readonly Case[]) => {
        for (const one of cases) {
            const { violations } = await run(rule, one.resources, one.config);
            if (violations.length > 0) return { ...one, violations };
        }
        throw new Error(`No such case is refused by '${name}'.`);
    };
    const waivedFor = async (nameOf: (urn: string) => string, now: string) => {
        const { resources, config, violations } = await refused(violating);
        const named = new Set(violations.map(({ urn = "" }) => nameOf(urn)));
        const waivers = [...named].map((resource) => ({
            resource,
            reason: "moves with release 4",
            until: "2026-11-30",
        }));
        const outcome = await run(rule, resources, { ...config, waivers }, new Date(now));
        return { before: violations, after: outcome.violations };
    };
    const byName = (urn: string) => urn.split("::").at(-1) ?? "";

    it("is tried on resources that it judges and has to accept", () => {
        const types = rule.flatMap((one) => ("type" in one && typeof one.type === "string" ? [one.type] : []));
        const tried = compliant.flatMap((one) => one.resources.map(({ type }) => type));
        expect(compliant).not.toEqual([]);
        expect(tried).toEqual(expect.arrayContaining(types));
    });

    it("refuses in a preview what is known to be wrong, beside what is not known", async () => {
        const beside = unknown.filter(({ resources }) => JSON.stringify(resources).includes(UNKNOWN_ON_THE_WIRE));
        await refused(beside);
    });

    it.each([
        ["name", byName],
        ["URN", (urn: string) => urn],
    ])("accepts what is waived by its %s, to the end of the last day", async (_, nameOf) => {
        const { after } = await waivedFor(nameOf, "2026-11-30T23:59:59Z");
        expect(after).toEqual([]);
    });

    it("refuses again from the day after, and says why", async () => {
        const { before, after } = await waivedFor(byName, "2026-12-01T00:00:00Z");
        expect(after.map(({ message }) => message)).toEqual(
            before.map(({ message }) => `${message} Its waiver (moves with release 4) ended on 2026-11-30.`),
        );
    });

    it("lets a waiver for one resource excuse no other", async () => {
        const { resources, config, violations } = await refused(violating);
        const other = [{ resource: "somebody-else", reason: "moves with release 4", until: "2026-11-30" }];
        const outcome = await run(rule, resources, { ...config, waivers: other });
        expect(outcome.violations).toEqual(violations);
    });
});
