import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import { ToolError } from "./errors.ts";
import { underLock } from "./lock.ts";
import { packageFolders } from "./packages.ts";
import type { Progress } from "./progress.ts";
import { CommandFailed, run } from "./run.ts";
import { type InstalledTool, replace } from "./store.ts";
import { TOOLS } from "./tools.ts";

const { name, version } = TOOLS.pulumi;

/** The CLI and its language hosts are some 150 MB; given up after ten minutes, in milliseconds. */
const DOWNLOAD_WITHIN_MS = 600_000;

/** The PULUMI_HOME that the fallback providers live in: inside the project, so that no other project meets them. */
export const fallbackPulumiHome = (projectDir: string) => join(projectDir, ".sallyport", "pulumi");

/**
 * The user's own PULUMI_HOME. A shell that took over `sallyport local env` has a project's fallback one in that variable; it is never
 * mistaken for the user's.
 */
export function userPulumiHome(): string {
    const set = process.env.PULUMI_HOME;
    return set && !set.endsWith(`${sep}${join(".sallyport", "pulumi")}`) ? set : join(homedir(), ".pulumi");
}

/** Where npm's launcher and Pulumi's Automation API both look for the engine of one version. */
export const engineFolder = (pulumiHome: string) => join(pulumiHome, "versions", version, "bin");

/** An engine in the user's own PULUMI_HOME. It is `official` if it came with the language host that only the distribution has. */
export async function findEngine(): Promise<InstalledTool | undefined> {
    const folder = engineFolder(userPulumiHome());
    const path = join(folder, name);
    if (!(await isExecutable(path))) return undefined;
    const complete = await isExecutable(join(folder, "pulumi-language-nodejs"));
    return { name, version, path, source: complete ? "official" : "present" };
}

/**
 * Has npm's launcher download the engine, as `npx pulumi` would, but into a folder beside the final one: the launcher takes any file of
 * the right name for an engine, also one that was cut short.
 *
 * @throws ToolError when the download fails.
 */
export async function downloadEngine(projectDir: string, progress: Progress): Promise<InstalledTool> {
    const versions = join(userPulumiHome(), "versions");
    await mkdir(versions, { recursive: true });
    return underLock(join(versions, version), `installing pulumi ${version}`, progress, async (signal) => {
        const ready = await findEngine();
        if (ready?.source === "official") return ready;
        for (const entry of await readdir(versions)) {
            if (entry.startsWith(UNFINISHED)) await rm(join(versions, entry), { recursive: true, force: true });
        }
        const temporary = join(versions, `${UNFINISHED}${randomUUID()}`);
        try {
            progress.detail("downloading the official release");
            await run(process.execPath, [launcherOf(projectDir), "version"], {
                signal,
                within: DOWNLOAD_WITHIN_MS,
                // NODE_USE_ENV_PROXY lets the launcher's fetch() go through HTTPS_PROXY, as the script does that it fetches.
                env: {
                    PULUMI_HOME: temporary,
                    PULUMI_VERSION: version,
                    PULUMI_SKIP_UPDATE_CHECK: "true",
                    NODE_USE_ENV_PROXY: "1",
                },
            });
            await replace(join(temporary, "versions", version), join(versions, version));
        } catch (error) {
            if (!(error instanceof CommandFailed) || signal.aborted) throw error;
            throw new ToolError(
                `pulumi ${version} cannot be downloaded: ${error.message}`,
                "Run this again. SALLYPORT_PROVIDERS=fallback works without the official download.",
                { cause: error },
            );
        } finally {
            await rm(temporary, { recursive: true, force: true });
        }
        const installed = await findEngine();
        if (installed?.source === "official") return installed;
        throw new ToolError(
            `pulumi ${version} was downloaded, and is not in ${dirname(engineFolder(userPulumiHome()))}`,
            "Run this again, and report it if it happens again.",
        );
    });
}

const UNFINISHED = ".unfinished-";

/** `run.js` of the `pulumi` package that the project has installed. */
function launcherOf(projectDir: string): string {
    const [folder] = packageFolders(projectDir, "pulumi");
    if (folder !== undefined) return join(folder, "run.js");
    throw new ToolError(`The package pulumi is not installed in ${projectDir}`, `Run "npm ci" in ${projectDir}.`);
}

export async function isExecutable(path: string): Promise<boolean> {
    try {
        await access(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}
