import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { ensureLoopback, type Progress, preparePulumi } from "../../toolchain/index.ts";
import { openStack } from "../engine/open.ts";
import { CommandError, Exit } from "../exit.ts";
import { projectDir } from "../project.ts";
import { runningEmulator } from "./emulatorProcess.ts";
import { openLocalStack } from "./stack.ts";

/** Opens a stack of the project by its name, the local one with its emulator. @throws CommandError when there is none. */
export async function openDeployed(name: string, progress: Progress): Promise<Stack> {
    ensureLoopback();
    const pulumi = await preparePulumi({ projectDir, progress });
    if (name !== LOCAL_STACK) return openStack({ pulumi, workDir: projectDir, stack: name, create: false });
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new CommandError(Exit.failed, "the emulator is not running", "start it with `npm run local`");
    }
    return openLocalStack(pulumi, emulator.apiBaseUrl);
}
