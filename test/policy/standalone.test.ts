import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const POLICY = join(ROOT, "policy");
const manifest = (path: string) =>
    JSON.parse(readFileSync(path, "utf8")) as { dependencies: Readonly<Record<string, string>> };

/** `from "…"`, `import "…"`, `import("…")` and `require("…")`. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"']+)["']/g;

describe("the pack by itself", () => {
    const named = globSync("**/*.{ts,js}", { cwd: POLICY, exclude: ["node_modules/**"] }).flatMap((file) =>
        [...readFileSync(join(POLICY, file), "utf8").matchAll(IMPORT)].map(([, specifier = ""]) => specifier),
    );

    it("imports packages that its own manifest names, and nothing outside its folder", () => {
        const packages = named.filter((specifier) => !/^(\.|node:)/.test(specifier));
        // Pulumi looks for its loader of packs in `@pulumi/pulumi`, which the code itself does not name.
        expect([...new Set(packages)].toSorted()).toEqual(
            Object.keys(manifest(join(POLICY, "package.json")).dependencies).filter(
                (name) => name !== "@pulumi/pulumi",
            ),
        );
    });

    it("takes them in the versions with which it is tried here", () => {
        const { dependencies } = manifest(join(ROOT, "package.json"));
        expect(dependencies).toMatchObject(manifest(join(POLICY, "package.json")).dependencies);
    });
});
