import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { TOOLS } from "../../toolchain/index.ts";

const load = createRequire(import.meta.url);
const moduleFile = (module: string, file: string) =>
    readFileSync(new URL(`../../toolchain/builds/${module}/${file}`, import.meta.url), "utf8");

describe("the list of tools", () => {
    it.each(["pulumi", "@pulumi/pulumi"])("has the engine in the version of the npm package %s", (name) => {
        expect(load(`${name}/package.json`).version).toBe(TOOLS.pulumi.version);
    });

    it("builds the engine and cloudflared from that version's modules, each pinned by its checksum", () => {
        const engine = `github.com/pulumi/pulumi/pkg/v3 v${TOOLS.pulumi.version}`;
        const cloudflared = "github.com/cloudflare/cloudflared v0.0.0-20250203150802-c19f9194281e";
        for (const [module, requirement] of [
            ["pulumi", engine],
            ["cloudflared", cloudflared],
        ] as const) {
            expect(moduleFile(module, "go.mod")).toContain(`require ${requirement}\n`);
            expect(moduleFile(module, "go.sum")).toContain(`${requirement} h1:`);
        }
    });

    it("has the SDK in the engine in the engine's version", () => {
        expect(moduleFile("pulumi", "go.mod")).toContain(`github.com/pulumi/pulumi/sdk/v3 v${TOOLS.pulumi.version} `);
    });

    it("pins npm's installer of cloudflared by its checksum", () => {
        const lock = JSON.parse(moduleFile("cloudflared-npm", "package-lock.json"));
        expect(lock.packages["node_modules/cloudflared"].integrity).toMatch(/^sha512-/);
    });

    it("runs the same versions in containers", () => {
        const images = Object.values(TOOLS).flatMap(({ image, version }) => (image ? [[image, version]] : []));
        expect(images).toHaveLength(3);
        for (const [image, version] of images) expect(image?.split(":")[1]?.replace(/^v/, "")).toBe(version);
    });
});
