import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";

/** The packages that a command loads. */
async function packagesOf(...args: string[]): Promise<string[]> {
    const hook = join(import.meta.dirname, "support", "loadedPackages.mjs");
    const program = [join(projectDir, "cli", "bin.js"), ...args];
    const { stderr } = await execa(process.execPath, ["--import", hook, ...program], { reject: false });
    return JSON.parse(stderr.slice(stderr.lastIndexOf("\n") + 1)) as string[];
}

describe("the command line", () => {
    it("starts without the libraries of its commands: configuration, Pulumi, Docker, Kubernetes and clouds", async () => {
        const loaded = await packagesOf("--help");
        expect(loaded).toContain("commander");
        expect(
            loaded.filter((name) =>
                /^(zod|yaml|execa|dockerode|@(pulumi|kubernetes|aws-sdk|azure|google-cloud)\/)/.test(name),
            ),
        ).toEqual([]);
    });

    it("loads no cloud's library for a command that asks no cloud", async () => {
        const loaded = await packagesOf("kube", "favourite", "ls");
        expect(loaded).toContain("zod");
        expect(loaded.filter((name) => /^@(pulumi|kubernetes|aws-sdk|azure|google-cloud)\//.test(name))).toEqual([]);
    });
});
