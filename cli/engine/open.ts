import { dirname } from "node:path";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import type { PreparedPulumi } from "../../toolchain/index.ts";
import { explained } from "./failure.ts";

export interface OpenOptions {
    /** Engine and providers, as the toolchain prepared them. */
    pulumi: PreparedPulumi;
    /** Folder with the `Pulumi.yaml` to use. */
    workDir: string;
    stack: string;
    /** Where state is kept; omitted means the backend that the user is logged in to. */
    backendUrl?: string;
    /** Opens the stack's secrets; omitted means the user's own environment does. */
    passphrase?: string;
    /** Further environment of the program and its providers. */
    env?: Record<string, string>;
    /** What encrypts the secrets of a stack that is made; omitted means a passphrase, or what the backend brings. */
    secretsProvider?: string;
    /** Whether the stack is made when it is not there. */
    create: boolean;
    /** It is known not to be there, so that nobody needs to look first. */
    isNew?: boolean;
}

/** By path: finding an engine runs it, to ask for its version. */
const commands = new Map<string, Promise<PulumiCommand>>();

/** The engine of the toolchain, whose version is known. */
export function engineCommand({ pulumi }: PreparedPulumi): Promise<PulumiCommand> {
    const command =
        commands.get(pulumi) ?? PulumiCommand.get({ root: dirname(dirname(pulumi)), skipVersionCheck: true });
    commands.set(pulumi, command);
    return command;
}

/** Opens a stack through Pulumi's Automation API. */
export async function openStack({ stack, create, isNew = false, ...options }: OpenOptions): Promise<Stack> {
    const workspace = await openWorkspace(options);
    if (isNew) {
        return explained(Stack.create(stack, workspace));
    }
    return explained(create ? Stack.createOrSelect(stack, workspace) : Stack.select(stack, workspace));
}

/** Opens a project without looking for any stack in it: the engine is not run. */
export async function openWorkspace({
    pulumi,
    workDir,
    backendUrl,
    passphrase,
    env,
    secretsProvider,
}: Omit<OpenOptions, "stack" | "create" | "isNew">): Promise<LocalWorkspace> {
    return LocalWorkspace.create({
        workDir,
        pulumiHome: pulumi.pulumiHome,
        ...(secretsProvider === undefined ? {} : { secretsProvider }),
        pulumiCommand: await engineCommand(pulumi),
        envVars: {
            ...pulumi.env,
            ...(backendUrl === undefined ? {} : { PULUMI_BACKEND_URL: backendUrl }),
            ...(passphrase === undefined
                ? {}
                : { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: "" }),
            PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
            ...env,
        },
    });
}
