import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { areas, rules } from "../../policy/rules/index.ts";
import { rulesPage } from "../../site/reference/rules.ts";
import { configurationSchema } from "./support/configurationSchema.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("what is written of the rules", () => {
    it("is the page that they make themselves (written anew with `vitest run FILE -u`)", async () => {
        await expect(rulesPage(areas)).toMatchFileSnapshot(join(ROOT, "docs/policy-rules.md"));
    });

    it("is the schema that they make themselves (written anew with `vitest run FILE -u`)", async () => {
        const schema = `${JSON.stringify(configurationSchema(rules), null, 2)}\n`;
        await expect(schema).toMatchFileSnapshot(join(ROOT, "policy/configuration.schema.json"));
    });

    it("describes every rule well enough to act on it", () => {
        const names = rules.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        for (const { name, description, severity, remediationSteps, configSchema = {} } of rules) {
            expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
            expect(description).toMatch(/^[A-Z].*\.$/);
            expect(["low", "medium", "high", "critical"]).toContain(severity);
            expect(remediationSteps).toMatch(/^[A-Z].*\.$/);
            for (const setting of Object.values(configSchema)) {
                expect(setting.description, name).toMatch(/^[A-Z].*\.$/);
                expect(setting, name).toHaveProperty("default");
            }
        }
    });
});

describe("a configuration", () => {
    const ajv = formats.default(new Ajv({ strict: true, allErrors: true }));
    const accepts = ajv.compile(configurationSchema(rules));
    const waiver = { resource: "web", reason: "moves with release 4", until: "2027-03-31" };

    it("of the pack's README fits its schema", () => {
        const readme = readFileSync(join(ROOT, "policy/README.md"), "utf8");
        const examples = [...readme.matchAll(/```json\n(.*?)```/gs)].map(([, json = ""]) => JSON.parse(json));
        expect(examples.length).toBeGreaterThan(0);
        for (const example of examples) {
            accepts(example);
            expect(accepts.errors).toBeNull();
        }
    });

    it.each([
        ["a level", { "no-privileged-container": "advisory" }],
        ["a level for all", { all: "advisory", "no-privileged-container": { enforcementLevel: "disabled" } }],
        ["a waiver", { "no-privileged-container": { enforcementLevel: "mandatory", waivers: [waiver] } }],
        ["a setting", { "hostname-is-covered-by-universal-ssl": { zones: ["example.com"] } }],
    ])("may give %s", (_, configuration) => {
        accepts(configuration);
        expect(accepts.errors).toBeNull();
    });

    it.each([
        ["a rule that there is not", { "no-privileged-contaner": "advisory" }],
        ["a level that there is not", { "no-privileged-container": "warn" }],
        ["a remedy of a rule that has none", { "no-privileged-container": "remediate" }],
        ["a setting that the rule has not", { "no-privileged-container": { zones: [] } }],
        ["a setting of another type", { "hostname-is-covered-by-universal-ssl": { zones: "example.com" } }],
        ["a waiver without a reason", { "no-privileged-container": { waivers: [{ ...waiver, reason: undefined }] } }],
        ["a waiver without an end", { "no-privileged-container": { waivers: [{ ...waiver, until: "some day" }] } }],
    ])("may not name %s", (_, configuration) => {
        expect(accepts(JSON.parse(JSON.stringify(configuration)))).toBe(false);
    });
});
