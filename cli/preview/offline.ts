import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { isMap, parseDocument, visit } from "yaml";
import { ensureLoopback, ensureTool, type Progress, preparePulumi } from "../../toolchain/index.ts";
import { initialiseStack } from "../engine/initialise.ts";
import { openStack } from "../engine/open.ts";
import { projectDir } from "../project.ts";

/** A stack with an empty state in a folder of its own, and the stack file to preview it with. */
export interface OfflineStack extends Disposable {
    stack: Stack;
    configFile: string;
}

/** Stands for a value that cannot be decrypted here: whoever previews a fork's pull request holds no secret. */
const PLACEHOLDER = "not-decrypted-offline";

/** Prepares a preview that needs no account, no credentials, no Docker and no network. */
export async function openOffline(name: string, progress: Progress): Promise<OfflineStack> {
    ensureLoopback();
    // The engine is fetched once, while there is a network; from then on nothing is.
    await ensureTool("pulumi", { progress });
    const pulumi = await preparePulumi({ projectDir, offline: true, progress });
    const folder = mkdtempSync(join(tmpdir(), "sallyport-preview-"));
    const dispose = () => rmSync(folder, { recursive: true, force: true });
    try {
        mkdirSync(join(folder, "state"));
        const environment = {
            pulumi,
            stack: name,
            backendUrl: `file://${join(folder, "state")}`,
            passphrase: randomBytes(24).toString("base64url"),
            env: { SALLYPORT_OFFLINE: "1", SALLYPORT_PROVIDERS: "fallback", CLOUDFLARE_API_TOKEN: PLACEHOLDER },
        };
        const salt = await initialiseStack({ ...environment, projectDir, folder: join(folder, "init") });
        const configFile = join(folder, `Pulumi.${name}.yaml`);
        writeFileSync(configFile, withoutSecrets(readFileSync(join(projectDir, `Pulumi.${name}.yaml`), "utf8"), salt));
        const stack = await openStack({ ...environment, workDir: projectDir, create: false });
        return { stack, configFile, [Symbol.dispose]: dispose };
    } catch (error) {
        dispose();
        throw error;
    }
}

/** The stack file with a placeholder for each encrypted value, so that no secrets provider is asked. */
export function withoutSecrets(text: string, salt: string): string {
    const document = parseDocument(text);
    visit(document, {
        Map(_, node) {
            return node.items.length === 1 && node.has("secure") ? document.createNode(PLACEHOLDER) : undefined;
        },
    });
    if (isMap(document.contents)) {
        for (const key of ["secretsprovider", "encryptedkey"]) {
            document.delete(key);
        }
        document.set("encryptionsalt", salt);
    }
    return document.toString();
}
