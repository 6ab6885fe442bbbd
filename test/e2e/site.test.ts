import { execa } from "execa";
import { expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";

it("the site is built without a link to nothing, and fetches nothing from elsewhere", async () => {
    const { exitCode, stderr } = await execa("npm", ["run", "-s", "docs:build"], { cwd: projectDir, reject: false });
    expect(exitCode, stderr).toBe(0);
});
