import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { projectDir } from "../../../../cli/project.ts";
import { ComponentProvider } from "../../../../components/plugin/componentProvider.ts";
import { ensurePrograms, ensurePulumiPython, ensureTool, silentProgress } from "../../../../toolchain/index.ts";

const EXAMPLES = join(projectDir, "examples/languages");

/** How to run the example of a language: `command ...args up|destroy STACK`, in a folder with its `Pulumi.yaml`. */
export interface LanguageProgram {
    readonly folder: string;
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
}

/** The Python, Go and Java examples with SDKs that Pulumi's own generators made of the plugin's schema, as `pulumi package add` has them made. */
export class LanguagePrograms implements Disposable {
    readonly #folder = mkdtempSync(join(tmpdir(), "sallyport-languages-"));
    readonly #provider = new ComponentProvider();

    async python(): Promise<LanguageProgram> {
        const sdk = await this.#sdk("python", join(this.#folder, "python"));
        // What an installation adds, and the SDK reads its own version from.
        const metadata = join(sdk, "pulumi_sallyport.dist-info");
        mkdirSync(metadata);
        const { version } = this.#provider;
        writeFileSync(
            join(metadata, "METADATA"),
            `Metadata-Version: 2.1\nName: pulumi_sallyport\nVersion: ${version}\n`,
        );
        return {
            folder: join(EXAMPLES, "python"),
            command: await ensurePulumiPython(silentProgress),
            args: ["inline.py"],
            env: { PYTHONPATH: sdk, PYTHONDONTWRITEBYTECODE: "1" },
        };
    }

    async go(): Promise<LanguageProgram> {
        const source = join(this.#folder, "go");
        cpSync(join(EXAMPLES, "go"), source, { recursive: true });
        await this.#sdk("go", join(source, "sdks/sallyport"));
        const command = join(this.#folder, "guarded-service");
        await execa("go", ["build", "-ldflags=-s -w", "-o", command, "./inline"], {
            cwd: source,
            env: { GOFLAGS: "-mod=readonly", GOWORK: "off", CGO_ENABLED: "0" },
        });
        return { folder: join(EXAMPLES, "go"), command, args: [], env: {} };
    }

    async java(): Promise<LanguageProgram> {
        const jdk = { package: "default-jdk-headless", programs: ["java", "javac"] } as const;
        const { java } = await ensurePrograms(jdk, { progress: silentProgress });
        const { mvn } = await ensurePrograms({ package: "maven", programs: ["mvn"] }, { progress: silentProgress });
        const source = join(this.#folder, "java");
        cpSync(join(EXAMPLES, "java"), source, { recursive: true });
        const { path } = await ensureTool("pulumi-java-gen", { progress: silentProgress });
        const sdk = ["--build=none", "--local", `--version=${this.#provider.version}`, "--out=sdks/sallyport"];
        await execa(path, ["generate", `--schema=${await this.#schema()}`, ...sdk], { cwd: source });
        const libraries = join(source, "libraries");
        const goals = ["compile", "dependency:build-classpath", `-Dmdep.outputFile=${libraries}`];
        await execa(mvn, ["--batch-mode", "--quiet", ...goals], { cwd: source });
        const classPath = [join(source, "target/classes"), readFileSync(libraries, "utf8")].join(delimiter);
        return {
            folder: join(EXAMPLES, "java"),
            command: java,
            args: ["-cp", classPath, "guarded.Inline"],
            env: {},
        };
    }

    async #sdk(language: "go" | "python", folder: string): Promise<string> {
        const { path } = await ensureTool("pulumi-sdkgen", { progress: silentProgress });
        await execa(path, [language, await this.#schema(), folder]);
        return folder;
    }

    async #schema(): Promise<string> {
        const file = join(this.#folder, "schema.json");
        writeFileSync(file, await this.#provider.getSchema());
        return file;
    }

    [Symbol.dispose](): void {
        rmSync(this.#folder, { recursive: true, force: true });
    }
}
