import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Problem } from "../../internal/problems.ts";
import { kindOf, kindOfType } from "../../internal/shape.ts";
import dynamicSchema from "./schema/dynamic.json" with { type: "json" };
import staticSchema from "./schema/static.json" with { type: "json" };

/** Traefik's two files. */
export const TraefikFile = { Static: "static", Dynamic: "dynamic" } as const;
export type TraefikFile = (typeof TraefikFile)[keyof typeof TraefikFile];

const SCHEMAS: Readonly<Record<TraefikFile, object>> = { static: staticSchema, dynamic: dynamicSchema };

/** Compiled when first asked for: most programs never do. */
const validators = new Map<TraefikFile, ValidateFunction>();

/** How our words for types are called in a JSON schema. */
const TYPES: Readonly<Record<string, string>> = {
    string: "text",
    integer: "number",
    number: "number",
    boolean: "boolean",
    array: "text[]",
    object: "map",
};

/** More names than these are looked up in Traefik's documentation rather than read in a message. */
const MOST_NAMES = 16;

/**
 * Every place where a configuration is not what Traefik reads: unknown and misspelt names, names in the wrong place, values of another
 * type. The schemas are made of the types of Traefik itself (`schema/README.md`).
 *
 * @param root Path of the configuration, in front of each path; none if empty.
 */
export function schemaProblems(file: TraefikFile, configuration: unknown, root: string): Problem[] {
    const validate = validatorOf(file);
    if (validate(configuration)) return [];
    const problems = new Map<string, Problem>();
    for (const error of validate.errors ?? []) {
        const problem = problemOf(error, root);
        // A value that fits none of several forms is told by the last of its errors, which knows of all forms.
        problems.set(problem.path, problem);
    }
    return [...problems.values()];
}

function validatorOf(file: TraefikFile): ValidateFunction {
    const known = validators.get(file);
    if (known !== undefined) return known;
    // Not strict: the schemas say `properties` without `required`, as Traefik itself has a default for everything.
    const compiled = new Ajv({ allErrors: true, strict: false, verbose: true }).compile(SCHEMAS[file]);
    validators.set(file, compiled);
    return compiled;
}

function problemOf(error: ErrorObject, root: string): Problem {
    const path = pathOf(error.instancePath, root);
    if (error.keyword === "additionalProperties") {
        const unknown = String(error.params.additionalProperty);
        return { path: joined(path, unknown), reason: unknownName(unknown, error.parentSchema) };
    }
    if (error.keyword === "type") {
        const expected = kindOfType(TYPES[String(error.params.type)] ?? "map");
        const whole = error.params.type === "integer" && typeof error.data === "number" ? " without a fraction" : "";
        return { path, reason: `is ${kindOf(error.data)}. Write ${expected}${whole}.` };
    }
    return { path, reason: 'is not a duration. Write one such as "10s", or a number of seconds.' };
}

function unknownName(unknown: string, schema: ErrorObject["parentSchema"]): string {
    const names = Object.keys((schema?.properties ?? {}) as object);
    const same = names.find((name) => name.toLowerCase() === unknown.toLowerCase());
    if (same !== undefined) return `is not known to Traefik here. Write "${same}".`;
    const known = names.length > 0 && names.length <= MOST_NAMES ? ` Known here: ${names.join(", ")}.` : "";
    return `is not known to Traefik here. Correct its spelling, or move it to where it belongs.${known}`;
}

/** A path as a user writes it, from a JSON pointer (RFC 6901). */
function pathOf(pointer: string, root: string): string {
    const steps = pointer.split("/").slice(1);
    return steps.reduce((path, step) => {
        const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
        return /^\d+$/.test(key) ? `${path}[${key}]` : joined(path, key);
    }, root);
}

function joined(path: string, key: string): string {
    return path === "" ? key : `${path}.${key}`;
}
