import { UNKNOWN } from "../values.ts";
import type { Check, Opening } from "./opening.ts";
import { type Conditions, isOneOf, isSet, saysOrOmits, valuesAt } from "./paths.ts";

/** A property that opens a resource to the outside by what it says. */
export interface Switch extends Opening {
    /** Path of the property, as `valuesAt` takes it. */
    readonly at: string;
    /** Values that open, or `"set"` where any value does, known or not. */
    readonly opens: readonly (string | boolean)[] | "set";
    /** Whether the resource is open where the property says nothing. */
    readonly opensIfOmitted?: boolean;
    /** What the resource has to say, or leave out, for the property to matter. */
    readonly ifSaid?: Conditions;
}

/** A check of properties, each by itself. A value that a preview does not know yet opens nothing but what is only to be set. */
export function switches(...all: readonly Switch[]): Check {
    return (props) => all.filter((one) => isOpen(props, one)).map(({ does, instead }) => ({ does, instead }));
}

function isOpen(props: unknown, { at: path, opens, opensIfOmitted = false, ifSaid = {} }: Switch): boolean {
    if (!saysOrOmits(props, ifSaid)) return false;
    return valuesAt(props, path).some((value) => {
        if (value === undefined) return opensIfOmitted;
        if (opens === "set") return isSet(value);
        return value !== UNKNOWN && isOneOf(value, opens);
    });
}

/** A check for what is open to the outside by being there. */
export function always(opening: Opening): Check {
    return () => [opening];
}
