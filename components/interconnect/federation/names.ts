import type { Problem } from "../../internal/problems.ts";
import { repeatedProblem } from "../../validation/repeated.ts";

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Says what is wrong with the name of anything in a federation, or nothing: it becomes a DNS label, a file's name and a set of nftables. */
export function federationNameProblem(name: string): string | undefined {
    if (NAME.test(name)) return undefined;
    return `${JSON.stringify(name)} is not a name. Write 1 to 40 lower-case letters, digits and inner "-".`;
}

/** The mistakes in the names of a list's elements; `list` is its path. */
export function nameProblems(list: string, named: readonly { name: string }[]): Problem[] {
    const names = named.map(({ name }) => name);
    return names.flatMap((name, index) =>
        problemAt(`${list}[${index}].name`, federationNameProblem(name) ?? repeatedProblem(names, index, list)),
    );
}

/** A mistake at a path, or none. */
export function problemAt(path: string, reason: string | undefined): Problem[] {
    return reason === undefined ? [] : [{ path, reason }];
}

/** Says that a name is none of those that there are, or nothing. */
export function unknownProblem(name: string, known: readonly string[], what: string): string | undefined {
    if (known.includes(name)) return undefined;
    const list = known.length === 0 ? `declare ${what} first` : `write one of ${known.join(", ")}`;
    return `${JSON.stringify(name)} is not ${what} of the federation. Correct its spelling, or ${list}.`;
}
