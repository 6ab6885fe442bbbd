import { execa } from "execa";
import { expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { ensureTool } from "../../toolchain/index.ts";

it("the project's workflows are what GitHub runs, by actionlint", async () => {
    const { path } = await ensureTool("actionlint", { progress: stderrProgress() });
    const { all, exitCode } = await execa(path, ["-no-color"], { cwd: projectDir, all: true, reject: false });
    expect(all).toBe("");
    expect(exitCode).toBe(0);
});
