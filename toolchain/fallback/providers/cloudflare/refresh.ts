/** What a refresh makes of the API's answer: the state, and the inputs that a program would have to give for it. */
import { isSame } from "../../plugin/diff.ts";
import { isObject, type PropertyMap, type Value } from "../../plugin/provider.ts";

/**
 * The live value in the shape of the one that the program gave: members that the program leaves out are the API's business.
 * Undefined where it is gone.
 */
export function project(given: Value | undefined, live: Value | undefined): Value | undefined {
    if (live === undefined || live === null) {
        return isEmpty(given) ? given : undefined;
    }
    if (Array.isArray(given) && Array.isArray(live)) {
        return isSameSet(given, live) ? given : live.map((item, index) => project(given[index], item) ?? item);
    }
    if (isObject(given) && isObject(live)) {
        const members = Object.entries(given).map(([key, value]) => [key, project(value, live[key])] as const);
        return Object.fromEntries(members.filter((member): member is [string, Value] => member[1] !== undefined));
    }
    return live;
}

/** The API leaves out what is empty. */
export function isEmpty(value: Value | undefined): boolean {
    if (Array.isArray(value)) {
        return value.length === 0;
    }
    return isObject(value)
        ? Object.values(value).every(isEmpty)
        : value === undefined || value === null || value === "";
}

/** Lists of plain values are sets to the API; it may give them back in another order. */
function isSameSet(given: readonly Value[], live: readonly Value[]): boolean {
    const isPlain = (value: Value) => typeof value !== "object";
    return (
        given.length === live.length &&
        given.every(isPlain) &&
        live.every(isPlain) &&
        isSame([...given].sort(), [...live].sort())
    );
}

/** `values` with what is at the dotted path in `source`, if anything is. */
export function keepPath(values: PropertyMap, source: PropertyMap, path: string): PropertyMap {
    const [key = "", ...rest] = path.split(".");
    const kept = source[key];
    if (kept === undefined || kept === null) {
        return values;
    }
    if (rest.length === 0) {
        return { ...values, [key]: kept };
    }
    const inner = values[key];
    return isObject(kept) ? { ...values, [key]: keepPath(isObject(inner) ? inner : {}, kept, rest.join(".")) } : values;
}

/** `values` with what the newest of the sources has at each of the paths, where `values` has the object that it goes into. */
export function fillInside(values: PropertyMap, paths: readonly string[], ...sources: PropertyMap[]): PropertyMap {
    return paths
        .filter((path) => isObject(values[path.split(".")[0] ?? ""]))
        .reduce((filled, path) => sources.reduce((kept, source) => keepPath(kept, source, path), filled), values);
}
