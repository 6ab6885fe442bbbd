import { ConcurrentUpdateError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { Progress } from "../../toolchain/index.ts";
import { CommandError, Exit } from "../exit.ts";
import { policyPack } from "../project.ts";
import { newRecord, type Record, readEvent } from "./events.ts";

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
        throw explain(error, record);
    }
    return record;
}

/** The engine's failure as one of ours: what happened, in the engine's own words, and what to do about it. */
function explain(error: unknown, { errors }: Record): CommandError {
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof ConcurrentUpdateError || /the stack is currently locked/.test(text)) {
        const holder = /created by (.+?)(?: at |\n|$)/.exec(text)?.[1] ?? "another process";
        return new CommandError(
            Exit.failed,
            `the state is locked by ${holder}`,
            "wait until that update ends; if its process is gone, `npx pulumi cancel` removes the lock",
            { cause: error },
        );
    }
    if (/incorrect passphrase/.test(text)) {
        return new CommandError(
            Exit.usage,
            "PULUMI_CONFIG_PASSPHRASE does not open the stack's secrets: incorrect passphrase",
            "set the passphrase that the stack was made with",
            { cause: error },
        );
    }
    const own = errors.length > 0 ? errors : [stderrOf(text)];
    return new CommandError(Exit.failed, own.join("\n"), undefined, { cause: error });
}

/** The Automation API puts exit code, stdout and stderr into one text; a person needs the last. */
function stderrOf(text: string): string {
    const stderr = /\n stderr: ([\s\S]*?)(?:\n err\?:|$)/.exec(text)?.[1]?.trim();
    return stderr || text;
}
