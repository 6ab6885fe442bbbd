import { readdirSync } from "node:fs";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { type Progress, preparePulumi } from "../../toolchain/index.ts";
import { isNowhere } from "../engine/failure.ts";
import { openStack } from "../engine/open.ts";
import { exportState } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { runningEmulator } from "../local/emulatorProcess.ts";
import { openLocalStack } from "../local/stack.ts";
import { planOffline } from "../preview/plan.ts";
import { readRecordedState } from "../preview/recordedState.ts";
import { projectDir } from "../project.ts";
import { haveOwnStacks, labelledResources } from "../swarm/plan.ts";
import { accessGraph } from "./graph.ts";
import type { AccessGraph } from "./model.ts";
import { resourcesOfState, type SerializedResource } from "./resources.ts";

/** What a graph is computed from. */
export const Source = {
    /** What is deployed, by the stack's state. */
    State: "state",
    /** What the stack's files declare, deployed or not. */
    Plan: "plan",
} as const;
export type Source = (typeof Source)[keyof typeof Source];

export interface StackGraph {
    readonly stack: string;
    readonly source: Source;
    readonly graph: AccessGraph;
}

export interface SourceOptions {
    /** Take what the files declare, and no state. */
    planned: boolean;
    /** File that `pulumi stack export` wrote. */
    state?: string | undefined;
    progress: Progress;
}

/** In words, for people who read an answer. */
export const SOURCE_WORDS: Readonly<Record<Source, string>> = {
    [Source.State]: "what is deployed, by the stack's state",
    [Source.Plan]: "what the stack's files declare, deployed or not",
};

/**
 * Who reaches what in a stack: by its state, or by its files where that is asked for, and where there is no state. Which of the two it was
 * is part of the answer.
 */
export async function graphOfStack(stack: string, { planned, state, progress }: SourceOptions): Promise<StackGraph> {
    const deployed = await deployedResources(stack, { planned, state, progress });
    if (deployed !== undefined) {
        return { stack, source: Source.State, graph: accessGraph(resourcesOfState(deployed)) };
    }
    const { after } = await planOffline(stack, progress);
    return { stack, source: Source.Plan, graph: after };
}

async function deployedResources(
    stack: string,
    { planned, state, progress }: SourceOptions,
): Promise<readonly SerializedResource[] | undefined> {
    if (state !== undefined) return readRecordedState(state, stack).deployment.resources ?? [];
    return planned ? undefined : stateOf(stack, progress);
}

/** What a stack's state holds, with what labels of services publish; undefined where the backend has none, and where nobody is logged in to one. */
async function stateOf(stack: string, progress: Progress): Promise<SerializedResource[] | undefined> {
    const pulumi = await preparePulumi({ projectDir, progress });
    const local = stack === LOCAL_STACK ? await runningEmulator() : undefined;
    if (stack === LOCAL_STACK && local === undefined) {
        throw new CommandError(Exit.failed, "the local environment is not running", "start it with `npm run local`");
    }
    try {
        const opened =
            local === undefined
                ? await openStack({ pulumi, workDir: projectDir, stack, create: false })
                : await openLocalStack(pulumi, local.apiBaseUrl);
        const { deployment } = await exportState(opened);
        const environment = readStackFile(projectDir, stack, { readEmulator: false });
        const labelled = (await haveOwnStacks(environment, opened)) ? await labelledResources(stack, progress) : [];
        return [...(deployment.resources ?? []), ...labelled];
    } catch (error) {
        if (isNowhere(error)) return undefined;
        throw error;
    }
}

/** The stacks that the project has a file of, in order; the local one only while it runs. */
export async function stacksOfProject(): Promise<string[]> {
    const stacks = readdirSync(projectDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const isRunning = stacks.includes(LOCAL_STACK) && (await runningEmulator()) !== undefined;
    return stacks.filter((stack) => stack !== LOCAL_STACK || isRunning).toSorted();
}
