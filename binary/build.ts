/** Makes `dist/sallyport`, the command line of a laptop as one file: `npm run build:binary`. */
import { chmod, copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { inject } from "postject";
import { projectDir } from "../cli/project.ts";
import { reportFailure } from "../cli/ui/failure.ts";
import { stderrProgress } from "../cli/ui/progress.ts";
import { ensureTool, type Progress } from "../toolchain/index.ts";
import { CLOUDFLARED, CLOUDFLARED_SOURCE } from "./assets.ts";
import { bundle } from "./bundle.ts";

/** Where Node looks for a program inside itself (nodejs.org/api/single-executable-applications.html). */
const BLOB = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * A copy of the Node that runs this, with the command line and cloudflared in it. For the platform that this runs on: executables of other systems
 * have to be signed besides, which nothing here does.
 *
 * @param output the file to make.
 */
export async function buildBinary(output: string, progress: Progress): Promise<void> {
    if (process.platform !== "linux") {
        throw new Error(`the single file is made on Linux alone; this is ${process.platform}`);
    }
    const cloudflared = await ensureTool("cloudflared", { progress });
    const work = `${output}.parts`;
    await mkdir(work, { recursive: true });
    try {
        progress.step("the program and all that it imports");
        // Its name stands in the stacks of errors, so it has no folder of the machine that made it.
        const main = "sallyport.cjs";
        await bundle(join(work, main));
        const source = join(work, CLOUDFLARED_SOURCE);
        await writeFile(source, cloudflared.source);
        progress.step("the single file");
        const blob = join(work, "sallyport.blob");
        const settings = {
            main,
            output: blob,
            disableExperimentalSEAWarning: true,
            // V8's own form of the program, which saves compiling it at each start.
            useCodeCache: true,
            assets: { [CLOUDFLARED]: cloudflared.path, [CLOUDFLARED_SOURCE]: source },
        };
        const settingsFile = join(work, "sea.json");
        await writeFile(settingsFile, JSON.stringify(settings));
        await execa(process.execPath, ["--experimental-sea-config", settingsFile], { cwd: work, stdin: "ignore" });
        await rm(output, { force: true });
        await copyFile(process.execPath, output);
        await inject(output, BLOB, await readFile(blob), { sentinelFuse: FUSE });
        await chmod(output, 0o755);
        progress.done();
    } finally {
        await rm(work, { recursive: true });
    }
}

if (import.meta.main) {
    const output = join(projectDir, "dist", "sallyport");
    try {
        await mkdir(dirname(output), { recursive: true });
        await buildBinary(output, stderrProgress());
        const { size } = await stat(output);
        process.stdout.write(`${output}: ${(size / 1024 / 1024).toFixed(0)} MiB\n`);
    } catch (error) {
        process.exitCode = reportFailure(error);
    }
}
