import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type Docker from "dockerode";
import { LocalRuntime } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { connect, objectsOf, removeObjects, stopServices } from "../../toolchain/docker/index.ts";
import { ensureLoopback, type Progress, preparePulumi } from "../../toolchain/index.ts";
import { destroy } from "../engine/run.ts";
import { projectDir } from "../project.ts";
import { stopConnector } from "./connectorProcess.ts";
import { stopDemo } from "./demoProcess.ts";
import { runningEmulator, stopEmulator } from "./emulatorProcess.ts";
import { removeExposures } from "./exposures.ts";
import { localFiles, remove, writePrivate } from "./files.ts";
import { changingLocal } from "./lock.ts";
import { recover, wasInterrupted } from "./recovery.ts";
import { presentRuntime } from "./runtime.ts";
import { forgetSalt, openLocalStack } from "./stack.ts";

/**
 * Takes the local environment down and leaves nothing: no service, network, secret, config, process or state.
 *
 * The engine destroys what it knows in the right order. Where it cannot (damaged state, emulator gone), everything with
 * the stack's label is removed all the same: the environment is disposable, and half of it is worth nothing.
 *
 * @returns what did not go as usual, in sentences.
 */
export async function localDown(progress: Progress): Promise<string[]> {
    ensureLoopback();
    const remarks = await changingLocal(progress, () => takeDown(progress));
    remove(localFiles.root);
    forgetSalt();
    return remarks;
}

async function takeDown(progress: Progress): Promise<string[]> {
    const inDocker = presentRuntime() === LocalRuntime.Swarm;
    const connection = await connect();
    const docker = connection.state === "running" ? connection.docker : undefined;
    const isOutOfReach = inDocker && docker === undefined;
    // A tunnel that is connected cannot be deleted.
    await stopConnector();
    const isInterrupted = wasInterrupted();
    if (docker !== undefined) {
        // From here on there is less than the state says: whoever finds this command cut off has to look.
        if (existsSync(localFiles.project)) writePrivate(localFiles.updating, `${process.pid}\n`);
        await stopServices(docker, (await objectsOf(docker, LOCAL_STACK)).services);
    }
    const obstacle =
        existsSync(localFiles.project) && !isOutOfReach
            ? await destroyStack({ docker, isInterrupted, progress }).catch(String)
            : undefined;
    progress.step("Removing what is left");
    if (docker !== undefined) {
        await removeObjects(docker, await objectsOf(docker, LOCAL_STACK));
    }
    await stopDemo();
    await stopEmulator();
    progress.done();
    return [
        ...(obstacle === undefined
            ? []
            : [`The engine could not destroy the stack (${obstacle}); everything with its label was removed instead.`]),
        ...(isOutOfReach
            ? [
                  `Docker is ${connection.state}: what the stack has in it stays there until this command finds it running.`,
              ]
            : []),
    ];
}

interface DestroyOptions {
    docker: Docker | undefined;
    /** Whether a command before this one was cut off, so that the state cannot be relied on. */
    isInterrupted: boolean;
    progress: Progress;
}

async function destroyStack({ docker, isInterrupted, progress }: DestroyOptions): Promise<string | undefined> {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        return `the emulator is not running (its data is in ${dirname(localFiles.emulatorState)})`;
    }
    const pulumi = await preparePulumi({ projectDir, progress });
    const stack = await openLocalStack(pulumi, emulator.apiBaseUrl);
    if (isInterrupted) {
        await recover(stack, docker, emulator, progress);
    }
    await removeExposures(progress);
    progress.step("Destroying the stack local");
    await destroy(stack, progress);
    progress.done();
    return undefined;
}
