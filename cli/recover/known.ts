import { UNKNOWN } from "../../policy/values.ts";
import { SECRET_TEXT } from "../reach/resources.ts";

/** Whether a preview tells the value: it knows it, and it is no secret. */
export function isKnown(value: unknown): boolean {
    return value !== UNKNOWN && value !== SECRET_TEXT && value !== undefined;
}

/** The properties of which everything is known. */
export function knownIn(props: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(props).filter(([, value]) => isKnownThroughout(value)));
}

function isKnownThroughout(value: unknown): boolean {
    if (Array.isArray(value)) return value.every(isKnownThroughout);
    if (typeof value === "object" && value !== null) return Object.values(value).every(isKnownThroughout);
    return isKnown(value);
}

/** What is declared, with what is there in place of what only the outside knows; that is left out where nothing is there. */
export function filledFrom(declared: unknown, live: unknown): unknown {
    if (!isKnown(declared)) return live;
    if (Array.isArray(declared)) {
        const there = Array.isArray(live) ? live : [];
        return declared.map((item, index) => filledFrom(item, there[index])).filter((item) => item !== undefined);
    }
    if (typeof declared !== "object" || declared === null) return declared;
    const there = typeof live === "object" && live !== null ? (live as Record<string, unknown>) : {};
    const members = Object.entries(declared).map(([key, value]) => [key, filledFrom(value, there[key])] as const);
    return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
