import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readerPages } from "../../site/pages.ts";
import { anchorsIn, brokenLinks, linksIn, type Tree } from "./links.ts";

const ROOT = resolve(import.meta.dirname, "../..");

const tree: Tree = {
    page: (path) => (path.endsWith(".md") ? readFileSync(join(ROOT, path), "utf8") : undefined),
    has: (path) => existsSync(join(ROOT, path)),
};

const pages = readerPages(ROOT);

/** A project of these pages alone. */
function project(pagesOf: Readonly<Record<string, string>>): Tree {
    return { page: (path) => pagesOf[path], has: (path) => path in pagesOf };
}

describe("the pages", () => {
    it.each(pages)("%s has no link that leads to nothing", (page) => {
        expect(brokenLinks(page, tree)).toEqual([]);
    });

    it("are all found from the index of the documentation", () => {
        const linked = new Set(linksIn(tree.page("docs/README.md") ?? "").map((link) => join("docs", link)));
        const missing = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== "docs/README.md");
        expect(missing.filter((page) => !linked.has(page))).toEqual([]);
    });

    it("of decisions are all found from their index", () => {
        const linked = new Set(linksIn(tree.page("docs/adr/README.md") ?? "").map((link) => join("docs/adr", link)));
        const decisions = pages.filter((page) => /^docs\/adr\/\d/.test(page));
        expect(decisions).not.toEqual([]);
        expect(decisions.filter((page) => !linked.has(page))).toEqual([]);
    });
});

describe("a link", () => {
    it("to a page or a heading that is not there is named", () => {
        const here = project({
            "docs/a.md": "[b](b.md) [c](c.md) [far](b.md#far) [near](b.md#near-by) [own](#nowhere) [out](../../x.md)",
            "docs/b.md": "# Near by",
        });
        expect(brokenLinks("docs/a.md", here)).toEqual([
            "docs/a.md: c.md leads to nothing",
            "docs/a.md: b.md#far leads to no heading",
            "docs/a.md: #nowhere leads to no heading",
            "docs/a.md: ../../x.md leads out of the project",
        ]);
    });

    it("to another site is left alone, and so is what stands in code", () => {
        const text = "[site](https://example.com/x#y) `[code](gone.md)`\n\n```md\n[fenced](gone.md)\n```\n";
        expect(brokenLinks("a.md", project({ "a.md": text }))).toEqual([]);
    });

    it("finds a heading under the name that GitHub gives it", () => {
        const text = "# `share`: what, and why?\n## Twice\n## Twice\n## SOCKS5 & Cap'n Proto";
        expect([...anchorsIn(text)]).toEqual(["share-what-and-why", "twice", "twice-1", "socks5--capn-proto"]);
    });
});
