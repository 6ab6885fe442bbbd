import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import formats from "ajv-formats";
import { ConfigError, type ConfigIssue } from "../../stacks/config/configError.ts";
import { policyPack } from "../project.ts";

/** What `--policy-pack-config` says of rules: a level, or settings. */
export type PolicyConfiguration = Readonly<Record<string, unknown>>;

/**
 * What a stack has to say to the policy pack: levels, settings and waivers, from `policy.<stack>.json` beside its stack file. Empty where
 * there is no such file.
 *
 * @throws ConfigError with everything that does not fit the pack, before the engine starts.
 */
export function policyConfigurationOf(folder: string, stack: string): PolicyConfiguration {
    const file = `policy.${stack}.json`;
    const text = textOf(join(folder, file));
    if (text === undefined) return {};
    let configuration: unknown;
    try {
        configuration = JSON.parse(text);
    } catch (error) {
        throw new ConfigError(file, [{ path: file, reason: `is not JSON: ${(error as Error).message}` }]);
    }
    const issues = issuesIn(configuration);
    if (issues.length > 0) throw new ConfigError(file, issues);
    return configuration as PolicyConfiguration;
}

function textOf(path: string): string | undefined {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

/** What the engine would refuse, and rules that there are not, which it would pass over. */
function issuesIn(configuration: unknown): ConfigIssue[] {
    const schema: unknown = JSON.parse(readFileSync(join(policyPack, "configuration.schema.json"), "utf8"));
    const validate = formats.default(new Ajv({ allErrors: true, verbose: true })).compile(schema as object);
    return validate(configuration) ? [] : told(validate.errors ?? []);
}

/** A rule has a level or settings: of the form that a value has not, nothing is said. */
function told(errors: readonly ErrorObject[]): ConfigIssue[] {
    const ofItsForm = errors.filter(({ keyword, data }) => {
        if (keyword === "type")
            return typeof data !== "string" || !errors.some((other) => other.keyword === "enum" && other.data === data);
        return keyword !== "anyOf" && !(keyword === "enum" && typeof data === "object");
    });
    const byPath = new Map(ofItsForm.map((error) => [pathOf(error), { path: pathOf(error), reason: reasonOf(error) }]));
    return [...byPath.values()];
}

function pathOf({ instancePath, params, keyword }: ErrorObject): string {
    const extra = keyword === "additionalProperties" ? [String(params.additionalProperty)] : [];
    const path = [...instancePath.split("/").slice(1), ...extra].join(".");
    return path === "" ? "the file" : path.replace(/\.(\d+)(?=\.|$)/g, "[$1]");
}

function reasonOf({ keyword, params, instancePath, message = "" }: ErrorObject): string {
    if (keyword === "additionalProperties") {
        return instancePath === ""
            ? "is no rule. Write one of docs/policy-rules.md."
            : "means nothing here. Correct its spelling or remove it.";
    }
    if (keyword === "enum") return `is none of ${(params.allowedValues as string[]).join(", ")}. Write one of them.`;
    return `${message}. Correct it by policy/configuration.schema.json.`;
}
