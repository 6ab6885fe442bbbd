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
export async function exportState(stack: EngineStack, signal?: AbortSignal): Promise<ExportedState> {
    return (await ask(stack, ["stack", "export"], signal)) as ExportedState;
}

/** The stack's outputs, secrets in clear: for this process only. The Automation API's own starts the engine twice, to tell secrets from the rest. */
export async function stackOutputs(stack: EngineStack): Promise<Readonly<Record<string, unknown>>> {
    return (await ask(stack, ["stack", "output", "--json", "--show-secrets"])) as Record<string, unknown>;
}

type EngineStack = Pick<Stack, "name" | "workspace">;

/** What the engine answers to a question about the stack. */
async function ask({ name, workspace }: EngineStack, question: string[], signal?: AbortSignal): Promise<unknown> {
    const { pulumiCommand, pulumiHome, workDir: cwd, envVars } = workspace;
    const env = { ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }), ...envVars };
    const args = [...question, "--stack", name, "--non-interactive"];
    const { stdout } = await explained(
        execa(pulumiCommand.command, args, { cwd, env, stdin: "ignore", cancelSignal: signal }),
    );
    return JSON.parse(stdout);
}
