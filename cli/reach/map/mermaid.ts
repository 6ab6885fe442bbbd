import type { AccessGraph } from "../model.ts";
import { drawingOf, type TargetNode } from "./drawing.ts";

/** The graph as a Mermaid flowchart, which GitHub and GitLab draw in comments and documents (mermaid.js.org, "Flowcharts"). */
export function mermaid(graph: AccessGraph): string {
    const { who, tunnels, edges } = drawingOf(graph);
    return [
        "flowchart LR",
        ...who.map(({ id, names, kind }) => `    ${id}${SHAPES[kind](quoted(names.join("\n")))}`),
        ...tunnels.flatMap(({ id, name, targets }) => [
            `    subgraph ${id} [${quoted(name === undefined ? "no tunnel of this stack" : `tunnel ${name}`)}]`,
            ...targets.map((target) => `        ${target.id}[${quoted(linesOf(target).join("\n"))}]`),
            "    end",
        ]),
        ...edges.map(({ from, to, terms }) => `    ${from} -->|${quoted(terms.join("\n"))}| ${to}`),
    ].join("\n");
}

/** What a target's box says. */
export function linesOf({ name, origin }: TargetNode): string[] {
    return [name, ...(origin === undefined ? [] : [origin])];
}

const SHAPES = {
    people: (text: string) => `([${text}])`,
    machines: (text: string) => `{{${text}}}`,
    everybody: (text: string) => `((${text}))`,
} as const;

/** Everything that Mermaid or the page around it would read as more than text is written as a character code ("Entity codes"). */
function quoted(text: string): string {
    const codes = text.replace(/[^\p{L}\p{N} \n.,:;@/()_+-]/gu, (character) => `#${character.codePointAt(0)};`);
    return `"${codes.replaceAll("\n", "<br/>")}"`;
}
