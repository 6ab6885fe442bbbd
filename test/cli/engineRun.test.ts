import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import { expect, it } from "vitest";
import { destroy, refresh, up } from "../../cli/engine/run.ts";
import { silentProgress } from "../../toolchain/index.ts";

it("starts the engine once for an operation, and asks it for nothing afterwards", async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), "sallyport-engine-"));
    writeFileSync(join(folder.path, "Pulumi.yaml"), "name: test\nruntime: nodejs\n");
    const commands: string[] = [];
    const pulumiCommand = {
        command: "pulumi",
        version: "3.250.0",
        run: async ([command = ""]: string[]) => {
            commands.push(command);
            return { stdout: "", stderr: "", code: 0 };
        },
    } as unknown as PulumiCommand;
    const workspace = await LocalWorkspace.create({ workDir: folder.path, pulumiCommand });
    const stack = await Stack.create("test", workspace);
    commands.length = 0;
    await up(stack, ["example.com"], silentProgress);
    await refresh(stack, silentProgress);
    await destroy(stack, silentProgress);
    expect(commands).toEqual(["up", "refresh", "destroy"]);
});
