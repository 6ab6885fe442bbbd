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
    return JSON.parse(await ask(stack, ["stack", "export"], { signal })) as ExportedState;
}

/** Replaces the stack's state as a whole. It goes through a pipe: what secrets it has in clear the engine encrypts, and no file ever has them. */
export async function importState(stack: EngineStack, state: ExportedState): Promise<void> {
    await ask(stack, ["stack", "import"], { input: JSON.stringify(state) });
}

/** `pulumi import` of the objects in a file of its own format; nothing is protected, and no program is written. */
export async function importObjects(stack: EngineStack, file: string): Promise<void> {
    const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    await ask(stack, ["import", "--file", file, ...options]);
}

/** The stack's outputs, secrets in clear: for this process only. The Automation API's own starts the engine twice, to tell secrets from the rest. */
export async function stackOutputs(stack: EngineStack): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await ask(stack, ["stack", "output", "--json", "--show-secrets"])) as Record<string, unknown>;
}

type EngineStack = Pick<Stack, "name" | "workspace">;

/** What the engine answers when it is asked for something about the stack. */
async function ask(
    { name, workspace }: EngineStack,
    question: string[],
    { signal, input }: { signal?: AbortSignal | undefined; input?: string } = {},
): Promise<string> {
    const { pulumiCommand, pulumiHome, workDir: cwd, envVars } = workspace;
    const env = { ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }), ...envVars };
    const args = [...question, "--stack", name, "--non-interactive"];
    const given = input === undefined ? ({ stdin: "ignore" } as const) : { input };
    const { stdout } = await explained(
        execa(pulumiCommand.command, args, { cwd, env, ...given, cancelSignal: signal }),
    );
    return stdout;
}
