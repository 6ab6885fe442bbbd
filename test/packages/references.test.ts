import { expect, it } from "vitest";
import { specifierFor } from "../../packages/place.ts";
import { packageNamed, referencesIn, replaceReferences } from "../../packages/references.ts";

const MODULE = [
    'import { a } from "./a.ts";',
    'export type { B } from "./b.ts";',
    'export * from "../c.ts";',
    'import "./d.ts";',
    'import { e } from "library/deep.js";',
    'const f = await import("./f.ts");',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a module.
    "const g = await import(`./providers/${name}/g.ts`);",
    'const h = require("@scope/library/h.js");',
    'const i = createRequire(import.meta.url).resolve("../i/package.json");',
    'const j = import.meta.resolve("j");',
    'const k = new URL("./k.ts", import.meta.url);',
    'type L = import("./l.ts").L;',
    'const none = [resolve("./not.ts"), new URL("./not.ts", base), "./not.ts"];',
].join("\n");

it("are seen in every form that a module can write them in, and nowhere else", () => {
    expect(referencesIn("x.ts", MODULE).map(({ specifier }) => specifier)).toEqual([
        "./a.ts",
        "./b.ts",
        "../c.ts",
        "./d.ts",
        "library/deep.js",
        "./f.ts",
        "/g.ts",
        "@scope/library/h.js",
        "../i/package.json",
        "j",
        "./k.ts",
        "./l.ts",
    ]);
});

it("are replaced where they stand, and nothing else is", () => {
    const replaced = replaceReferences("x.ts", MODULE, (specifier) => specifier.replace(/\.ts$/, ".js"));
    expect(replaced.split("\n").filter((line, at) => line !== MODULE.split("\n")[at])).toEqual([
        'import { a } from "./a.js";',
        'export type { B } from "./b.js";',
        'export * from "../c.js";',
        'import "./d.js";',
        'const f = await import("./f.js");',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a module.
        "const g = await import(`./providers/${name}/g.js`);",
        'const k = new URL("./k.js", import.meta.url);',
        'type L = import("./l.js").L;',
    ]);
});

it("name packages, less what Node.js has itself", () => {
    const text = 'import "node:fs"; import "@scope/library/h.js"; import "library"; import "./beside.ts";';
    expect(referencesIn("x.ts", text).map(packageNamed)).toEqual([undefined, "@scope/library", "library", undefined]);
});

it("to another package's files go by that package's name", () => {
    expect(specifierFor("cli/reach/graph.ts", "../../policy/tokens.ts")).toBe("@sallyport/policy/internal/tokens.js");
    expect(specifierFor("cli/commands/emulator.ts", "../../emulator/edge/index.ts")).toBe("@sallyport/emulator/edge");
    expect(specifierFor("cli/commands/emulator.ts", "../../emulator/index.ts")).toBe("@sallyport/emulator");
    expect(specifierFor("cli/project.ts", "../policy/package.json")).toBe("@sallyport/policy/package.json");
});

it("within a package stay what they are", () => {
    expect(specifierFor("stacks/deploy.ts", "../components/index.ts")).toBe("../components/index.js");
    expect(specifierFor("cli/program.ts", "../package.json")).toBe("../package.json");
    expect(specifierFor("policy/index.ts", "@pulumi/policy")).toBe("@pulumi/policy");
});

it("to what is in no package are refused", () => {
    expect(() => specifierFor("cli/main.ts", "../bench/run.ts")).toThrow(
        "cli/main.ts asks for ../bench/run.ts, which is in no package",
    );
});
