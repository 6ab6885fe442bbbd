import { Graph, type GraphLabel, layout, type Point } from "@dagrejs/dagre";
import { type Drawing, TARGET_WORDS } from "./drawing.ts";

/** A box with lines of text, its place the upper left corner, in CSS pixels. */
export interface Box {
    readonly id: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly lines: readonly string[];
}

/** A line from box to box, and its text at a place in the middle. */
export interface Line {
    readonly points: readonly Point[];
    readonly lines: readonly string[];
    readonly x: number;
    readonly y: number;
}

export interface Layout {
    readonly width: number;
    readonly height: number;
    readonly who: readonly Box[];
    readonly targets: readonly Box[];
    /** Around the targets that a tunnel leads to. */
    readonly tunnels: readonly Box[];
    readonly edges: readonly Line[];
}

/** Measures of the text that is drawn: its width is estimated, as nothing here can measure a font. */
export const TEXT = { size: 13, line: 18, perCharacter: 7.3, padding: 10 } as const;
/** Longer texts are broken: a condition may name a dozen countries. */
const MAX_CHARACTERS = 44;

/** Places a drawing from left to right with dagre, which keeps crossings few. */
export function layOut({ who, tunnels, edges }: Drawing): Layout {
    const graph = new Graph({ compound: true, multigraph: true });
    graph.setGraph({ rankdir: "LR", ranksep: 90, nodesep: 24, edgesep: 16, marginx: 16, marginy: 16 });
    const texts = new Map<string, string[]>();
    const add = (id: string, lines: readonly string[]) => {
        const broken = lines.flatMap(breakUp);
        texts.set(id, broken);
        graph.setNode(id, sizeOf(broken));
    };
    for (const { id, names } of who) add(id, names);
    for (const { id, name, targets } of tunnels) {
        texts.set(id, [name === undefined ? "no tunnel of this stack" : `tunnel ${name}`]);
        graph.setNode(id, {});
        for (const target of targets) {
            const kind = target.kind === "web" ? [] : [`(${TARGET_WORDS[target.kind]})`];
            add(target.id, [target.name, ...(target.origin === undefined ? [] : [target.origin]), ...kind]);
            graph.setParent(target.id, id);
        }
    }
    for (const { from, to, terms } of edges) {
        const lines = terms.flatMap(breakUp);
        texts.set(`${from} ${to}`, lines);
        graph.setEdge(from, to, { ...sizeOf(lines), labelpos: "c" });
    }
    layout(graph);

    const box = (id: string): Box => {
        const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id);
        return { id, x: x - width / 2, y: y - height / 2, width, height, lines: texts.get(id) ?? [] };
    };
    const { width = 0, height = 0 } = graph.graph() as GraphLabel & { width?: number; height?: number };
    return {
        width,
        height,
        who: who.map(({ id }) => box(id)),
        targets: tunnels.flatMap(({ targets }) => targets.map(({ id }) => box(id))),
        tunnels: tunnels.map(({ id }) => box(id)),
        edges: edges.map(({ from, to }) => {
            const { points = [], x = 0, y = 0 } = graph.edge(from, to) as { points?: Point[]; x?: number; y?: number };
            return { points, lines: texts.get(`${from} ${to}`) ?? [], x, y };
        }),
    };
}

function sizeOf(lines: readonly string[]): { width: number; height: number } {
    const longest = Math.max(...lines.map(({ length }) => length), 4);
    return { width: longest * TEXT.perCharacter + 2 * TEXT.padding, height: lines.length * TEXT.line + TEXT.padding };
}

/** Breaks a text at blanks, a word that is too long by itself anywhere. */
function breakUp(text: string): string[] {
    const lines: string[] = [];
    for (const word of text.split(" ").flatMap((one) => one.match(new RegExp(`.{1,${MAX_CHARACTERS}}`, "gsu")) ?? [])) {
        const last = lines.at(-1);
        const fits = last !== undefined && last.length + 1 + word.length <= MAX_CHARACTERS;
        if (fits) lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
    }
    return lines;
}
