import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import type { PreparedPulumi } from "../../toolchain/index.ts";
import { CLOUDFLARE_API, type CloudflareApi } from "../cloudflareApi.ts";
import { openStack } from "../engine/open.ts";
import { CommandError, Exit } from "../exit.ts";
import { projectDir } from "../project.ts";
import { apiToken, runningEmulator } from "./emulatorProcess.ts";
import { localEngineEnv, openLocalStack } from "./stack.ts";

/** A stack, and what it is deployed with: whoever opens it may do as it does. */
export interface StackWithApi {
    readonly stack: Stack;
    /** Cloudflare's API, for what the engine does not tell. */
    readonly api: CloudflareApi;
    /** Environment of the engine: where state is kept, what opens it, what Cloudflare is asked with. */
    readonly engineEnv: Record<string, string>;
    /** What encrypts its secrets; omitted means the passphrase, or what the backend brings. */
    readonly secretsProvider?: string;
}

/**
 * Opens a stack of the project by its name, the local one with its emulator.
 *
 * @param create whether a stack that the backend has not got is made there; the local one always is.
 * @throws CommandError when there is none.
 */
export async function openWithApi(
    pulumi: PreparedPulumi,
    name: string,
    { create }: { create: boolean },
): Promise<StackWithApi> {
    return name === LOCAL_STACK ? openLocal(pulumi) : openReal(pulumi, name, create);
}

async function openLocal(pulumi: PreparedPulumi): Promise<StackWithApi> {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new CommandError(Exit.failed, "the emulator is not running", "start it with `npm run local`");
    }
    const stack = await openLocalStack(pulumi, emulator.apiBaseUrl);
    const api = { baseUrl: emulator.apiBaseUrl, token: apiToken() };
    return { stack, api, engineEnv: localEngineEnv(emulator.apiBaseUrl) };
}

/** The token of the stack file, where it has one, opens the API for others too. */
async function openReal(pulumi: PreparedPulumi, name: string, create: boolean): Promise<StackWithApi> {
    const stack = await openStack({ pulumi, workDir: projectDir, stack: name, create });
    const configured = (await stack.getAllConfig())["cloudflare:apiToken"]?.value;
    const token = configured ?? process.env.CLOUDFLARE_API_TOKEN;
    const { secretsProvider } = await stack.workspace.stackSettings(name);
    return {
        stack,
        ...(secretsProvider === undefined ? {} : { secretsProvider }),
        api: { baseUrl: CLOUDFLARE_API, token },
        engineEnv: token === undefined ? {} : { CLOUDFLARE_API_TOKEN: token },
    };
}
