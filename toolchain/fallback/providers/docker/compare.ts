/**
 * What an update would change, and what a refresh has found.
 *
 * The live state is compared with the program's inputs, not inputs with inputs, so that drift shows in the next diff.
 */
import {
    containsUnknown,
    type DiffRequest,
    type DiffResult,
    isObject,
    type PropertyChange,
    type PropertyMap,
    UNKNOWN,
    type Value,
} from "../../plugin/provider.ts";
import { parseDuration } from "./duration.ts";
import type { Field, Fields, ItemsField, ScalarField } from "./schema.ts";

type Report = (path: string, kind: PropertyChange["kind"], replaces: boolean) => void;

/** The changes that turn the state of the last run into what the program wants now. */
export function diffFields(fields: Fields, request: Pick<DiffRequest, "oldOutputs" | "inputs">): DiffResult {
    const changes: Record<string, PropertyChange> = {};
    compareFields(fields, request.oldOutputs, request.inputs, "", false, (path, kind, replaces) => {
        changes[path] = { kind, replaces };
    });
    return { changes };
}

/**
 * What a program would have to write to get `state`: its own words wherever they mean the same, the engine's where they do
 * not, and nothing about what it leaves to the engine. Without inputs, as in an import, everything that is not the default.
 */
export function adoptState(fields: Fields, inputs: PropertyMap, state: PropertyMap): PropertyMap {
    return Object.keys(inputs).length > 0 ? adopt(fields, inputs, state) : everything(fields, state);
}

/** The inputs with what the program leaves to the engine filled in as it is now, so that an update of the rest keeps it. */
export function keepComputed(fields: Fields, inputs: PropertyMap, state: PropertyMap): PropertyMap {
    const kept: PropertyMap = { ...inputs };
    for (const [name, field] of Object.entries(fields)) {
        const given = inputs[name];
        const live = state[name];
        if (given === undefined && field.computed && live !== undefined && live !== null) kept[name] = live;
        if (field.kind === "object" && isObject(given) && isObject(live)) {
            kept[name] = keepComputed(field.fields, given, live);
        }
    }
    return kept;
}

function everything(fields: Fields, state: PropertyMap): PropertyMap {
    const written: PropertyMap = {};
    for (const [name, field] of Object.entries(fields)) {
        const live = state[name];
        if (live !== undefined && live !== null && !isSame(field, live, undefined, true))
            written[name] = prune(field, live);
    }
    return written;
}

function prune(field: Field, value: Value): Value {
    if (field.kind === "object" && isObject(value)) return everything(field.fields, value);
    const items = field.kind === "list" || field.kind === "set" ? field.items : undefined;
    return items !== undefined && Array.isArray(value) ? value.map((item) => prune(items, item)) : value;
}

function adopt(fields: Fields, inputs: PropertyMap, state: PropertyMap): PropertyMap {
    const adopted: PropertyMap = {};
    for (const [name, value] of Object.entries(inputs)) {
        // Pulumi's own members, such as the list of names that were made up.
        if (name.startsWith("__")) adopted[name] = value;
    }
    for (const [name, field] of Object.entries(fields)) {
        const given = inputs[name];
        const live = state[name];
        const value = isSame(field, live, given, false) ? given : adoptValue(field, given, live);
        if (value !== undefined && value !== null) adopted[name] = value;
    }
    return adopted;
}

function adoptValue(field: Field, given: Value | undefined, live: Value | undefined): Value | undefined {
    if (field.kind === "object" && isObject(live) && isObject(given)) return adopt(field.fields, given, live);
    return live === undefined || live === null ? undefined : prune(field, live);
}

/** @param strict whether a value that the engine filled in differs from none. */
function isSame(field: Field, before: Value | undefined, after: Value | undefined, strict: boolean): boolean {
    if (after === undefined && field.computed && !strict) return true;
    let same = true;
    compareField(field, before, after, "", false, () => {
        same = false;
    });
    return same;
}

