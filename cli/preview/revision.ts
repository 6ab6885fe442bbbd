import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { CommandError, Exit } from "../exit.ts";
import { projectDir } from "../project.ts";

/** The project as a commit has it, in a folder that goes with it. */
export interface Revision extends Disposable {
    readonly folder: string;
}

/**
 * Unpacks the project as a commit has it. Git's own folder is not touched, and the commit's program runs with the packages that are installed
 * here.
 *
 * @param ref branch, tag or commit.
 * @throws CommandError (exit 2) where Git knows no such commit.
 */
export async function checkOut(ref: string): Promise<Revision> {
    const options = { cwd: projectDir, stdin: "ignore" as const };
    const commit = await execa(
        "git",
        ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
        options,
    )
        .then(({ stdout }) => stdout)
        .catch((error: unknown) => {
            if (!(error instanceof ExecaError)) throw error;
            throw new CommandError(
                Exit.usage,
                `--against ${ref}: Git knows no such branch, tag or commit here`,
                "fetch it first, for example `git fetch origin main`, and name it as `origin/main`",
                { cause: error },
            );
        });
    const folder = mkdtempSync(join(tmpdir(), "sallyport-revision-"));
    const dispose = () => rmSync(folder, { recursive: true, force: true });
    try {
        await execa("git", ["archive", "--format=tar", commit], { ...options, encoding: "buffer" }).pipe("tar", [
            "-x",
            "-C",
            folder,
        ]);
        const packages = join(folder, "node_modules");
        rmSync(packages, { recursive: true, force: true });
        symlinkSync(join(projectDir, "node_modules"), packages);
        return { folder, [Symbol.dispose]: dispose };
    } catch (error) {
        dispose();
        throw error;
    }
}
