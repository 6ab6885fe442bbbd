import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import type { PreparedPulumi } from "../../toolchain/index.ts";
import { openStack } from "../engine/open.ts";
import { shadowProject } from "../engine/shadowProject.ts";
import { projectDir } from "../project.ts";
import { apiToken } from "./emulatorProcess.ts";
import { keep, localFiles } from "./files.ts";

/**
 * Environment of the engine for the local stack: a backend, a passphrase and an API of its own.
 *
 * The backend keeps no `.attrs` file beside the state. It would be written anew with each step and not in one piece, so that an engine killed at that
 * moment leaves a state that cannot be read (gocloud.dev v0.46.0, `blob/fileblob/attrs.go`).
 */
export function localEngineEnv(apiBaseUrl: string): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: `file://${localFiles.state}?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: keep(localFiles.passphrase, () => randomBytes(24).toString("base64url")),
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
        CLOUDFLARE_BASE_URL: apiBaseUrl,
        CLOUDFLARE_API_TOKEN: apiToken(),
    };
}

/** The line that plain `pulumi` leaves in a stack file with the salt of a passphrase. */
const SALT_LINE = /^encryptionsalt:.*\n?/m;

/** Takes the salt out of the committed stack file: it belongs to an environment that is gone, and would make the next one's passphrase a wrong one. */
export function forgetSalt(): void {
    const file = join(projectDir, `Pulumi.${LOCAL_STACK}.yaml`);
    const text = readFileSync(file, "utf8");
    if (SALT_LINE.test(text)) {
        writeFileSync(file, text.replace(SALT_LINE, ""));
    }
}

/** Opens the local stack, made on first use. */
export function openLocalStack(pulumi: PreparedPulumi, apiBaseUrl: string): Promise<Stack> {
    if (!existsSync(localFiles.project)) {
        forgetSalt();
    }
    mkdirSync(localFiles.state, { recursive: true, mode: 0o700 });
    const stackFile = readFileSync(join(projectDir, `Pulumi.${LOCAL_STACK}.yaml`), "utf8");
    const workDir = shadowProject({ projectDir, folder: localFiles.project, stack: LOCAL_STACK, stackFile });
    return openStack({ pulumi, workDir, stack: LOCAL_STACK, env: localEngineEnv(apiBaseUrl), create: true });
}
