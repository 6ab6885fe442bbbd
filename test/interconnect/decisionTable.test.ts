import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { decisionTable } from "./support/decisionTable.ts";

it("is in the documentation what the components state of each way of connecting", () => {
    expect(readFileSync(join(projectDir, "docs/interconnect.md"), "utf8")).toContain(decisionTable());
});
