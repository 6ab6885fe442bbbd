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
    /** Whether the stack is made when it is not there. */
    create: boolean;
}

/** Opens a stack through Pulumi's Automation API. */
export async function openStack({
    pulumi,
    workDir,
    stack,
    backendUrl,
    passphrase,
    env,
    create,
}: OpenOptions): Promise<Stack> {
    const workspace = await LocalWorkspace.create({
        workDir,
        pulumiHome: pulumi.pulumiHome,
        // The engine is the one of the toolchain, so its version is known.
        pulumiCommand: await PulumiCommand.get({ root: dirname(dirname(pulumi.pulumi)), skipVersionCheck: true }),
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
    return explained(create ? Stack.createOrSelect(stack, workspace) : Stack.select(stack, workspace));
}
