import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { REMEDIES, redeployCommand } from "../../cli/audit/catalogue.ts";
import { projectDir } from "../../cli/project.ts";

it("documents every check that there is, and no other", () => {
    const text = readFileSync(join(projectDir, "docs", "audit.md"), "utf8");
    const documented = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
    expect(documented.toSorted()).toEqual(Object.keys(REMEDIES).toSorted());
});

it("knows the command that makes a stack again, local ones with their own environment", () => {
    expect(redeployCommand("staging", false)).toBe("`npx pulumi up --refresh -s staging --policy-pack policy`");
    expect(redeployCommand("local", true)).toMatch(/^`eval "\$\(npx sallyport local env\)" && npx pulumi up --refresh/);
});
