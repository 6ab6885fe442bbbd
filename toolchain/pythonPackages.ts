import { createHash, randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isExecutable } from "./engine.ts";
import { writableHome } from "./home.ts";
import { underLock } from "./lock.ts";
import type { Progress } from "./progress.ts";
import { CommandFailed, run } from "./run.ts";
import { replace } from "./store.ts";
import { explainPip, PIP_FLAGS, SILENT_FOR_MS } from "./ways/pip.ts";

/** Digits of the checksum that tells one set of packages from another. */
const CHECKSUM_DIGITS = 16;

/**
 * A Python that has Pulumi's SDK, in an environment of its own below `SALLYPORT_HOME`. Every package is pinned by its checksum, and the
 * environment is there whole or not at all.
 *
 * @returns absolute path of the interpreter.
 * @throws ToolError where Python or a package cannot be had.
 */
export async function ensurePulumiPython(progress: Progress): Promise<string> {
    const pins = fileURLToPath(new URL("./builds/pulumi-python/requirements.txt", import.meta.url));
    const checksum = createHash("sha256")
        .update(await readFile(pins))
        .digest("hex");
    const parent = await writableHome("python");
    const folder = join(parent, `pulumi-${checksum.slice(0, CHECKSUM_DIGITS)}`);
    const python = pythonIn(folder);
    if (await isExecutable(python)) return python;
    return underLock(folder, "installing Pulumi's SDK for Python", progress, async (signal) => {
        if (await isExecutable(python)) return python;
        progress.step("Pulumi's SDK for Python");
        const unfinished = join(parent, `.unfinished-${randomUUID()}`);
        const options = { signal, silentFor: SILENT_FOR_MS };
        try {
            await run("python3", ["-m", "venv", unfinished], options);
            await run(pythonIn(unfinished), ["-m", "pip", "install", ...PIP_FLAGS, "-r", pins], options);
            await replace(unfinished, folder);
        } catch (error) {
            if (!(error instanceof CommandFailed) || signal.aborted) throw error;
            throw explainPip("Pulumi's SDK for Python", error);
        } finally {
            await rm(unfinished, { recursive: true, force: true });
        }
        progress.done();
        return python;
    });
}

/** An interpreter finds its packages by where it is started from, so the folder may take another name. */
const pythonIn = (folder: string) => join(folder, "bin", "python");
