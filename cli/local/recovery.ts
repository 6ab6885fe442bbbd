import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type Docker from "dockerode";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { objectsExcept, objectsOf, removeObjects } from "../../toolchain/docker/index.ts";
import type { Progress } from "../../toolchain/index.ts";
import { explained } from "../engine/failure.ts";
import { knownObjects } from "../engine/knownObjects.ts";
import { refresh } from "../engine/run.ts";
import { CommandError, Exit } from "../exit.ts";
import { identityOf } from "../processes/identity.ts";
import { apiOf, removeUnknownObjects } from "./apiObjects.ts";
import type { EmulatorDescription } from "./emulatorProcess.ts";
import { idsOfExposures } from "./exposures.ts";
import { localFiles, readIfThere } from "./files.ts";

/** How long the engine of an interrupted command may take to end what it began. */
const ENGINE_LIMIT_MS = 300_000;

/**
 * Brings state and reality together after an update that was interrupted at any moment, a power cut included.
 *
 * A create that the engine had begun is in no state, so what it made would stay for ever: everything that carries our
 * label, or lives in the emulator's account, and that the state does not know, is removed. Only the local environment
 * can afford that rule: all of it belongs to this one stack and the small ones of its labelled services, which are left as they are.
 */
export async function recover(
    stack: Stack,
    docker: Docker | undefined,
    emulator: EmulatorDescription,
    progress: Progress,
): Promise<void> {
    progress.step("Recovering from an interrupted update");
    await engineEnded(progress);
    await explained(stack.cancel()); // the lock of an engine that is gone
    const { ids } = await knownObjects(stack);
    const known = new Set([...ids, ...(await idsOfExposures(stack))]);
    if (docker !== undefined) {
        await removeObjects(docker, objectsExcept(await objectsOf(docker, LOCAL_STACK), known));
    }
    await removeUnknownObjects(apiOf(emulator), emulator.accountId, known);
    await refresh(stack, progress);
    progress.done();
}

/** Whether the update before this one did not come to its end: the command was killed, or its engine. */
export function wasInterrupted(): boolean {
    const holder = lockHolder();
    return readIfThere(localFiles.updating) !== undefined || (holder !== undefined && identityOf(holder) === undefined);
}

/** The command was ended but its engine may still be at work: two at once would ruin the state. */
async function engineEnded(progress: Progress): Promise<void> {
    const deadline = Date.now() + ENGINE_LIMIT_MS;
    for (let pid = lockHolder(); pid !== undefined && identityOf(pid) !== undefined; pid = lockHolder()) {
        if (Date.now() > deadline) {
            throw new CommandError(
                Exit.failed,
                `the interrupted update still runs as process ${pid}`,
                `end it with \`kill ${pid}\` and try again`,
            );
        }
        progress.detail(`waiting for its engine, process ${pid}`);
        await delay(100);
    }
}

/** Process that holds the file backend's lock (pulumi, pkg/backend/diy/lock.go: `{ pid, username, hostname, timestamp }`). */
function lockHolder(): number | undefined {
    // Without a state nothing was ever begun: the emulator did not come up, say.
    if (!existsSync(localFiles.state)) return undefined;
    for (const entry of readdirSync(localFiles.state, { recursive: true, withFileTypes: true })) {
        const isLock = entry.isFile() && entry.parentPath.includes(join(".pulumi", "locks"));
        // Its folder is named after the stack; those of labelled services have locks of their own.
        if (isLock && basename(entry.parentPath) === LOCAL_STACK) {
            const lock = JSON.parse(readIfThere(join(entry.parentPath, entry.name)) ?? "{}") as { pid?: number };
            return lock.pid;
        }
    }
    return undefined;
}
