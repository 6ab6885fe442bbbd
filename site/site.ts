import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../cli/main.ts";
import { assemble } from "./assemble.ts";

/** The project's folder, the one whose `.vitepress` configures the site, and where the site is built. */
export const rootDir = join(import.meta.dirname, "..");
export const siteDir = join(rootDir, "site");
export const builtDir = join(rootDir, "dist/site");
export const htmlDir = join(builtDir, "html");
export const pagesDir = join(builtDir, "pages");

/** Writes the pages, and the outline that the site's configuration reads. Where CI says which repository it builds, links lead to its files. */
export function prepareSite(env: NodeJS.ProcessEnv = process.env): void {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: revision } = env;
    const source = server && repository && revision ? `${server}/${repository}/blob/${revision}` : undefined;
    const outline = assemble({ root: rootDir, commands: commands(), source }, pagesDir);
    mkdirSync(builtDir, { recursive: true });
    writeFileSync(join(builtDir, "outline.json"), JSON.stringify(outline));
}
