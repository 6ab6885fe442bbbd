import type { StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { type Record, resourceName } from "../engine/events.ts";
import { type Difference, DriftSource, type ValueDifference } from "./difference.ts";

/** A difference of a resource, with what finds it in the account. */
export interface ResourceDifference extends Difference {
    /** Id of the resource as its provider has it; empty for what is not there yet. */
    readonly id: string;
}

/** What an update would do, by the engine's word for it. Parts of a replacement are told with the replacement itself. */
const PLANNED: Readonly<{ [op: string]: string }> = {
    create: "would be created",
    update: "would be updated",
    replace: "would be replaced",
    delete: "would be deleted",
    import: "would be imported",
};

/** Where the files declare something else than was deployed last. */
export function programDifferences({ steps }: Pick<Record, "steps">): ResourceDifference[] {
    return steps.flatMap((step) => differenceOf(step, DriftSource.Program, PLANNED[step.op]));
}

/** What a refresh found to be different, by the engine's word for it. */
const FOUND: Readonly<{ [op: string]: string }> = { update: "differs", delete: "is gone" };

/** Where Cloudflare or Docker has something else than was deployed last. */
export function apiDifferences({ results }: Pick<Record, "results">): ResourceDifference[] {
    return results.flatMap((step) => differenceOf(step, DriftSource.Api, FOUND[step.op]));
}

function differenceOf(step: StepEventMetadata, source: DriftSource, what: string | undefined): ResourceDifference[] {
    if (what === undefined) return [];
    const { urn, type, old } = step;
    return [{ source, subject: resourceName(urn), type, what, values: valuesOf(step, source), id: old?.id ?? "" }];
}

/** A refresh shows what is there as new; a preview shows what is wanted as new. */
function valuesOf(step: StepEventMetadata, source: DriftSource): ValueDifference[] {
    const isFound = source === DriftSource.Api;
    return Object.entries(step.detailedDiff ?? {})
        .map(([path, { inputDiff }]) => {
            const before = valueAt(inputDiff || !isFound ? step.old?.inputs : step.old?.outputs, path);
            const after = valueAt(inputDiff || !isFound ? step.new?.inputs : step.new?.outputs, path);
            const [expected, found] = isFound ? [before, after] : [after, before];
            return { path, ...(expected === undefined ? {} : { expected }), ...(found === undefined ? {} : { found }) };
        })
        .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The value at a path in the engine's own notation, such as `config.ingresses[0]["x.y"]`. */
function valueAt(from: unknown, path: string): unknown {
    const steps = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)];
    return steps.reduce<unknown>((value, [, quoted, index, key]) => {
        if (typeof value !== "object" || value === null) return undefined;
        return (value as { [name: string]: unknown })[quoted?.replace(/\\(.)/g, "$1") ?? index ?? key ?? ""];
    }, from);
}
