import { oneLine } from "../ui/markdown.ts";
import type { FoundObject, NamedResource, RecoveryPlan } from "./plan.ts";

/** What a recovery would do, for a terminal. */
export function planReport(plan: RecoveryPlan): string {
    const { stack, recovered, replaced, doubtful, updated, created, violations } = plan;
    if (doubtful.length > 0) return doubtReport(stack, doubtful);
    const changed = new Set(updated.map(({ resource }) => resource));
    const lines = [
        ...section(`${stack}: ${count(recovered, "object")} found, with ids that stay`, recovered, (one) => {
            const note = changed.has(one.resource) ? ", and is changed to what the program declares" : "";
            return `${one.object} ${one.id} (${one.reason}${note})`;
        }),
        ...section(
            "Replaced, since nobody tells their secrets twice: hand out the new ones",
            replaced,
            (one) => `${one.object} ${one.id} (${one.reason})`,
        ),
        ...section("Made anew", created, ({ resource, type }) => `${resource} (${type.split(":").at(-1)})`),
        ...section(
            "Policy",
            violations,
            ({ rule, level, resource, message }) => `${rule}, ${level}, ${resource}: ${message}`,
        ),
    ];
    return lines.length === 0 ? `${stack}: the state has everything` : lines.join("\n");
}

function doubtReport(stack: string, doubtful: readonly FoundObject[]): string {
    return [
        `${stack}: ${count(doubtful, "object")} in the way of which nothing shows that this stack made it`,
        ...doubtful.map((one) => oneLine(`  ${one.object} ${one.id}, where ${one.resource} would be: ${one.reason}`)),
        "",
        "Nothing was changed. Look at each: --own ID for one that is this stack's, --leave ID for one that is somebody else's and does not keep the",
        "program from making its own, or another name in the program.",
    ].join("\n");
}

function section<T>(title: string, items: readonly T[], line: (item: T) => string): string[] {
    return items.length === 0 ? [] : [title, ...items.map((item) => `  ${oneLine(line(item))}`), ""];
}

function count({ length }: readonly NamedResource[], noun: string): string {
    return length === 1 ? `1 ${noun}` : `${length} ${noun}s`;
}
