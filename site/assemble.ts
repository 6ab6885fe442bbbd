import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { areas, rules } from "../policy/rules/index.ts";
import { type Destinations, linkOnSite } from "./links.ts";
import { navigationOf } from "./navigation.ts";
import { RULES_PAGE, readerPages, sitePath } from "./pages.ts";
import { commandPages } from "./reference/commandLine.ts";
import { componentPages } from "./reference/components.ts";
import type { Page, PageGroup } from "./reference/page.ts";
import { rulePage, rulesIndex } from "./reference/rules.ts";
import { stackFilePage } from "./reference/stackFile.ts";

/** What a site is made of. */
export interface SiteSources {
    /** The project's folder. */
    readonly root: string;
    /** The command line's commands. */
    readonly commands: readonly Command[];
    /** URL of the project's files, up to their path; omitted where nobody knows it. */
    readonly source?: string | undefined;
}

/** A group of the site's side bar, as VitePress has it. */
export interface SideBarGroup {
    readonly text: string;
    readonly collapsed?: boolean;
    readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** What the site's configuration is told of the pages; it is kept beside them. */
export interface Outline {
    readonly sideBar: readonly SideBarGroup[];
    readonly pages: readonly string[];
    readonly rules: readonly string[];
    readonly source?: string | undefined;
}

const INDEX = "docs/README.md";

/** The pages that are made from the code, by the heading that the navigation shows them under. */
export function referenceOf({ root, commands, source }: SiteSources): PageGroup[] {
    const ruleGroups = areas.map((area) => ({
        title: `Rules: ${area.title}`,
        pages: area.rules.map((rule) => ({
            path: `reference/rules/${rule.name}`,
            title: rule.name,
            text: rulePage(rule, area.title),
        })),
    }));
    const index: Page = { path: "reference/rules/index", title: "All rules", text: rulesIndex(areas) };
    return [
        { title: "Command line", pages: commandPages(commands) },
        { title: "Configuration", pages: [stackFilePage(root), index] },
        ...componentPages(root, source),
        ...ruleGroups,
    ];
}

/** Puts every page of the site into one folder, which is emptied first: those of the project as they are, and those made from the code. */
export function assemble(sources: SiteSources, target: string): Outline {
    const { root, source } = sources;
    rmSync(target, { recursive: true, force: true });
    copyPages(root, target);
    const reference = referenceOf(sources);
    for (const { path, text } of reference.flatMap(({ pages }) => pages)) write(join(target, `${path}.md`), text);
    const pages = shownPages(root);
    const ruleNames = rules.map(({ name }) => name);
    const index = indexGroups(root, { pages: new Set(pages), rules: new Set(ruleNames), source });
    return { sideBar: [...index, ...reference.map(referenceGroup)], pages, rules: ruleNames, source };
}

/** Copies the project's pages and pictures to where the site has them. */
export function copyPages(root: string, target: string): void {
    for (const page of shownPages(root))
        write(join(target, `${sitePath(page)}.md`), readFileSync(join(root, page), "utf8"));
    write(join(target, "index.md"), readFileSync(join(root, "site/home.md"), "utf8"));
    cpSync(join(root, "docs/pictures"), join(target, "public/pictures"), { recursive: true });
}

function shownPages(root: string): string[] {
    return readerPages(root).filter((page) => page !== RULES_PAGE);
}

/** The side bar's first groups are the index of the documentation, without what the site has no page for. */
function indexGroups(root: string, destinations: Destinations): SideBarGroup[] {
    return navigationOf(readFileSync(join(root, INDEX), "utf8")).map(({ text, items }) => ({
        text,
        items: items.flatMap((item) => {
            const link = linkOnSite(INDEX, item.link, destinations);
            return link?.startsWith("/") ? [{ text: item.text, link: link.replace(/\.md(?=#|$)/, "") }] : [];
        }),
    }));
}

function referenceGroup({ title, pages }: PageGroup): SideBarGroup {
    return { text: title, collapsed: true, items: pages.map((page) => ({ text: page.title, link: `/${page.path}` })) };
}

function write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
}
