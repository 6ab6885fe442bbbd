import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Rules have a page each on the site, made of the rules themselves, so the page that lists them all is not shown there. */
export const RULES_PAGE = "docs/policy-rules.md";

/** What the site calls pages whose path says nothing to its reader. */
const NAMED: Readonly<Record<string, string>> = { "README.md": "overview", "docs/README.md": "contents" };

/** Every page that a reader of the project is shown, by its path from the project's folder. */
export function readerPages(root: string): string[] {
    const folders = readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !IGNORED.has(entry.name) && !entry.name.startsWith("."))
        .map(({ name }) => name);
    return [
        ...readdirSync(root).filter((name) => name.endsWith(".md")),
        ...folders.flatMap((folder) =>
            readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
                .filter((file) => (folder === "docs" ? file.endsWith(".md") : README.test(file)))
                .map((file) => join(folder, file)),
        ),
    ].toSorted();
}

/** Folders with pages of others, and with what is built. */
const IGNORED = new Set(["node_modules", "dist", "coverage", "test"]);

const README = /^([^/]+\/)?README\.md$/;

/** The path of a page of the project on the site, without an extension: `docs/tunnels.md` is `tunnels`, `policy/README.md` is `policy`. */
export function sitePath(page: string): string {
    const named = NAMED[page];
    if (named !== undefined) return named;
    return page
        .replace(/^docs\//, "")
        .replace(/\/README\.md$|\.md$/, "")
        .toLowerCase();
}
