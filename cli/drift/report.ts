import { code, fenced, oneLine } from "../ui/markdown.ts";
import { type Difference, type Drift, DriftSource, type ValueDifference } from "./difference.ts";

/** Values of one difference that a report shows; `--json` has all of them. */
const SHOWN_VALUES = 8;

/** Characters of a value that a report shows. */
const SHOWN_CHARACTERS = 200;

const TITLES: Readonly<Record<DriftSource, string>> = {
    [DriftSource.Program]: "Declared and deployed",
    [DriftSource.Api]: "Deployed and there",
    [DriftSource.Running]: "Promised and running",
};

/** What differs, for a terminal. */
export function textReport({ stack, ok, differences, notCompared }: Drift): string {
    return [
        ok ? `${stack}: no difference` : `${stack}: ${count(differences)}`,
        ...bySource(differences).flatMap(([title, some]) => ["", title, ...some.flatMap((one) => linesOf(one, "  "))]),
        ...(notCompared.length === 0 ? [] : ["", "Not compared"]),
        ...notCompared.map(({ what, reason }) => `  ${oneLine(`${what}: ${reason}`)}`),
    ].join("\n");
}

/** The same for an issue. */
export function markdownReport({ stack, differences, notCompared }: Drift): string {
    return [
        `### Drift of ${code(stack)}`,
        "",
        differences.length === 0 ? "No difference." : `${count(differences)}.`,
        ...bySource(differences).flatMap(([title, some]) => [
            "",
            `#### ${title}`,
            "",
            ...fenced(
                "text",
                some.flatMap((one) => linesOf(one, "")),
            ),
        ]),
        ...(notCompared.length === 0 ? [] : ["", "#### Not compared", ""]),
        ...notCompared.map(({ what, reason }) => `- ${code(`${what}: ${reason}`)}`),
    ].join("\n");
}

function count({ length }: readonly Difference[]): string {
    return length === 1 ? "1 difference" : `${length} differences`;
}

function bySource(differences: readonly Difference[]): [string, Difference[]][] {
    return Object.values(DriftSource).flatMap((source): [string, Difference[]][] => {
        const some = differences.filter((one) => one.source === source);
        return some.length === 0 ? [] : [[TITLES[source], some]];
    });
}

function linesOf({ subject, type, what, values, author, remedy }: Difference, indent: string): string[] {
    const kind = type === undefined ? "" : ` (${type.split(":").at(-1)})`;
    const more = values.length - SHOWN_VALUES;
    return [
        `${subject}${kind} ${what}`,
        ...values.slice(0, SHOWN_VALUES).map((value) => `  ${valueLine(value)}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
        ...(author === undefined ? [] : [`  by ${author.who} through ${author.through}, ${author.when}`]),
        ...(remedy === undefined ? [] : [`  fix: ${remedy}`]),
    ].map((line) => `${indent}${oneLine(line)}`);
}

function valueLine({ path, expected, found }: ValueDifference): string {
    return `${path}: ${shown(expected)} → ${shown(found)}`;
}

function shown(value: unknown): string {
    if (value === undefined) return "nothing";
    const text = JSON.stringify(value);
    return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
