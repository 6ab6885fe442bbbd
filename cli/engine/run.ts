import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Progress } from "../../toolchain/index.ts";
import { policyPack } from "../project.ts";
import { newRecord, type Record, readEvent } from "./events.ts";
import { explainFailure } from "./failure.ts";

type Operation = (options: { onEvent: (event: EngineEvent) => void }) => Promise<unknown>;

/** `pulumi up` with the policy pack. */
export function up(stack: Stack, progress: Progress): Promise<Record> {
    return run((common) => stack.up({ ...common, policyPacks: [policyPack] }), progress);
}

/** `pulumi preview` with the policy pack. */
export function preview(stack: Stack, progress: Progress): Promise<Record> {
    return run((common) => stack.preview({ ...common, policyPacks: [policyPack] }), progress);
}

/** `pulumi refresh`; creates that were interrupted are forgotten, so whoever calls this has dealt with them. */
export function refresh(stack: Stack, progress: Progress): Promise<Record> {
    return run((common) => stack.refresh({ ...common, clearPendingCreates: true }), progress);
}

/** `pulumi destroy`. */
export function destroy(stack: Stack, progress: Progress): Promise<Record> {
    return run((common) => stack.destroy(common), progress);
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
