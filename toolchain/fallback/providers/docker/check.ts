/** Defaults and mistakes of a program's inputs. */
import { autoName } from "../../plugin/autoName.ts";
import {
    type CheckFailure,
    type CheckRequest,
    type CheckResult,
    isObject,
    type PropertyMap,
    UNKNOWN,
    type Value,
} from "../../plugin/provider.ts";
import { parseDuration } from "./duration.ts";
import type { Field, Fields, ScalarField } from "./schema.ts";

/** Checks inputs and gives the resource a name (`<logical>-<7 hex>`) where the program gives none. */
export function checkNamed(fields: Fields, request: CheckRequest): CheckResult {
    return checkFields(fields, autoName(request));
}

/** The inputs with the defaults of every object that is there, and all their mistakes. */
export function checkFields(fields: Fields, inputs: PropertyMap): CheckResult {
    const failures: CheckFailure[] = [];
    return { inputs: checkObject(fields, inputs, "", failures), failures };
}

function checkObject(fields: Fields, given: PropertyMap, path: string, failures: CheckFailure[]): PropertyMap {
    const checked: PropertyMap = {};
    const fail = (property: string, reason: string) => failures.push({ property, reason });
    for (const [name, value] of Object.entries(given)) {
        const field = fields[name];
        const property = path === "" ? name : `${path}.${name}`;
        if (field !== undefined) checked[name] = checkField(field, value, property, failures);
        else if (name.startsWith("__")) checked[name] = value;
        else fail(property, `"${name}" is not offered by the fallback provider, which knows ${names(fields)}`);
    }
    for (const [name, field] of Object.entries(fields)) {
        if (checked[name] !== undefined) continue;
        const property = path === "" ? name : `${path}.${name}`;
        if (field.required) fail(property, `"${name}" is missing`);
        else if ("default" in field && field.default !== undefined) checked[name] = field.default;
    }
    return checked;
}

function names(fields: Fields): string {
    return Object.keys(fields).sort().join(", ");
}

function checkField(field: Field, value: Value, path: string, failures: CheckFailure[]): Value {
    if (value === UNKNOWN) return value;
    const fail = (reason: string) => failures.push({ property: path, reason });
    switch (field.kind) {
        case "object":
            if (isObject(value)) return checkObject(field.fields, value, path, failures);
            fail(`${kindOf(value)} stands where an object belongs`);
            return value;
        case "list":
        case "set":
            if (Array.isArray(value)) {
                return value.map((item, index) => checkField(field.items, item, `${path}[${index}]`, failures));
            }
            fail(`${kindOf(value)} stands where a list belongs`);
            return value;
        case "map":
            if (!isObject(value)) fail(`${kindOf(value)} stands where an object belongs`);
            return value;
        default: {
            const scalar = coerce(field, value);
            const problem = scalarProblem(field, scalar);
            if (problem !== undefined) fail(problem);
            return scalar;
        }
    }
}

/** YAML programs and configuration hand over numbers and flags as text. */
function coerce(field: ScalarField, value: Value): Value {
    if (field.kind === "text") return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    if (field.kind === "flag") return value === "true" ? true : value === "false" ? false : value;
    return typeof value === "string" && /^-?[0-9]+$/.test(value) ? Number(value) : value;
}

/** What is wrong with a value. It is quoted only where no secret can be meant: never what should be base64. */
function scalarProblem(field: ScalarField, value: Value): string | undefined {
    switch (field.kind) {
        case "text":
            if (typeof value !== "string") return `${kindOf(value)} stands where text belongs`;
            if (field.oneOf && !field.oneOf.includes(value)) return `"${value}" is none of ${field.oneOf.join(", ")}`;
            if (field.duration && parseDuration(value) === undefined) {
                return `"${value}" is no duration; write 30s, 1m30s or 500ms`;
            }
            if (field.decimal && !/^[0-9]+(\.[0-9]+)?$/.test(value)) return `"${value}" is no number; write 0.25`;
            if (field.base64 && !isBase64(value)) return "the value is not base64; encode it first";
            return undefined;
        case "number":
            if (typeof value !== "number") return `${kindOf(value)} stands where a whole number belongs`;
            if (!Number.isInteger(value)) return `${value} is no whole number`;
            if (field.minimum !== undefined && value < field.minimum) return `${value} is less than ${field.minimum}`;
            return undefined;
        case "flag":
            return typeof value === "boolean" ? undefined : `${kindOf(value)} stands where true or false belongs`;
    }
}

function isBase64(value: string): boolean {
    return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

function kindOf(value: Value): string {
    if (Array.isArray(value)) return "a list";
    if (isObject(value)) return "an object";
    return typeof value === "string" ? "text" : typeof value === "number" ? "a number" : "a flag";
}
