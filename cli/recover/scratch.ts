import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { openStack } from "../engine/open.ts";
import { shadowFolder } from "../engine/shadowProject.ts";
import { shortName } from "../engine/shortName.ts";
import { type ExportedState, importState } from "../engine/state.ts";
import { projectDir } from "../project.ts";
import type { RecoveryTarget } from "./plan.ts";

/** A copy of a stack to try things on: the same program, configuration and secrets provider over a state of its own. */
export interface Scratch extends Disposable {
    readonly stack: Stack;
    /** Folder of its own, closed to other users, that goes with it. */
    readonly folder: string;
}

/**
 * Copies a stack, which stays as it is whatever happens to the copy.
 *
 * @param state the stack's own.
 */
export async function openScratch(
    { stack, pulumi }: Pick<RecoveryTarget, "stack" | "pulumi">,
    state: ExportedState,
): Promise<Scratch> {
    // Below the project, so that the program finds its packages.
    const parent = join(projectDir, ".sallyport");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, "recover-"));
    const dispose = () => rmSync(folder, { recursive: true, force: true });
    try {
        const { workDir, envVars } = stack.workspace;
        const name = shortName(stack.name);
        const own = { project: join(folder, "project"), state: join(folder, "state") };
        mkdirSync(own.state);
        shadowFolder({ projectDir: workDir, folder: own.project });
        const stackFile = `Pulumi.${name}.yaml`;
        // As it stands, salt of the passphrase included: the copy keeps its secrets under the same key.
        if (existsSync(join(workDir, stackFile))) copyFileSync(join(workDir, stackFile), join(own.project, stackFile));
        const { secretsProvider } = await stack.workspace.stackSettings(name);
        const copy = await openStack({
            pulumi,
            workDir: own.project,
            stack: name,
            env: { ...envVars, PULUMI_BACKEND_URL: `file://${own.state}` },
            ...(secretsProvider !== undefined && { secretsProvider }),
            create: true,
            isNew: true,
        });
        if ((state.deployment.resources ?? []).length > 0) await importState(copy, state);
        return { stack: copy, folder, [Symbol.dispose]: dispose };
    } catch (error) {
        dispose();
        throw error;
    }
}
