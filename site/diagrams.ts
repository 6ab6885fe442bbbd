import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";

/** The theme's colours, so that one picture serves by day and by night, and little air: a page is narrow. */
const OPTIONS = {
    ...{ bg: "var(--vp-c-bg)", fg: "var(--vp-c-text-1)", line: "var(--vp-c-text-3)", transparent: true },
    ...{ padding: 8, nodeSpacing: 20, layerSpacing: 26 },
};

/** A wide picture is made this much smaller to fit the page, and no more: the rest of it is scrolled to. */
const SMALLEST = 0.7;

/** A line of a Mermaid diagram that is read aloud instead of drawn. */
const SPOKEN = /^\s*acc(Title|Descr)\s*:\s*(.+)$/gm;

/**
 * A Mermaid diagram as SVG, made without a browser.
 *
 * The renderer would have the reader's browser fetch a font elsewhere, in a style sheet that reaches beyond the picture: it is left out, and
 * the site's own style sheet has the rest of it (`style.css`).
 */
export function diagram(source: string): string {
    const spoken = Object.fromEntries(
        [...source.matchAll(SPOKEN)].map(([, kind = "", words = ""]) => [kind, words.trim()]),
    );
    const svg = renderMermaidSVG(source.replace(SPOKEN, ""), OPTIONS).replace(/<style>[\s\S]*?<\/style>\s*/, "");
    const { Title: title = "Diagram", Descr: description } = spoken;
    const described = description === undefined ? "" : `<desc>${escaped(description)}</desc>`;
    const width = Number(/viewBox="0 0 ([\d.]+)/.exec(svg)?.[1]);
    return svg.replace(
        /<svg\b([^>]*) style="([^>]*)>/,
        `<svg role="img" aria-label="${escaped(title)}"$1 style="min-width:${Math.round(width * SMALLEST)}px;$2><title>${escaped(title)}</title>${described}`,
    );
}

function escaped(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Draws the Mermaid blocks of pages. */
export function diagrams(markdown: MarkdownRenderer): void {
    const fence = markdown.renderer.rules.fence;
    markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (token?.info.trim() !== "mermaid") return fence?.(tokens, index, options, env, self) ?? "";
        return `<figure class="diagram" v-pre>${diagram(token.content)}</figure>\n`;
    };
}
