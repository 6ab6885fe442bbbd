import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type Docker from "dockerode";
import type { PreparedPulumi, Progress } from "../../toolchain/index.ts";
import type { CloudflareApi } from "../cloudflareApi.ts";
import type { Violation } from "../engine/events.ts";
import { type Previewed, previewInFull, refreshKnown } from "../engine/run.ts";
import { type ExportedState, exportState, importObjects, importState } from "../engine/state.ts";
import { type DeclaredResource, type PreviewStep, resourcesOfPreview } from "../reach/resources.ts";
import { completed } from "./completion.ts";
import type { Testimony } from "./evidence.ts";
import { type Finding, findObjects } from "./find.ts";
import { fillImportFile } from "./importFile.ts";
import { openScratch } from "./scratch.ts";

/** A stack to recover, and where what it made is looked for. */
export interface RecoveryTarget {
    readonly stack: Stack;
    readonly pulumi: PreparedPulumi;
    readonly api: CloudflareApi;
    /** Names of the zones that the stack writes to. */
    readonly zones: readonly string[];
    /** The stack's Docker engine; asked for only where the program declares something in it. */
    readonly docker: () => Promise<Docker>;
}

/** A resource of the program, a part of `sallyport recover --json`. */
export interface NamedResource {
    /** Name in the program. */
    readonly resource: string;
    /** Type token. */
    readonly type: string;
}

/** An object that is there already. */
export interface FoundObject extends NamedResource {
    readonly id: string;
    /** Kind and name, in words. */
    readonly object: string;
    /** Why it is known to be the stack's, or why not. */
    readonly reason: string;
}

/** What a recovery would do, a part of `sallyport recover --json`. */
export interface RecoveryPlan {
    readonly stack: string;
    /** Objects that the stack made and its state does not know; they keep their ids. */
    readonly recovered: readonly FoundObject[];
    /** The same, but their secret is told once only: new ones take their places. */
    readonly replaced: readonly FoundObject[];
    /** Objects in the way of which nothing shows whose they are; where there is one, nothing is done. */
    readonly doubtful: readonly FoundObject[];
    /** What is changed in place to what the program declares, recovered or not. */
    readonly updated: readonly NamedResource[];
    /** What is gone, or only the state knew, and is made anew. */
    readonly created: readonly NamedResource[];
    /** What the policy pack says; where a violation is mandatory, nothing is done. */
    readonly violations: readonly Violation[];
}

/** A plan, and the state that it ends in. */
export interface PlannedRecovery {
    readonly plan: RecoveryPlan;
    /** The stack's state before: what was planned holds for it alone. */
    readonly before: ExportedState;
    /** The state with everything that was found; undefined where nothing may be done. */
    readonly after: ExportedState | undefined;
}

/**
 * Finds out what a stack that lost its state, or has an old one, still has outside, and plans the way back. Neither the stack nor anything outside
 * is changed: objects are imported into a copy of the state.
 *
 * @throws CommandError when the engine or the API fails.
 */
export async function planRecovery(
    target: RecoveryTarget,
    testimony: Testimony,
    progress: Progress,
): Promise<PlannedRecovery> {
    const { stack, zones } = target;
    const before = await exportState(stack);
    using scratch = await openScratch(target, before);
    const { stack: copy } = scratch;
    const isEmpty = (before.deployment.resources ?? []).length === 0;
    if (!isEmpty) {
        progress.step("Comparing the state with what is there");
        await refreshKnown(copy, progress);
    }
    progress.step("Planning what the program declares");
    const importFile = join(scratch.folder, "import.json");
    const first = await previewInFull(copy, zones, progress, { importFile });
    const empty = { stack: stack.name, recovered: [], replaced: [], doubtful: [], updated: [], created: [] };
    if (first.record.violations.some(({ level }) => level === "mandatory")) {
        return { plan: { ...empty, violations: first.record.violations }, before, after: undefined };
    }

    progress.step("Looking for what the stack made");
    const missing = resourcesOf(first.steps, "create");
    const present = isEmpty ? [] : ((await exportState(copy)).deployment.resources ?? []);
    const { own, doubtful } = await findObjects(target, missing, present, testimony);
    if (doubtful.length > 0) {
        return { plan: { ...empty, doubtful: doubtful.map(told), violations: [] }, before, after: undefined };
    }
    if (own.length > 0) {
        progress.step(`Importing ${own.length} objects into a copy of the state`);
        fillImportFile(importFile, new Map(own.map(({ declared, importId }) => [declared.urn, importId])));
        await importObjects(copy, importFile);
        await importState(copy, completed(await exportState(copy), own));
        await refreshKnown(copy, progress);
    }
    progress.step("Planning the update that follows");
    const last = await previewInFull(copy, zones, progress);
    return { plan: { ...empty, ...outcome(own, last) }, before, after: await exportState(copy) };
}

function outcome(own: readonly Finding[], { record, steps }: Previewed) {
    return {
        recovered: own.filter(({ isLost }) => !isLost).map(told),
        replaced: own.filter(({ isLost }) => isLost).map(told),
        updated: resourcesOf(steps, "update").map(named),
        created: resourcesOf(steps, "create").map(named),
        violations: record.violations,
    };
}

/** Neither components nor providers: things outside, and secrets in the state. */
function resourcesOf(steps: readonly PreviewStep[], wanted: "create" | "update"): DeclaredResource[] {
    const urns = new Set(steps.flatMap(({ op, newState }) => (op === wanted && newState ? [newState.urn] : [])));
    const { after } = resourcesOfPreview(steps);
    return after.filter(({ urn, type }) => urns.has(urn) && !/^(sallyport|pulumi):/.test(type));
}

function named({ name, type }: DeclaredResource): NamedResource {
    return { resource: name, type };
}

function told({ declared, id, title, reason }: Finding): FoundObject {
    return { ...named(declared), id, object: title, reason };
}
