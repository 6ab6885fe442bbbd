import { at, items, UNKNOWN } from "../values.ts";

/**
 * The values at a path such as `networkInterfaces[].accessConfigs[]`, where `[]` stands for each element of a list. A
 * property that is not set yields one `undefined`, a list that is not set nothing; a list that a preview does not know
 * yields one `UNKNOWN`. What stands alone where a list belongs is its one element.
 */
export function valuesAt(from: unknown, path: string): readonly unknown[] {
    let current: readonly unknown[] = [from];
    for (const step of path.split(".")) {
        const isList = step.endsWith("[]");
        const name = isList ? step.slice(0, -2) : step;
        current = current.flatMap((value) => (isList ? elements(at(value, name)) : [at(value, name)]));
    }
    return current;
}

function elements(value: unknown): readonly unknown[] {
    if (value === undefined) return [];
    const list = Array.isArray(value) ? items(value) : [value];
    return list === UNKNOWN ? [UNKNOWN] : list;
}

/** What properties have to say for something to apply, by their path. */
export type Conditions = Readonly<Record<string, readonly (string | boolean)[]>>;

/** Whether each property is known to say one of its values, in any letters. */
export function says(from: unknown, conditions: Conditions): boolean {
    return Object.entries(conditions).every(([path, values]) => isOneOf(at(from, ...path.split(".")), values));
}

/** As `says`, and a property that says nothing fits as well. */
export function saysOrOmits(from: unknown, conditions: Conditions): boolean {
    return Object.entries(conditions).every(([path, values]) => {
        const value = at(from, ...path.split("."));
        return value === undefined || isOneOf(value, values);
    });
}

/** Whether a value is one of some words or switches; providers that keep settings as text write `"true"`. */
export function isOneOf(value: unknown, values: readonly (string | boolean)[]): boolean {
    if (typeof value !== "string" && typeof value !== "boolean") return false;
    const word = String(value).toLowerCase();
    return values.some((one) => String(one).toLowerCase() === word);
}

/** Whether a property is set, whatever it says: known or not, but no empty text and no empty list. */
export function isSet(value: unknown): boolean {
    if (value === undefined || value === "") return false;
    return !(Array.isArray(value) && value.length === 0);
}
