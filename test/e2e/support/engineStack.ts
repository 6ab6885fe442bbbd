import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { openStack } from "../../../cli/engine/open.ts";
import { shadowProject } from "../../../cli/engine/shadowProject.ts";
import { projectDir } from "../../../cli/project.ts";
import { type PreparedPulumi, preparePulumi, silentProgress } from "../../../toolchain/index.ts";

/** A program on the real engine with the fallback providers, and a state in a folder that goes with it. */
export interface EngineStack extends Disposable {
    readonly stack: Stack;
    readonly pulumi: PreparedPulumi;
    /** The state as it lies on disk, secrets encrypted. */
    state(): string;
    /** Changes the environment of the program and its providers from the next operation on. */
    set(env: Record<string, string>): void;
}

/** @param program Folder with the program's `Pulumi.yaml`. */
export async function openEngineStack(
    program: string,
    env: Record<string, string>,
    { name = "test", stackFile = "" }: { name?: string; stackFile?: string } = {},
): Promise<EngineStack> {
    const pulumi = await preparePulumi({ projectDir, offline: true, progress: silentProgress });
    // Below the project, so that the program finds its packages from the folder that the engine runs it in.
    const own = join(projectDir, ".sallyport");
    mkdirSync(own, { recursive: true });
    const folder = mkdtempSync(join(own, "stack-under-test-"));
    mkdirSync(join(folder, "state"));
    const stack = await openStack({
        pulumi,
        stack: name,
        workDir: shadowProject({ projectDir: program, folder: join(folder, "project"), stack: name, stackFile }),
        backendUrl: `file://${join(folder, "state")}`,
        passphrase: randomBytes(24).toString("base64url"),
        env,
        create: true,
    });
    return {
        stack,
        pulumi,
        state: () => {
            const stacks = join(folder, "state", ".pulumi", "stacks");
            const files = readdirSync(stacks, { recursive: true, encoding: "utf8" });
            return readFileSync(
                join(stacks, files.find((file) => file.endsWith(`${name}.json`)) ?? `${name}.json`),
                "utf8",
            );
        },
        set: (more) => {
            stack.workspace.envVars = { ...stack.workspace.envVars, ...more };
        },
        [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
    };
}
