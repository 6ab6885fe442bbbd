import { readFileSync } from "node:fs";
import { join } from "node:path";
import { html, raw } from "hono/html";
import { baseStyle, documentHeaders, type PageDesign, renderDocument } from "../../../emulator/edge/pages/document.ts";
import type { AccessGraph } from "../model.ts";
import { worded } from "../worded.ts";
import { svgElement } from "./svg.ts";

const STYLE = `${baseStyle}
body { margin: 0 auto; padding: 1rem; max-width: 90rem; }
form:not([hidden]) { display: flex; flex-wrap: wrap; gap: 1rem; }
form > div { flex: 1 1 20rem; }
label { display: block; font-weight: 600; }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .4rem .6rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid; overflow-wrap: break-word; }
th { white-space: nowrap; }
caption { text-align: left; font-weight: 600; padding: 1rem 0 .5rem; }
.map { overflow: auto; border: 1px solid; }
.dim { opacity: .25; }
`;

/** The page's script: the answers to questions, which the command line gives as well, and what shows them. */
function script(): string {
    const source = (name: string) => readFileSync(join(import.meta.dirname, "..", "browser", name), "utf8");
    return `${source("matching.js")}\n${source("page.js").replace(/^import .*\n/gm, "")}`;
}

/**
 * The graph as a page by itself, which a file may hold: search, table and drawing, nothing from elsewhere. It may run nothing but its own
 * script and style, known by their hashes.
 *
 * @param source what the graph was computed from, in words.
 */
export async function mapPage(graph: AccessGraph, stack: string, source: string): Promise<string> {
    const design: PageDesign = { style: STYLE, script: script(), footer: `Computed from ${source}.` };
    const title = `Who reaches what: ${stack}`;
    const data = worded(graph);
    const content = html`<search><form id="search" hidden>
<div><label for="person">What does this person reach?</label><input id="person" type="search" autocomplete="off" spellcheck="false" placeholder="ada@example.com"></div>
<div><label for="target">Who reaches this?</label><input id="target" type="search" autocomplete="off" spellcheck="false" placeholder="orders-db"></div>
</form></search>
<p id="answer" role="status"></p>
<p class="hint">What only a login, a device or a network can show is told as a condition and never decided here.</p>
<table><caption>Grants</caption>
<thead><tr><th scope="col">Who</th><th scope="col">What</th><th scope="col">Reaches it</th><th scope="col">Session</th><th scope="col">Through</th></tr></thead>
<tbody id="rows">${data.grants.flatMap((grant) =>
        grant.ways.map(
            ({ rule, session, conditions }) => html`
<tr><td>${grant.who.words}</td><td>${grant.target.words}</td><td>${conditions.length === 0 ? "yes" : `if ${conditions.map(({ words }) => words).join(", ")}`}</td><td>${session}</td><td>${rule}${grant.target.tunnel === undefined ? "" : `, tunnel ${grant.target.tunnel}`}</td></tr>`,
        ),
    )}
</tbody></table>
<h2>Map</h2>
<div class="map" role="region" aria-label="Map, scrollable" tabindex="0">${svgElement(graph, `Map of ${stack}: the table above says the same`)}</div>
<script id="graph" type="application/json">${raw(embedded(data))}</script>`;
    return renderDocument(
        title,
        content,
        design,
        html`<meta http-equiv="content-security-policy" content="${policyOf(design)}">\n`,
    );
}

/** JSON that no text in it ends the element of: `</script>` and `<!--` begin with the one character that is written otherwise. */
function embedded(data: unknown): string {
    return JSON.stringify(data).replaceAll("<", "\\u003c");
}

/** The policy of the emulator's pages, less what a browser heeds in a header alone and what asks a server. */
function policyOf(design: PageDesign): string {
    const directives = documentHeaders(design)["content-security-policy"]?.split("; ") ?? [];
    return directives.filter((directive) => !/^(frame-ancestors|connect-src)/.test(directive)).join("; ");
}
