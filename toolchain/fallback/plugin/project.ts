/** An API's answer in the terms of what a program gave. */
import { isSame } from "./diff.ts";
import { isObject, type Value } from "./values.ts";

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
