import { mkdirSync, mkdtempDisposableSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** The project that the command line works on where it is started in a folder. */
async function projectFrom(cwd: string): Promise<string> {
    const module = pathToFileURL(join(ROOT, "cli/project.ts")).href;
    const script = `import(${JSON.stringify(module)}).then(({ projectDir }) => process.stdout.write(projectDir))`;
    const { stdout } = await execa(process.execPath, ["--disable-warning=ExperimentalWarning", "-e", script], { cwd });
    return stdout;
}

it("is the nearest one above the working directory, as pulumi looks for it", async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "sallyport-project-"));
    const below = join(folder.path, "docs", "pages");
    mkdirSync(below, { recursive: true });
    writeFileSync(join(folder.path, "Pulumi.yaml"), "name: x\nruntime: nodejs\n");
    expect(await projectFrom(below)).toBe(realpathSync(folder.path));
});

it("is the clone that the command line belongs to, where there is none above", async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "sallyport-project-"));
    expect(await projectFrom(folder.path)).toBe(ROOT);
});
