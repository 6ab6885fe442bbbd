import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Progress } from "../../toolchain/index.ts";
import type { PreviewStep } from "../reach/resources.ts";
import { newRecord, type Record, readEvent } from "./events.ts";
import { explainFailure } from "./failure.ts";
import { policyPackFor } from "./policyPack.ts";

type Operation = (options: { onEvent: (event: EngineEvent) => void }) => Promise<unknown>;

/** Ends an operation under way: the engine finishes what its providers have begun, keeps the state and fails. */
export interface Stoppable {
    readonly signal?: AbortSignal;
}

/** `pulumi up` with the policy pack, which is told the names of the stack's zones. */
export async function up(
    stack: Stack,
    zones: readonly string[],
    progress: Progress,
    stoppable: Stoppable = {},
): Promise<Record> {
    const pack = policyPackFor(stack.name, zones);
    return await run((common) => operationAlone(stack).up({ ...common, ...pack, ...stoppable }), progress);
}

/** `pulumi preview` with the policy pack, which is told the names of the stack's zones. */
export async function preview(
    stack: Stack,
    zones: readonly string[],
    progress: Progress,
    stoppable: Stoppable = {},
): Promise<Record> {
    const pack = policyPackFor(stack.name, zones);
    return await run((common) => stack.preview({ ...common, ...pack, ...stoppable }), progress);
}

/** What a preview tells, and the steps that it plans, unchanged resources among them, with what each resource is made from. */
export interface Previewed {
    record: Record;
    steps: PreviewStep[];
}

export interface PreviewOptions {
    /** File to write what would be created into, in the form that `pulumi import` takes once each has its id. None if omitted. */
    readonly importFile?: string;
}

/**
 * As {@link preview}, with every step in full. The Automation API has no option for it, but the engine takes each of its options from the
 * environment too (`PULUMI_OPTION_…`): what it prints then is `pulumi preview --json --show-sames`. Secrets are blinded in it, and it is
 * printed also where the policy pack refuses.
 */
export async function previewInFull(
    stack: Stack,
    zones: readonly string[],
    progress: Progress,
    { importFile }: PreviewOptions = {},
): Promise<Previewed> {
    const pack = policyPackFor(stack.name, zones);
    const { workspace } = stack;
    const ownEnv = workspace.envVars;
    workspace.envVars = { ...ownEnv, PULUMI_OPTION_JSON: "true", PULUMI_OPTION_SHOW_SAMES: "true" };
    const printed: string[] = [];
    try {
        const record = await run(
            (common) =>
                stack.preview({
                    ...common,
                    ...pack,
                    ...(importFile !== undefined && { importFile }),
                    onOutput: (text) => printed.push(text),
                }),
            progress,
        );
        const { steps } = JSON.parse(printed.join("")) as { steps?: PreviewStep[] };
        return { record, steps: steps ?? [] };
    } finally {
        workspace.envVars = ownEnv;
    }
}

/** `pulumi refresh`; creates that were interrupted are forgotten, so whoever calls this has dealt with them. */
export function refresh(stack: Stack, progress: Progress): Promise<Record> {
    return run((common) => operationAlone(stack).refresh({ ...common, clearPendingCreates: true }), progress);
}

/** `pulumi refresh` that leaves interrupted creates in the state, so that they can still be dealt with. */
export function refreshKnown(stack: Stack, progress: Progress): Promise<Record> {
    return run((common) => operationAlone(stack).refresh(common), progress);
}

/** What `pulumi refresh` would find, as `results`; nothing is changed. */
export function previewRefresh(stack: Stack, progress: Progress): Promise<Record> {
    return run((common) => stack.previewRefresh(common), progress);
}

/** `pulumi destroy`. */
export function destroy(stack: Stack, progress: Progress, stoppable: Stoppable = {}): Promise<Record> {
    return run((common) => operationAlone(stack).destroy({ ...common, ...stoppable }), progress);
}

/**
 * The stack without what the Automation API asks of it after an operation: its outputs, twice, and its history. Each question starts the engine
 * again, which takes a quarter of a second, and nobody reads the answers: events tell what was done.
 */
function operationAlone(stack: Stack): Stack {
    return Object.create(stack, {
        outputs: { value: async () => ({}) },
        info: { value: async () => undefined },
    });
}

/** Follows one operation of the engine; policy violations are a result, every other failure an error. */
async function run(operation: Operation, progress: Progress): Promise<Record> {
    const record = newRecord();
    try {
        await operation({ onEvent: (event) => readEvent(record, event, progress) });
    } catch (error) {
        if (record.violations.some(({ level }) => level === "mandatory")) {
            return record;
        }
        throw explainFailure(error, record.errors);
    }
    return record;
}
