import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { shadowFolder, shadowProject } from "../../cli/engine/shadowProject.ts";

let root: string;
beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sallyport-shadow-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: x\nruntime: nodejs\n");
    writeFileSync(join(root, "index.ts"), "export default 1;\n");
});
afterEach(() => rmSync(root, { recursive: true }));

function shadow(stackFile: string): string {
    return shadowProject({ projectDir: root, folder: join(root, ".shadow"), stack: "local", stackFile });
}

it("shows the engine the program, and a stack file that it may write to", () => {
    const folder = shadow("config:\n  x:a: 1\n");
    expect(readFileSync(join(folder, "index.ts"), "utf8")).toBe("export default 1;\n");
    expect(parse(readFileSync(join(folder, "Pulumi.local.yaml"), "utf8"))).toEqual({ config: { "x:a": 1 } });
});

it("keeps the salt that the engine wrote there, and takes none from the real file", () => {
    const file = join(shadow("config: {}\nencryptionsalt: v1:of-an-environment-that-is-gone\n"), "Pulumi.local.yaml");
    expect(parse(readFileSync(file, "utf8"))).not.toHaveProperty("encryptionsalt");
    writeFileSync(file, "config: {}\nencryptionsalt: v1:of-this-one\n");
    shadow("config:\n  x:a: 2\nencryptionsalt: v1:of-an-environment-that-is-gone\n");
    expect(parse(readFileSync(file, "utf8"))).toEqual({ config: { "x:a": 2 }, encryptionsalt: "v1:of-this-one" });
});

it("shows what a stack file names by its path below the project, written before or after", () => {
    mkdirSync(join(root, ".sallyport", "local"), { recursive: true });
    const folder = shadow("config: {}\n");
    writeFileSync(join(root, ".sallyport", "local", "emulator.json"), "{}");
    expect(readFileSync(join(folder, ".sallyport/local/emulator.json"), "utf8")).toBe("{}");
});

it("runs a program from elsewhere, under a name below the project, and asks its stack file for nothing", () => {
    writeFileSync(join(root, "Pulumi.yaml"), "name: x\nruntime: nodejs\nconfig: { a: { type: string } }\n");
    const elsewhere = join(root, "node_modules", "library", "small");
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, "index.js"), "export default 2;\n");
    const folder = join(root, ".shadow");
    for (const _ of ["first", "again"]) {
        shadowFolder({ projectDir: root, folder, main: join(elsewhere, "index.js") });
        const { main, config } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
        expect(main).not.toMatch(/^(\/|\.\.)/);
        expect(readFileSync(join(folder, main), "utf8")).toBe("export default 2;\n");
        expect(config).toBeUndefined();
    }
});
