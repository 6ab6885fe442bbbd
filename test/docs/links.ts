import { dirname, join, normalize } from "node:path";
import MarkdownIt from "markdown-it";
import { slug } from "../../site/slug.ts";

/** Where links lead: pages by their path from the root, and whether anything else is there. */
export interface Tree {
    /** The text of a page; undefined where there is none. */
    page(path: string): string | undefined;
    /** Whether a file or folder is there. */
    has(path: string): boolean;
}

const markdown = new MarkdownIt();

/** What a URL to somewhere else begins with: a scheme, or a host. */
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/** Targets of all links and images of a page, as they are written. */
export function linksIn(text: string): string[] {
    return markdown
        .parse(text, {})
        .flatMap(({ children }) => children ?? [])
        .flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? [])
        .map(String);
}

/** The anchors that GitHub gives a page's headings, numbered where they repeat. */
export function anchorsIn(text: string): Set<string> {
    const anchors = new Set<string>();
    const tokens = markdown.parse(text, {});
    for (const [index, { type }] of tokens.entries()) {
        if (type !== "heading_open") continue;
        const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
        const name = slug(words);
        let anchor = name;
        for (let count = 1; anchors.has(anchor); count++) anchor = `${name}-${count}`;
        anchors.add(anchor);
    }
    return anchors;
}

/** The links of a page that lead to nothing in the tree, each with what is wrong. Links out of the project are nobody's business here. */
export function brokenLinks(path: string, tree: Tree): string[] {
    return linksIn(tree.page(path) ?? "").flatMap((link) => {
        if (ELSEWHERE.test(link)) return [];
        const [file = "", anchor] = decodeURI(link).split("#");
        const target = file === "" ? path : normalize(join(dirname(path), file));
        if (target.startsWith("..")) return [`${path}: ${link} leads out of the project`];
        if (!tree.has(target)) return [`${path}: ${link} leads to nothing`];
        if (anchor === undefined) return [];
        const text = tree.page(target);
        return text !== undefined && anchorsIn(text).has(anchor) ? [] : [`${path}: ${link} leads to no heading`];
    });
}
