import { UnknownValueError } from "@pulumi/policy";

/**
 * Stands for a value that a preview does not know yet.
 *
 * The SDK throws when such a value is touched and then downgrades the whole policy to advice (`server.js` of
 * `@pulumi/policy`), which would lose a violation that other properties prove. Rules read through the functions of this
 * file instead and decide for themselves what an unknown value means to them.
 */
export const UNKNOWN: unique symbol = Symbol("not known before the update");

/** The value at a path of properties: `undefined` where nothing is set, `UNKNOWN` where a preview cannot tell. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
    let current = value;
    for (const step of path) {
        if (current === UNKNOWN) return UNKNOWN;
        if (typeof current !== "object" || current === null) return undefined;
        current = read(current as Record<string | number, unknown>, step);
    }
    return current ?? undefined;
}

function read(from: Record<string | number, unknown>, step: string | number): unknown {
    try {
        return from[step];
    } catch (error) {
        if (error instanceof UnknownValueError) return UNKNOWN;
        throw error;
    }
}

/**
 * The elements of a list, each possibly `UNKNOWN`; none if nothing is set; `UNKNOWN` if even their number is not
 * known.
 */
export function items(value: unknown): readonly unknown[] | typeof UNKNOWN {
    if (value === UNKNOWN) return UNKNOWN;
    if (!Array.isArray(value)) return [];
    return Array.from({ length: value.length }, (_, index) => at(value, index));
}

/** The elements of a list that can be judged now: as `items`, with nothing in place of what is not known. */
export function knownItems(value: unknown): readonly unknown[] {
    const elements = items(value);
    return elements === UNKNOWN ? [] : elements.filter((element) => element !== UNKNOWN);
}

/** The names of the properties that are set, known or not. Reading a name touches no value. */
export function keys(value: unknown): readonly string[] {
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

/** The text of a value; `undefined` for everything that is no text, and for text that is not known. */
export function text(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}

/** Whether a switch is known to be on. Providers that keep settings as text write `"true"`. */
export function isOn(value: unknown): boolean {
    return value === true || value === "true";
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
    if (value === UNKNOWN) return "(not known yet)";
    return value === undefined ? "not set" : JSON.stringify(value);
}
