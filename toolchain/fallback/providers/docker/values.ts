/** Property values, checked before, as the types that the mapping works with; what is absent becomes the type's nothing. */
import { isObject, type PropertyMap, type Value } from "../../plugin/provider.ts";
import { parseDuration } from "./duration.ts";

export function textOf(value: Value | undefined): string {
    return typeof value === "string" ? value : "";
}

export function numberOf(value: Value | undefined): number {
    return typeof value === "number" ? value : 0;
}

export function flagOf(value: Value | undefined): boolean {
    return value === true;
}

export function objectOf(value: Value | undefined): PropertyMap {
    return isObject(value) ? value : {};
}

export function objectsOf(value: Value | undefined): PropertyMap[] {
    return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textsOf(value: Value | undefined): string[] {
    return Array.isArray(value) ? value.map(textOf) : [];
}

export function mapOf(value: Value | undefined): Record<string, string> {
    return Object.fromEntries(Object.entries(objectOf(value)).map(([key, item]) => [key, textOf(item)]));
}

/** Nanoseconds. */
export function durationOf(value: Value | undefined): number {
    return parseDuration(textOf(value)) ?? 0;
}

/** Docker's labels from the provider's `{ label, value }` pairs. */
export function labelsOf(value: Value | undefined): Record<string, string> {
    return Object.fromEntries(objectsOf(value).map(({ label, value }) => [textOf(label), textOf(value)]));
}

/** The provider's pairs from Docker's labels, sorted, so that they read the same every time. */
export function labelPairs(labels: Readonly<Record<string, string>> | null | undefined): PropertyMap[] {
    return Object.entries(labels ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([label, value]) => ({ label, value }));
}

/** `["A=1"]` from `{ A: "1" }`, sorted: Docker restarts tasks whose environment comes in another order. */
export function assignments(map: Readonly<Record<string, string>>): string[] {
    return Object.keys(map)
        .sort()
        .map((key) => `${key}=${map[key]}`);
}

/** `{ A: "1" }` from `["A=1"]`; everything after the first `=` is the value. */
export function assigned(lines: readonly string[] | null | undefined): Record<string, string> {
    return Object.fromEntries(
        (lines ?? []).map((line) => {
            const end = line.indexOf("=");
            return end < 0 ? [line, ""] : [line.slice(0, end), line.slice(end + 1)];
        }),
    );
}

/** The list, or null where the engine has none: the official provider's form of an empty list that was never given. */
export function listOrNull(items: readonly string[] | null | undefined): string[] | null {
    return items && items.length > 0 ? [...items] : null;
}
