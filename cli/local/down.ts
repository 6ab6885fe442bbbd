import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { connect, objectsOf, removeObjects } from "../../toolchain/docker/index.ts";
import { ensureLoopback, type Progress, preparePulumi } from "../../toolchain/index.ts";
import { destroy } from "../engine/run.ts";
import { projectDir } from "../project.ts";
import { runningEmulator, stopEmulator } from "./emulatorProcess.ts";
import { localFiles, remove } from "./files.ts";
import { changingLocal } from "./lock.ts";
import { recover, wasInterrupted } from "./recovery.ts";
import { forgetSalt, openLocalStack } from "./stack.ts";

/**
 * Takes the local environment down and leaves nothing: no service, network, secret, config, process or state.
 *
 * The engine destroys what it knows in the right order. Where it cannot (damaged state, emulator gone), everything with
 * the stack's label is removed all the same: the environment is disposable, and half of it is worth nothing.
 *
 * @returns what stood in the engine's way, if anything did.
 */
export async function localDown(progress: Progress): Promise<string | undefined> {
    ensureLoopback();
    const obstacle = await changingLocal(progress, () => takeDown(progress));
    remove(localFiles.root);
    forgetSalt();
    return obstacle;
}

async function takeDown(progress: Progress): Promise<string | undefined> {
    const connection = await connect();
    const running = connection.state === "running" ? connection.docker : undefined;
    const obstacle =
        running !== undefined && existsSync(localFiles.project)
            ? await destroyStack(running, progress).catch(String)
            : undefined;
    progress.step("Removing what is left");
    if (running !== undefined) {
        await removeObjects(running, await objectsOf(running, LOCAL_STACK));
    }
    await stopEmulator();
    progress.done();
    return obstacle;
}

async function destroyStack(docker: Parameters<typeof recover>[1], progress: Progress): Promise<string | undefined> {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        return `the emulator is not running (its data is in ${dirname(localFiles.emulatorState)})`;
    }
    const pulumi = await preparePulumi({ projectDir, progress });
    const stack = await openLocalStack(pulumi, emulator.apiBaseUrl);
    if (wasInterrupted()) {
        await recover(stack, docker, emulator, progress);
    }
    progress.step("Destroying the stack local");
    await destroy(stack, progress);
    progress.done();
    return undefined;
}
