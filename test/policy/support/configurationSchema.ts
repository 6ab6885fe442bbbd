import type { Rule } from "../../../policy/rule.ts";
import { waiversSchema } from "../../../policy/waivers.ts";

/** The form of a file for `--policy-pack-config`, for editors and for checks before the engine: `policy/configuration.schema.json`. */
export function configurationSchema(rules: readonly Rule[]): object {
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "Configuration of Sallyport's policy pack",
        description:
            "Levels, settings and waivers by rule, for `pulumi … --policy-pack-config`. One file for each stack.",
        type: "object",
        additionalProperties: false,
        properties: {
            all: { description: "The level of every rule that is not named.", ...levelOrObject("remediate", {}) },
            ...Object.fromEntries(rules.map((rule) => [rule.name, ruleSchema(rule)])),
        },
        definitions: {
            level: { enum: ["advisory", "mandatory", "disabled"] },
            levelOrRemediate: { enum: ["advisory", "mandatory", "remediate", "disabled"] },
            waivers: waiversSchema,
        },
    };
}

function ruleSchema(rule: Rule): object {
    const settings = { ...rule.configSchema, waivers: { $ref: "#/definitions/waivers" } };
    return { description: rule.description, ...levelOrObject(levels(rule), settings) };
}

function levels(rule: Rule): Levels {
    return "type" in rule && rule.remediation !== undefined ? "remediate" : "report";
}

type Levels = "remediate" | "report";

function levelOrObject(levels: Levels, settings: object): object {
    const level = { $ref: `#/definitions/${levels === "remediate" ? "levelOrRemediate" : "level"}` };
    return {
        anyOf: [
            level,
            { type: "object", additionalProperties: false, properties: { enforcementLevel: level, ...settings } },
        ],
    };
}
