import type { Deployment, Stack } from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import type { SerializedResource } from "../reach/resources.ts";
import { explained } from "./failure.ts";

/** A stack's state as `pulumi stack export` writes it (`apitype.UntypedDeployment` of github.com/pulumi/pulumi). */
export interface ExportedState extends Deployment {
    deployment: { resources?: SerializedResource[]; [key: string]: unknown };
}

/**
 * The stack's state with its secrets as they are kept: encrypted. The Automation API's own export decrypts them.
 *
 * @param signal ends the engine when it aborts.
 */
export async function exportState(
    { name, workspace }: Pick<Stack, "name" | "workspace">,
    signal?: AbortSignal,
): Promise<ExportedState> {
    const { pulumiCommand, pulumiHome, workDir: cwd, envVars } = workspace;
    const env = { ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }), ...envVars };
    const args = ["stack", "export", "--stack", name, "--non-interactive"];
    const { stdout } = await explained(
        execa(pulumiCommand.command, args, { cwd, env, stdin: "ignore", cancelSignal: signal }),
    );
    return JSON.parse(stdout) as ExportedState;
}
