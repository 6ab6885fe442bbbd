import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { EmulatorErrorCode } from "../../emulator/index.ts";

const page = readFileSync(join(projectDir, "emulator", "README.md"), "utf8");

/** First column of the table below the line that ends so. */
function tableAfter(words: string): string[] {
    const [, table = ""] = page.slice(page.indexOf(words)).split(/\n\n/);
    return [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name = ""]) => name);
}

it("the emulator's page tells every option that it takes", () => {
    const source = readFileSync(join(projectDir, "emulator", "options.ts"), "utf8");
    const [, options = ""] = /export interface EmulatorOptions \{(.*?)\n\}/s.exec(source) ?? [];
    const names = [...options.matchAll(/^ {4}readonly (\w+)\?:/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(8);
    expect(tableAfter("Every option can be left out:").toSorted()).toEqual(names.toSorted());
});

it("the emulator's page tells every code of its errors", () => {
    expect(tableAfter("all at once, with a `code`:").toSorted()).toEqual(Object.values(EmulatorErrorCode).toSorted());
});