function compareFields(
    fields: Fields,
    before: PropertyMap,
    after: PropertyMap,
    path: string,
    replaces: boolean,
    report: Report,
): void {
    for (const [name, field] of Object.entries(fields)) {
        if (after[name] === undefined && field.computed) continue;
        const inner = path === "" ? name : `${path}.${name}`;
        compareField(field, before[name], after[name], inner, replaces, report);
    }
}

function compareField(
    field: Field,
    before: Value | undefined,
    after: Value | undefined,
    path: string,
    inherited: boolean,
    report: Report,
): void {
    const replaces = inherited || field.replaces === true;
    const changed = () => report(path, kindOf(before, after), replaces);
    if (after === UNKNOWN) {
        changed();
        return;
    }
    switch (field.kind) {
        case "object":
            if (isObject(before) && after === undefined) {
                if (!isNothing(field, before)) changed();
            } else {
                const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
                compareFields(field.fields, was, is, path, replaces, report);
            }
            return;
        case "map": {
            const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
            for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
                if (was[key] !== is[key])
                    report(`${path}[${JSON.stringify(key)}]`, kindOf(was[key], is[key]), replaces);
            }
            return;
        }
        case "list":
            compareLists(field, asList(before), asList(after), path, replaces, report);
            return;
        case "set":
            if (containsUnknown(after) || canonicalSet(field, before) !== canonicalSet(field, after)) changed();
            return;
        default:
            if (canonicalScalar(field, before) !== canonicalScalar(field, after)) changed();
    }
}

function compareLists(
    field: ItemsField,
    before: readonly Value[],
    after: readonly Value[],
    path: string,
    replaces: boolean,
    report: Report,
): void {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
        const was = before[index];
        const is = after[index];
        const inner = `${path}[${index}]`;
        if (was === undefined || is === undefined) report(inner, kindOf(was, is), replaces);
        else compareField(field.items, was, is, inner, replaces, report);
    }
}

function kindOf(before: Value | undefined, after: Value | undefined): PropertyChange["kind"] {
    if (before === undefined || before === null) return "add";
    return after === undefined || after === null ? "delete" : "update";
}

function asList(value: Value | undefined): readonly Value[] {
    return Array.isArray(value) ? value : [];
}

/** Nothing, a default and an empty value are the same to Docker: text for text, nothing for nothing. */
function canonicalScalar(field: ScalarField, value: Value | undefined): Value {
    const given = value === undefined || value === null ? field.default : value;
    switch (field.kind) {
        case "text":
            if (field.decimal) return Number(given ?? 0);
            return field.duration ? (parseDuration(String(given ?? "")) ?? String(given)) : (given ?? "");
        case "number":
            return given ?? 0;
        case "flag":
            return given ?? false;
    }
}

function canonicalSet(field: ItemsField, value: Value | undefined): string {
    const items = asList(value).map((item) => JSON.stringify(canonical(field.items, item)));
    return JSON.stringify([...new Set(items)].sort());
}

/** The value with every default filled in and everything that means nothing left out, in the schema's order. */
function canonical(field: Field, value: Value | undefined): Value {
    switch (field.kind) {
        case "object": {
            const members = isObject(value) ? value : {};
            const kept = Object.entries(field.fields).filter(([name, inner]) => !isNothing(inner, members[name]));
            return Object.fromEntries(kept.map(([name, inner]) => [name, canonical(inner, members[name])]));
        }
        case "map":
            return isObject(value)
                ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
                : {};
        case "list":
            return asList(value).map((item) => canonical(field.items, item));
        case "set":
            return canonicalSet(field, value);
        default:
            return canonicalScalar(field, value);
    }
}

/** True for what leaving the property out would mean as well. */
function isNothing(field: Field, value: Value | undefined): boolean {
    switch (field.kind) {
        case "object":
            return (
                !isObject(value) || Object.entries(field.fields).every(([name, inner]) => isNothing(inner, value[name]))
            );
        case "map":
            return !isObject(value) || Object.keys(value).length === 0;
        case "list":
        case "set":
            return asList(value).length === 0;
        default:
            return canonicalScalar(field, value) === canonicalScalar(field, undefined);
    }
}
