import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type Result } from "execa";
import { projectDir } from "../../../cli/project.ts";
import { pack } from "../../../packages/pack.ts";
import { stagePackages } from "../../../packages/stage.ts";
import { sallyport } from "../../support/cli.ts";

/** A project that `sallyport init` made, with the packages installed from their tarballs as from the registry. */
export class NewProject implements Disposable {
    readonly #parent: string;
    readonly folder: string;

    private constructor(parent: string) {
        this.#parent = parent;
        this.folder = join(parent, "infra");
    }

    /** @param options of `sallyport init`. */
    static async install(options: readonly string[]): Promise<NewProject> {
        const project = new NewProject(mkdtempSync(join(tmpdir(), "sallyport-new-")));
        try {
            await project.#install(options);
            return project;
        } catch (error) {
            project[Symbol.dispose]();
            throw error;
        }
    }

    async #install(options: readonly string[]): Promise<void> {
        const packages = join(this.#parent, "packages");
        const packed = await Promise.all(stagePackages(projectDir, packages).map((staged) => pack(staged, packages)));
        const { exitCode, stderr } = await sallyport(["init", this.folder, ...options]);
        if (exitCode !== 0) throw new Error(`sallyport init: ${stderr}`);
        const tarballs = packed.map(({ tarball }) => tarball);
        const npm = await this.run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs);
        if (npm.exitCode !== 0) throw new Error(`npm install: ${npm.stderr}`);
        await this.run("git", "init", "--quiet");
        await this.run("git", "add", "--all");
        await this.run("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-qm", "new");
    }

    /** Runs a command as somebody in the project's folder does; its exit code is part of the result. */
    run(command: string, ...args: string[]): Promise<Result> {
        return execa(command, args, { cwd: this.folder, reject: false, stdin: "ignore" });
    }

    [Symbol.dispose](): void {
        rmSync(this.#parent, { recursive: true, force: true });
    }
}
