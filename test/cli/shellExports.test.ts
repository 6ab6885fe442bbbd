import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { shellExports } from "../../cli/local/env.ts";

it("hands any value to a shell unchanged", () => {
    const value = `it's "quoted" $HOME \`x\` \\ and\nnew`;
    const shown = execFileSync("sh", ["-c", `${shellExports({ VALUE: value })}\nprintf %s "$VALUE"`], {
        encoding: "utf8",
    });
    expect(shown).toBe(value);
});
