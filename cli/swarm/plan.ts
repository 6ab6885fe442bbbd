import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { type Environment, LocalRuntime } from "../../stacks/config/environment.ts";
import { exposureName } from "../../stacks/labels.ts";
import type { Progress } from "../../toolchain/index.ts";
import type { Changes, Violation } from "../engine/events.ts";
import { stackOutputs } from "../engine/state.ts";
import {
    type DeclaredResource,
    resourcesOfPreview,
    resourcesOfState,
    type SerializedResource,
} from "../reach/resources.ts";
import { ExposureStacks } from "./exposureStacks.ts";
import { LabelState, type ListedService } from "./list.ts";
import { readLabelled } from "./ls.ts";
import { openOwner } from "./owner.ts";

/** What labels of services would change, in all their small stacks together. */
export interface LabelPlan {
    services: ListedService[];
    changes: Changes;
    violations: Violation[];
    before: DeclaredResource[];
    after: DeclaredResource[];
}

const UNCHANGED: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/**
 * Plans what `sallyport swarm watch` would do now, and does nothing: what labels ask for and is not published yet, or not so, is previewed with the
 * policy pack; what nobody asks for any more is counted as deleted.
 */
export async function planLabels(stack: string, progress: Progress): Promise<LabelPlan> {
    const owner = await openOwner(stack, progress);
    const stacks = ExposureStacks.prepare(owner);
    const { services, names, listed } = await readLabelled(owner, stacks);
    const stateOf = new Map(listed.map(({ exposure, state }) => [exposure, state]));
    const plan: LabelPlan = { services: listed, changes: UNCHANGED, violations: [], before: [], after: [] };
    progress.step("Planning labelled services");
    for (const service of services) {
        const exposure = exposureName(service.name);
        if (stateOf.get(exposure) !== LabelState.Pending) continue;
        progress.detail(service.name);
        const { record, steps } = await stacks.plan(service);
        const { before, after } = resourcesOfPreview(steps);
        add(plan, { changes: record.changes, violations: record.violations, before, after });
    }
    for (const exposure of names) {
        const state = stateOf.get(exposure);
        if (state === LabelState.Pending) continue;
        progress.detail(exposure);
        const resources = await stacks.resources(exposure);
        const there = resourcesOfState(resources);
        const count = resources.filter(({ delete: isGone }) => isGone !== true).length;
        const stays = state === LabelState.Exposed;
        const changes = { ...UNCHANGED, [stays ? "same" : "delete"]: count };
        add(plan, { changes, violations: [], before: there, after: stays ? there : [] });
    }
    progress.done();
    return plan;
}

function add(plan: LabelPlan, more: Omit<LabelPlan, "services">): void {
    plan.changes = sumOf(plan.changes, more.changes);
    plan.violations.push(...more.violations);
    plan.before.push(...more.before);
    plan.after.push(...more.after);
}

/**
 * Whether labelled services of a stack have small stacks of their own, as they do once it is deployed with a `sallyport:swarm` that says nothing else.
 * A local environment without Docker has no Swarm, and so no such service.
 */
export async function haveOwnStacks(
    { swarm, emulator }: Pick<Environment, "swarm" | "emulator">,
    stack: Stack,
): Promise<boolean> {
    if (emulator?.runtime.kind === LocalRuntime.Processes) return false;
    return swarm !== undefined && !swarm.inStack && (await stackOutputs(stack)).swarm !== undefined;
}

/** What is published by labels of services, by the state of their small stacks. */
export async function labelledResources(stack: string, progress: Progress): Promise<SerializedResource[]> {
    const stacks = ExposureStacks.prepare(await openOwner(stack, progress));
    const resources: SerializedResource[] = [];
    for (const exposure of await stacks.names()) resources.push(...(await stacks.resources(exposure)));
    return resources;
}

/** Changes of several stacks, counted together. */
export function sumOf(one: Changes, other: Changes): Changes {
    return {
        create: one.create + other.create,
        update: one.update + other.update,
        replace: one.replace + other.replace,
        delete: one.delete + other.delete,
        same: one.same + other.same,
    };
}
