import MarkdownIt from "markdown-it";

/** An entry of the site's navigation. */
export interface Entry {
    readonly text: string;
    /** Where it leads, as the page that lists it has it. */
    readonly link: string;
}

/** A heading of the navigation with what is below it. */
export interface Group {
    readonly text: string;
    readonly items: readonly Entry[];
}

/** Every link of an index page by the heading above it, in the page's order: the index is the one place where the order of pages is said. */
export function navigationOf(index: string): Group[] {
    const groups: { text: string; items: Entry[] }[] = [];
    const tokens = new MarkdownIt().parse(index, {});
    for (const [place, token] of tokens.entries()) {
        if (token.type === "heading_open" && token.tag === "h2") {
            groups.push({ text: tokens[place + 1]?.content ?? "", items: [] });
        }
        const children = token.children ?? [];
        for (const [start, child] of children.entries()) {
            if (child.type !== "link_open") continue;
            const end = children.findIndex((one, at) => at > start && one.type === "link_close");
            const text = children
                .slice(start, end)
                .map(({ content }) => content)
                .join("");
            groups.at(-1)?.items.push({ text, link: String(child.attrGet("href") ?? "") });
        }
    }
    return groups;
}
