import { cpSync, mkdirSync, mkdtempDisposableSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../packages/build.ts";
import { nextVersion } from "../../packages/release/version.ts";

/** A repository with this one's settings, at version 0.1.0, and the given changesets. */
async function repository(changesets: Readonly<Record<string, string>>) {
    const folder = mkdtempDisposableSync(join(tmpdir(), "sallyport-version-"));
    const write = (path: string, content: object | string) => {
        mkdirSync(join(folder.path, path, ".."), { recursive: true });
        writeFileSync(join(folder.path, path), typeof content === "string" ? content : JSON.stringify(content));
    };
    const manifest = { version: "0.1.0", private: true };
    write("package.json", { name: "sallyport", ...manifest });
    write("policy/package.json", { name: "sallyport-policy", ...manifest });
    write("package-lock.json", { version: "0.1.0", lockfileVersion: 3, packages: { "": { version: "0.1.0" } } });
    write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Added\n- By hand.\n");
    cpSync(join(ROOT, ".changeset", "config.json"), join(folder.path, ".changeset", "config.json"), {
        recursive: true,
    });
    for (const [name, text] of Object.entries(changesets)) write(`.changeset/${name}.md`, text);
    const git = (...args: string[]) =>
        execa("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: folder.path });
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", ".");
    await git("commit", "--quiet", "--message=Begin");
    const read = (path: string) => readFileSync(join(folder.path, path), "utf8");
    return {
        folder: folder.path,
        read,
        version: (path: string) => (JSON.parse(read(path)) as { version: string }).version,
        [Symbol.dispose]: () => folder.remove(),
    };
}

const changeset = (kind: string, text: string) => `---\n"sallyport": ${kind}\n---\n\n${text}\n`;

describe("the next version", () => {
    it("goes as far as the furthest changeset says, everywhere, and the changesets become the changelog", async () => {
        using project = await repository({
            one: changeset("patch", "Mended."),
            two: changeset("minor", "Something new."),
        });
        expect(await nextVersion(project.folder)).toBe("0.2.0");
        const carriers = ["package.json", "policy/package.json", "package-lock.json"];
        expect(carriers.map(project.version)).toEqual(["0.2.0", "0.2.0", "0.2.0"]);
        expect(JSON.parse(project.read("package-lock.json")).packages[""].version).toBe("0.2.0");
        expect(project.read("CHANGELOG.md")).toBe(
            "# Changelog\n\n## Unreleased\n\n## 0.2.0\n\n### Added\n- By hand.\n- Something new.\n\n### Fixed\n- Mended.\n",
        );
        expect(readdirSync(join(project.folder, ".changeset"))).toEqual(["config.json"]);
    });

    it("is none without a changeset, and nothing is changed", async () => {
        using project = await repository({});
        expect(await nextVersion(project.folder)).toBeUndefined();
        expect(project.version("policy/package.json")).toBe("0.1.0");
        expect(project.read("CHANGELOG.md")).toContain("## Unreleased\n\n### Added\n- By hand.");
    });
});

it("is one in everything of this repository that has one", () => {
    const versionOf = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8")).version as string;
    expect(["policy/package.json", "package-lock.json"].map(versionOf)).toEqual(
        Array(2).fill(versionOf("package.json")),
    );
});
