import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import type { PreparedPulumi } from "../../toolchain/index.ts";
import { initialiseStack } from "../engine/initialise.ts";
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
        const folder = join(localFiles.root, "init");
        const salt = await initialiseStack({ pulumi, stack: LOCAL_STACK, env, projectDir, folder });
        writePrivate(localFiles.stackFile, `encryptionsalt: ${salt}\n`);
    }
    refreshStackFile();
    return openStack({ pulumi, workDir: projectDir, stack: LOCAL_STACK, env, create: false });
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
