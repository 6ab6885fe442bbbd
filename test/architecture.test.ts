import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

/** Which areas an area may import, besides itself. Tests, benchmarks and the documentation site may import everything. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    components: [],
    policy: [],
    emulator: [],
    toolchain: [],
    stacks: ["components"],
    examples: ["components"],
    cli: ["stacks", "emulator", "toolchain", "policy"],
};

const SOURCE = /\.(ts|tsx|js|mjs|cjs)$/;

/** `from "…"`, `import "…"`, `import("…")` and `require("…")`, with the specifier as the only group. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"']+)["']/g;

interface Import {
    file: string;
    specifier: string;
    /** First folder of what a relative specifier leads to; undefined for packages. */
    area: string | undefined;
}

/** Every import in a text, with the area that it leads to from `file`. */
function importsIn(file: string, text: string): Import[] {
    return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => {
        const target = specifier.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : undefined;
        return { file, specifier, area: target?.split(sep)[0] };
    });
}

function forbidden(area: string, imports: Import[]): string[] {
    const allowed = [area, ...(ALLOWED[area] ?? [])];
    return imports
        .filter((one) => one.area !== undefined && one.area in ALLOWED && !allowed.includes(one.area))
        .map(({ file, specifier }) => `${file} imports ${specifier}`);
}

function sourcesOf(area: string): string[] {
    return readdirSync(join(ROOT, area), { recursive: true, encoding: "utf8" })
        .filter((file) => SOURCE.test(file) && !file.includes("node_modules"))
        .map((file) => join(area, file));
}

describe("imports", () => {
    it.each(Object.keys(ALLOWED))("of %s/ go one way", (area) => {
        const sources = sourcesOf(area);
        expect(sources).not.toEqual([]);
        const imports = sources.flatMap((file) => importsIn(file, readFileSync(join(ROOT, file), "utf8")));
        expect(forbidden(area, imports)).toEqual([]);
    });

    it("are seen in every form that a module can write them in", () => {
        const text = [
            'import { a } from "../emulator/index.ts";',
            'import type { B } from "../cli/b.ts";',
            'import "../stacks/index.ts";',
            'export * from "../toolchain/index.ts";',
            'const c = await import("../policy/index.js");',
            'const d = require("../emulator/d.cjs");',
            'import { join } from "node:path";',
            'import { e } from "./internal/e.ts";',
        ].join("\n");
        expect(forbidden("components", importsIn("components/x.ts", text))).toEqual([
            "components/x.ts imports ../emulator/index.ts",
            "components/x.ts imports ../cli/b.ts",
            "components/x.ts imports ../stacks/index.ts",
            "components/x.ts imports ../toolchain/index.ts",
            "components/x.ts imports ../policy/index.js",
            "components/x.ts imports ../emulator/d.cjs",
        ]);
    });
});
