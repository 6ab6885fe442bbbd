import { dirname, join, normalize } from "node:path/posix";
import type { MarkdownRenderer } from "vitepress";
import { RULES_PAGE, sitePath } from "./pages.ts";

type Token = ReturnType<MarkdownRenderer["parse"]>[number];

/** What a link may lead to. */
export interface Destinations {
    /** The pages that the site shows, by their path from the project's folder. */
    readonly pages: ReadonlySet<string>;
    /** Names of the policy pack's rules, each of which has a page. */
    readonly rules: ReadonlySet<string>;
    /** URL at which files of the project are read, up to their path; undefined where nobody knows it. */
    readonly source: string | undefined;
}

/** Folders of which the site shows more than their files. */
const FOLDERS: Readonly<Record<string, string>> = {
    components: "/reference/components/index.md",
    cli: "/reference/cli/index.md",
};

/** Pictures of the pages, which the site serves as they are. */
const PICTURES = "docs/pictures/";

/** What a URL to somewhere else begins with: a scheme, or a host. */
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/**
 * Where a link of a page leads on the site: to another page, or to a file where sources are read.
 *
 * @returns undefined where the site has no such place: what the link says is then text.
 */
export function linkOnSite(page: string, link: string, { pages, rules, source }: Destinations): string | undefined {
    if (ELSEWHERE.test(link) || link.startsWith("#")) return link;
    const [path = "", anchor] = link.split("#");
    const fragment = anchor === undefined ? "" : `#${anchor}`;
    const target = normalize(join(dirname(page), decodeURI(path))).replace(/\/$/, "");
    if (target === RULES_PAGE && rules.has(anchor ?? "")) return `/reference/rules/${anchor}.md`;
    if (target === RULES_PAGE) return `/reference/rules/index.md${fragment}`;
    if (target.startsWith(PICTURES)) return `/pictures/${target.slice(PICTURES.length)}`;
    if (FOLDERS[target] !== undefined) return FOLDERS[target];
    const known = [target, `${target}/README.md`].find((file) => pages.has(file));
    if (known !== undefined) return `/${sitePath(known)}.md${fragment}`;
    return source === undefined ? undefined : `${source}/${target}${fragment}`;
}

/** Makes the links of the project's pages lead to the same places on the site. */
export function siteLinks(destinations: Destinations): (markdown: MarkdownRenderer) => void {
    const bySitePath = new Map([...destinations.pages].map((page) => [`${sitePath(page)}.md`, page]));
    return (markdown) => {
        markdown.core.ruler.push("site-links", ({ tokens, env }) => {
            const page = bySitePath.get(String(env.relativePath));
            // Pages that are made for the site link as the site does.
            if (page === undefined) return;
            for (const token of tokens) {
                if (token.children !== null) token.children = relinked(token.children, page, destinations);
            }
        });
    };
}

function relinked(tokens: readonly Token[], page: string, destinations: Destinations): Token[] {
    let dropped = false;
    return tokens.filter((token) => {
        if (token.type === "link_close" && dropped) {
            dropped = false;
            return false;
        }
        if (token.type === "image")
            token.attrSet("src", linkOnSite(page, token.attrGet("src") ?? "", destinations) ?? "");
        if (token.type !== "link_open") return true;
        const link = linkOnSite(page, token.attrGet("href") ?? "", destinations);
        if (link !== undefined) token.attrSet("href", link);
        dropped = link === undefined;
        return !dropped;
    });
}
