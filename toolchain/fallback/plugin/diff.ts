/** The comparison of old and new inputs, property by property, in the engine's path syntax. */
import type { DiffRequest, DiffResult, PropertyChange, ResourceHandler } from "./provider.ts";
import { isObject, type PropertyMap, type Value } from "./values.ts";

/** Members that belong to Pulumi, not to the resource. */
const INTERNAL = /^__/;

type Inputs = Pick<DiffRequest, "oldInputs" | "inputs">;

/** What differs between old and new inputs, and which of it replaces the resource. */
export function diffInputs(replaceOnChange: readonly string[], { oldInputs, inputs }: Inputs): DiffResult {
    const replaces = replaceMatcher(replaceOnChange);
    const changes: Record<string, PropertyChange> = {};
    compareMaps(oldInputs, inputs, [], (path, kind) => {
        changes[formatPath(path)] = { kind, replaces: replaces(path) };
    });
    return { changes };
}

/** {@link diffInputs} with what the handler declares. */
export function diffOf(handler: ResourceHandler, request: Inputs): DiffResult {
    const { replaceOnChange = [], deleteBeforeReplace = false } = handler;
    return { ...diffInputs(replaceOnChange, request), deleteBeforeReplace };
}

/** True where two values are the same to an API: absent, null and undefined members are alike, the order of keys is nothing. */
export function isSame(left: Value | undefined, right: Value | undefined): boolean {
    let same = true;
    compare(left, right, [], () => {
        same = false;
    });
    return same;
}

type Path = readonly (string | number)[];
type Report = (path: Path, kind: PropertyChange["kind"]) => void;

function compare(before: Value | undefined, after: Value | undefined, path: Path, report: Report): void {
    if (isAbsent(before) && isAbsent(after)) {
        return;
    }
    const left = before ?? emptied(after);
    const right = after ?? emptied(before);
    if (Array.isArray(left) && Array.isArray(right)) {
        for (let index = 0; index < Math.max(left.length, right.length); index++) {
            compare(left[index], right[index], [...path, index], report);
        }
    } else if (isObject(left) && isObject(right)) {
        compareMaps(left, right, path, report);
    } else if (isAbsent(left) || isAbsent(right)) {
        report(path, isAbsent(left) ? "add" : "delete");
    } else if (left !== right) {
        report(path, "update");
    }
}

/**
 * What a list or object that appears or goes is compared with, so that it is followed to its leaves: only some of them
 * may replace the resource. An empty one beside nothing stays a difference of its own.
 */
function emptied(value: Value | undefined): Value | undefined {
    if (Array.isArray(value)) {
        return value.length > 0 ? [] : undefined;
    }
    return isObject(value) && Object.keys(value).length > 0 ? {} : undefined;
}

function compareMaps(before: PropertyMap, after: PropertyMap, path: Path, report: Report): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        if (!INTERNAL.test(key)) {
            compare(before[key], after[key], [...path, key], report);
        }
    }
}

function isAbsent(value: Value | undefined): value is undefined | null {
    return value === undefined || value === null;
}

function replaceMatcher(patterns: readonly string[]): (path: Path) => boolean {
    if (patterns.includes("*")) {
        return () => true;
    }
    return (path) => {
        const keys = path.filter((part) => typeof part === "string").join(".");
        // The last case is a parent that is unknown as yet: what is in it may replace.
        return patterns.some(
            (pattern) => keys === pattern || keys.startsWith(`${pattern}.`) || pattern.startsWith(`${keys}.`),
        );
    };
}

/** `a.b[0]["x.y"]`, as the engine parses it (pulumi/pulumi `sdk/go/common/resource/property_path.go`). */
function formatPath(path: Path): string {
    return path
        .map((part, index) => {
            if (typeof part === "number") {
                return `[${part}]`;
            }
            if (!/^[\w$-]+$/.test(part)) {
                return `[${JSON.stringify(part)}]`;
            }
            return index === 0 ? part : `.${part}`;
        })
        .join("");
}
