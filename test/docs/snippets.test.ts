import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { readerPages } from "../../site/pages.ts";
import { commandMistakes } from "./snippets/commandLines.ts";
import { examplesIn, type Snippet, snippetsIn } from "./snippets/snippets.ts";
import { yamlMistakes } from "./snippets/stackFiles.ts";
import { typeMistakes } from "./snippets/typeScript.ts";

/** What programs use, whose doc comments have examples. */
const DOCUMENTED = ["components", "emulator"];

const sources = DOCUMENTED.flatMap((folder) =>
    readdirSync(join(projectDir, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(folder, file)),
);

const read = (file: string) => readFileSync(join(projectDir, file), "utf8");
const inPages = readerPages(projectDir).flatMap((page) => snippetsIn(page, read(page)));
const inSources = sources
    .filter((file) => read(file).includes("@example"))
    .flatMap((file) => examplesIn(file, read(file)));
const all = [...inPages, ...inSources];

/** Snippets in one of the languages, but for those that say why not. */
function written(...languages: string[]): Snippet[] {
    const found = all.filter(({ language, exception }) => languages.includes(language) && exception === undefined);
    expect(found.length).toBeGreaterThan(0);
    return found;
}

function jsonMistakes({ file, line, code }: Snippet): string[] {
    try {
        JSON.parse(code);
        return [];
    } catch (error) {
        return [`${file}:${line}: ${(error as Error).message}`];
    }
}

function at(language: string, code: string): Snippet {
    return { file: "page.md", line: 10, language, code };
}

describe("what a reader copies from the pages and doc comments", () => {
    it("is TypeScript that compiles against the real types, and what does not is named by file and line", {
        timeout: 120_000,
    }, () => {
        // One program for the good and the bad: the types of the libraries are read once.
        const bad = 'const made = new ZoneOnboarding("zone", { zoneId });\nnew ZoneOnboarding("zone", { zone: 1 });';
        expect(typeMistakes(projectDir, [...written("ts"), at("ts", bad)])).toEqual([
            expect.stringMatching(/^page\.md:11: .*'zone' does not exist in type 'ZoneOnboardingArgs'/),
        ]);
    });

    it("is YAML, and a stack file that the program takes", () => {
        expect(written("yaml").flatMap(yamlMistakes)).toEqual([]);
    });

    it("is JSON", () => {
        expect(written("json").flatMap(jsonMistakes)).toEqual([]);
    });

    it("is a command line of ours whose commands and options exist", () => {
        expect(written("sh", "console", "inline").flatMap(commandMistakes)).toEqual([]);
    });

    it("says what it is, so that it can be checked", () => {
        const blocks = inPages.filter(({ language }) => language !== "inline");
        const known = [
            "ts",
            "yaml",
            "json",
            "sh",
            "console",
            "mermaid",
            "text",
            "dockerfile",
            "hcl",
            "python",
            "go",
            "java",
            "csharp",
        ];
        expect(
            blocks.filter(({ language }) => !known.includes(language)).map(({ file, line }) => `${file}:${line}`),
        ).toEqual([]);
    });

    it("is left unchecked for a reason only", () => {
        const unchecked = all.filter(({ exception }) => exception !== undefined);
        expect(unchecked.filter(({ exception = "" }) => exception.length < 20)).toEqual([]);
    });
});

describe("a bad snippet is named by file and line", () => {
    it("where a stack file has a key that there is not", () => {
        expect(yamlMistakes(at("yaml", "sallyport:tunel: {}"))).toEqual([
            expect.stringMatching(/^page\.md:10: .*tunel/),
        ]);
    });

    it.each([
        [
            "sh",
            "ls\nnpx sallyport preview staging --ofline",
            "page.md:11: sallyport preview staging --ofline: error: unknown option '--ofline'",
        ],
        [
            "sh",
            "npx sallyport preview \\\n  staging\nnpx sallyport wat",
            "page.md:12: sallyport wat: error: unknown command 'wat'",
        ],
        ["sh", "npm run locale", 'page.md:10: "npm run locale" is no script of package.json'],
        ["sh", "npm run local -- statu", "page.md:10: sallyport local statu: error: too many arguments for 'up'"],
        [
            "console",
            "npx sallyport wat\n$ npx sallyport audit",
            "page.md:11: sallyport audit: error: missing required argument 'stack'",
        ],
        [
            "inline",
            "sallyport kube conect NAME",
            "page.md:10: sallyport kube conect NAME: error: unknown command 'conect'",
        ],
    ])("where %s asks for what the command line has not: %j", (language, code, mistake) => {
        const [found = "", ...more] = commandMistakes(at(language, code));
        expect(found.startsWith(mistake), found).toBe(true);
        expect(more).toEqual([]);
    });

    it("and one that stops for the shell is read up to there", () => {
        const code =
            'eval "$(npx sallyport local env)" && npx sallyport map staging --format html > map.html # a map\n';
        expect(commandMistakes(at("sh", code))).toEqual([]);
    });
});

describe("in a page", () => {
    it("a snippet's line is the one of its code, and an exception counts for the next block alone", () => {
        const page = [
            "# A",
            "",
            "<!-- not checked: shown as it was seen -->",
            "```json",
            "{",
            "```",
            "",
            "```json",
            "1",
            "```",
        ];
        expect(snippetsIn("a.md", page.join("\n"))).toEqual([
            { file: "a.md", line: 5, language: "json", code: "{\n", exception: "shown as it was seen" },
            { file: "a.md", line: 9, language: "json", code: "1\n" },
        ]);
    });
});
