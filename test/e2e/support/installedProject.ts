import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import manifest from "../../../package.json" with { type: "json" };
import { type Release, release } from "../../../packages/release/run.ts";
import { silentProgress } from "../../../toolchain/index.ts";

interface RunOptions {
    /** Whether a failure is an exception; true where omitted. */
    readonly reject?: boolean;
    /** Variables beside those of this process. */
    readonly env?: Readonly<Record<string, string>>;
}

/** A project outside of this repository, which has the packages from their tarballs, as npm would bring them. */
export class InstalledProject implements Disposable {
    readonly folder: string;
    readonly release: Release;

    private constructor(folder: string, made: Release) {
        this.folder = folder;
        this.release = made;
    }

    /** Makes the packages and installs them, with Pulumi's SDK in the version that they are tried with. */
    static async make(): Promise<InstalledProject> {
        const folder = mkdtempSync(join(tmpdir(), "sallyport-installed-"));
        try {
            const made = await release({ dryRun: true, progress: silentProgress, output: join(folder, "packages") });
            const project = new InstalledProject(join(folder, "project"), made);
            project.write("package.json", JSON.stringify({ name: "edge", private: true, type: "module" }));
            const tarballs = made.packed.map(({ tarball }) => tarball);
            const pulumi = `@pulumi/pulumi@${manifest.dependencies["@pulumi/pulumi"]}`;
            const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--save-exact"];
            await project.run("npm", ["install", ...quiet, pulumi, ...tarballs]);
            return project;
        } catch (error) {
            rmSync(folder, { recursive: true, force: true });
            throw error;
        }
    }

    /** Writes a file of the project. */
    write(path: string, text: string): void {
        const file = join(this.folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
    }

    /** Runs a command in the project, with the project's own commands first. */
    async run(command: string, args: readonly string[], { reject = true, env = {} }: RunOptions = {}) {
        const options = {
            cwd: this.folder,
            preferLocal: true,
            localDir: this.folder,
            stdin: "ignore",
            reject,
            env,
        } as const;
        const { stdout, stderr, exitCode } = await execa(command, args, options);
        return { stdout, stderr, exitCode };
    }

    [Symbol.dispose](): void {
        rmSync(dirname(this.folder), { recursive: true, force: true });
    }
}
