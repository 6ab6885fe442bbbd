import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import type { PreparedPulumi } from "../../toolchain/index.ts";
import { openStack } from "../engine/open.ts";
import { projectDir } from "../project.ts";
import { apiToken } from "./emulatorProcess.ts";
import { keep, localFiles, readIfThere, writePrivate } from "./files.ts";

/** Environment of the engine for the local stack: a backend, a passphrase and an API of its own. */
export function localEngineEnv(apiBaseUrl: string): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: `file://${localFiles.state}`,
        PULUMI_CONFIG_PASSPHRASE: keep(localFiles.passphrase, () => randomBytes(24).toString("base64url")),
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
        CLOUDFLARE_BASE_URL: apiBaseUrl,
        CLOUDFLARE_API_TOKEN: apiToken(),
    };
}

/** Opens the local stack, made on first use. */
export async function openLocalStack(pulumi: PreparedPulumi, apiBaseUrl: string): Promise<Stack> {
    mkdirSync(localFiles.state, { recursive: true, mode: 0o700 });
    const env = localEngineEnv(apiBaseUrl);
    if (readIfThere(localFiles.stackFile) === undefined) {
        await initialise(pulumi, env);
    }
    refreshStackFile();
    return openStack({ pulumi, workDir: projectDir, stack: LOCAL_STACK, env, create: false });
}

/**
 * Makes the stack in a folder of its own: the engine writes the salt of the passphrase into the stack file, and the
 * committed one must not change because somebody tried the project.
 */
async function initialise(pulumi: PreparedPulumi, env: Record<string, string>): Promise<void> {
    const folder = join(localFiles.root, "init");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { name } = parse(readFileSync(join(projectDir, "Pulumi.yaml"), "utf8")) as { name: string };
    writeFileSync(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    await openStack({ pulumi, workDir: folder, stack: LOCAL_STACK, env, create: true });
    writePrivate(localFiles.stackFile, readFileSync(join(folder, `Pulumi.${LOCAL_STACK}.yaml`), "utf8"));
}

/** The engine's copy: the committed stack file as it is now, with the salt. */
function refreshStackFile(): void {
    const { encryptionsalt } = parse(readFileSync(localFiles.stackFile, "utf8")) as { encryptionsalt: string };
    const committed = readFileSync(join(projectDir, `Pulumi.${LOCAL_STACK}.yaml`), "utf8").replace(
        /^encryptionsalt:.*\n?/m,
        "",
    );
    writePrivate(localFiles.stackFile, `${committed.trimEnd()}\nencryptionsalt: ${encryptionsalt}\n`);
}
