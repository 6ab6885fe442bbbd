import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { isMap, parseDocument, visit } from "yaml";
import { ensureLoopback, ensureTool, type Progress, preparePulumi } from "../../toolchain/index.ts";
import { explained } from "../engine/failure.ts";
import { openStack } from "../engine/open.ts";
import { saltOf, shadowProject } from "../engine/shadowProject.ts";
import type { ExportedState } from "../engine/state.ts";
import { projectDir } from "../project.ts";
import { PLACEHOLDER } from "./placeholder.ts";

/** A stack with a state of its own, in a folder that goes with it. */
export interface OfflineStack extends Disposable {
    stack: Stack;
}

/** What an offline preview starts from. */
export interface OfflineOptions {
    /** Folder of the project whose program is planned; this project's own if omitted. */
    program?: string | undefined;
    /** What is there already; nothing if omitted. */
    state?: ExportedState | undefined;
}

/** Prepares a preview that needs no account, no credentials, no Docker and no network. */
export async function openOffline(
    name: string,
    progress: Progress,
    { program = projectDir, state }: OfflineOptions = {},
): Promise<OfflineStack> {
    ensureLoopback();
    // The engine is fetched once, while there is a network; from then on nothing is.
    await ensureTool("pulumi", { progress });
    const pulumi = await preparePulumi({ projectDir, offline: true, progress });
    const folder = mkdtempSync(join(tmpdir(), "sallyport-preview-"));
    const dispose = () => rmSync(folder, { recursive: true, force: true });
    try {
        mkdirSync(join(folder, "state"));
        const stackFile = withoutSecrets(readFileSync(join(program, `Pulumi.${name}.yaml`), "utf8"));
        const workDir = shadowProject({ projectDir: program, folder: join(folder, "project"), stack: name, stackFile });
        const stack = await openStack({
            pulumi,
            stack: name,
            workDir,
            backendUrl: `file://${join(folder, "state")}`,
            passphrase: randomBytes(24).toString("base64url"),
            env: { SALLYPORT_OFFLINE: "1", SALLYPORT_PROVIDERS: "fallback", CLOUDFLARE_API_TOKEN: PLACEHOLDER },
            create: true,
        });
        if (state !== undefined) {
            const salt = saltOf(join(workDir, `Pulumi.${name}.yaml`));
            await explained(stack.importStack(encryptedWith(state, salt)));
        }
        return { stack, [Symbol.dispose]: dispose };
    } catch (error) {
        dispose();
        throw error;
    }
}

/** The state under the passphrase of this preview: the engine encrypts what it imports. */
function encryptedWith({ version, deployment }: ExportedState, salt: string | undefined): ExportedState {
    return { version, deployment: { ...deployment, secrets_providers: { type: "passphrase", state: { salt } } } };
}

/** The stack file with a placeholder for each encrypted value, so that no secrets provider is asked. */
export function withoutSecrets(text: string): string {
    const document = parseDocument(text);
    visit(document, {
        Map(_, node) {
            return node.items.length === 1 && node.has("secure") ? document.createNode(PLACEHOLDER) : undefined;
        },
    });
    if (isMap(document.contents)) {
        for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) {
            document.delete(key);
        }
    }
    return document.toString();
}
