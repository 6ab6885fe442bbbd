import type { z } from "zod";
import type { ConfigIssue } from "./configError.ts";

/** The top of a checked document. */
export interface Root {
    /** What paths start with: `sallyport:` in a stack file, nothing in a file of its own. */
    readonly path: string;
    /** The keys that may stand at the top. */
    readonly keys: readonly string[];
    /** Whose keys those are, for messages. */
    readonly owner: string;
}

/** zod's issues in the house's words: the path of the value, what is wrong, what to write instead. The check must report its input. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], root: Root): ConfigIssue[] {
    return issues.flatMap((issue) => describe(issue, root));
}

function describe(issue: z.core.$ZodIssue, root: Root): ConfigIssue[] {
    const path = pathOf(issue.path, root.path);
    switch (issue.code) {
        case "unrecognized_keys":
            return issue.keys.map((key) => ({
                path: pathOf([...issue.path, key], root.path),
                reason: unknownKey(issue.path, key, root),
            }));
        case "invalid_key":
            return issue.issues.flatMap((inner) => describe({ ...inner, path: issue.path }, root));
        case "invalid_type":
            return [{ path, reason: wrongType(issue) }];
        default:
            return [{ path, reason: issue.message }];
    }
}

function unknownKey(path: PropertyKey[], key: string, { keys, owner }: Root): string {
    return path.length === 0
        ? `is not a key of ${owner}. Write one of ${keys.join(", ")}.`
        : `"${key}" is not a key here. Correct its spelling or remove it.`;
}

function wrongType({ input, expected, message }: z.core.$ZodIssueInvalidType): string {
    if (!message.startsWith("Invalid input")) {
        return message; // the schema's own sentence says more than the type does
    }
    const wrong = input === undefined ? "is missing" : `${JSON.stringify(input)} is not ${article(expected)}`;
    return `${wrong}. Write ${article(expected)}.`;
}

function article(type: string): string {
    const word = { array: "a list", record: "a map", object: "a map", int: "a whole number", boolean: "true or false" }[
        type
    ];
    return word ?? `a ${type}`;
}

/** A value's path as a user writes it: `sallyport:apps[0].hostname`. */
export function pathOf(path: readonly PropertyKey[], root = ""): string {
    return path.reduce<string>(
        (text, key) =>
            typeof key === "number" ? `${text}[${key}]` : text === root ? text + String(key) : `${text}.${String(key)}`,
        root,
    );
}
