import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ToolError } from "../errors.ts";
import { CommandFailed, type RunOptions, run } from "../run.ts";
import type { GoBuild, Tool } from "../tools.ts";
import { slots } from "./slots.ts";
import type { WayContext } from "./way.ts";

/** The linker works on a large program for a minute or two without a word, longer beside other work: ten minutes in milliseconds. */
const SILENT_FOR_MS = 600_000;

/** At most two compilations side by side, and none gets fewer than two cores where there are two. */
const SIDE_BY_SIDE = Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2)));
const PROCESSES_EACH = Math.max(1, Math.floor(availableParallelism() / SIDE_BY_SIDE));

const compiling = slots(SIDE_BY_SIDE);

/**
 * Builds a program from the sources on the Go module proxy (`GOPROXY` and the rest of the user's Go settings hold), statically
 * linked and without debugging information. `go.sum` pins every module's content, so no checksum database is asked. What was downloaded
 * or compiled stays in Go's own caches: an interrupted build goes on where it was.
 */
export async function goBuild(tool: Tool, build: GoBuild, context: WayContext): Promise<void> {
    const { folder, progress, signal } = context;
    const module = fileURLToPath(new URL(`../builds/${build.module}/`, import.meta.url));
    const options: RunOptions = { cwd: module, env: ENVIRONMENT, signal, silentFor: SILENT_FOR_MS };
    try {
        let downloaded = 0;
        const listed = await run("go", ["list", "-deps", build.command], {
            ...options,
            onLine: (line) => {
                if (line.startsWith("go: downloading ")) progress.detail(`${++downloaded} modules downloaded`);
            },
        });
        const packages = listed.split("\n").filter((line) => !line.startsWith("go: ")).length;

        progress.detail(`${packages} packages to compile`);
        await compiling(async () => {
            let compiled = 0;
            await run("go", ["build", "-v", ...buildFlags(tool, build), "-o", join(folder, tool.name), build.command], {
                ...options,
                onLine: () => progress.detail(`${++compiled} of at most ${packages} packages compiled`),
            });
        });
    } catch (error) {
        if (!(error instanceof CommandFailed) || signal.aborted) throw error;
        throw await explain(tool, module, error);
    }
}

function buildFlags({ version }: Tool, { versionVariable }: GoBuild): string[] {
    const link = ["-s", "-w", ...(versionVariable ? ["-X", `${versionVariable}=${version}`] : [])];
    return ["-trimpath", "-buildvcs=false", `-p=${PROCESSES_EACH}`, `-ldflags=${link.join(" ")}`];
}

/** Static, for this machine, and for this module alone: what a shell has set for another project does not reach the build. */
const ENVIRONMENT = {
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOWORK: "off",
    GOFLAGS: "-mod=readonly",
    GOOS: "",
    GOARCH: "",
};

async function explain(tool: Tool, module: string, error: CommandFailed): Promise<ToolError> {
    const what = `${tool.name} ${tool.version} cannot be built`;
    const least = /^go (\S+)$/m.exec(await readFile(join(module, "go.mod"), "utf8"))?.[1];
    const getGo = `Install Go ${least} or later from https://go.dev/dl (or with a package manager) so that "go version" shows it.`;
    const because = (reason: string, fix: string) => new ToolError(`${what}: ${reason}`, fix, { cause: error });
    if (error.missing) return because("Go is not installed", getGo);
    if (/requires go >= /.test(error.output)) return because(error.message, getGo);
    if (/no space left on device/.test(error.output)) {
        return because("the disk is full", "Make room: a build takes up to 5 GB, most of it in Go's caches.");
    }
    return because(
        error.message,
        'See that the module proxy ("go env GOPROXY") can be reached and run this again: it goes on where it stopped.',
    );
}
