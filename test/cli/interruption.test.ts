import { mkdirSync, mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";

/** What the command line thinks of the local environment of a project with these files below `.sallyport/local`. */
async function wasInterrupted(files: Readonly<Record<string, string>>): Promise<boolean> {
    using project = mkdtempDisposableSync(join(tmpdir(), "sallyport-interrupted-"));
    const entries = Object.entries(files).map(([path, text]) => [join(".sallyport", "local", path), text] as const);
    for (const [path, text] of [["Pulumi.yaml", "name: x\nruntime: nodejs\n"] as const, ...entries]) {
        const file = join(project.path, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
    }
    const module = pathToFileURL(join(projectDir, "cli/local/recovery.ts")).href;
    const script = `import(${JSON.stringify(module)}).then((m) => process.stdout.write(String(m.wasInterrupted())))`;
    const options = { cwd: project.path };
    const { stdout } = await execa(process.execPath, ["--disable-warning=ExperimentalWarning", "-e", script], options);
    return stdout === "true";
}

describe("a local environment", () => {
    it("that never came to a state was not interrupted: its emulator did not come up, say", async () => {
        expect(await wasInterrupted({ "emulator.log": "Port 8787 is in use" })).toBe(false);
    });

    it("whose update left its mark was", async () => {
        expect(await wasInterrupted({ updating: "4711\n" })).toBe(true);
    });
});
