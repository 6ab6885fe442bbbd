import { html } from "hono/html";
import type { AccessGraph } from "../model.ts";
import { drawingOf, type WhoNode } from "./drawing.ts";
import { type Box, type Line, layOut, TEXT } from "./layout.ts";

/** A piece of a drawing in which everything that came from outside is escaped. */
export type Svg = ReturnType<typeof html>;

/**
 * The graph as an SVG element, in the colour of the text around it. It is styled by attributes alone, so that a page that carries it needs no
 * style from elsewhere.
 */
export function svgElement(graph: AccessGraph, title: string): Svg {
    const drawing = drawingOf(graph);
    const { width, height, who, targets, tunnels, edges } = layOut(drawing);
    const kinds = new Map(drawing.who.map(({ id, kind }) => [id, kind]));
    const names = new Map(drawing.tunnels.flatMap((tunnel) => tunnel.targets).map(({ id, name }) => [id, name]));
    return html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" font-family="system-ui, sans-serif" font-size="${TEXT.size}" fill="none" stroke="currentColor">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="currentColor" stroke="none"/></marker></defs>
${tunnels.map(tunnelBox)}${edges.map(line)}${who.map((box) => whoBox(box, kinds.get(box.id)))}${targets.map((box) => targetBox(box, names.get(box.id)))}</svg>`;
}

/** The graph as an SVG document by itself, dark on white. */
export async function svg(graph: AccessGraph, title: string): Promise<string> {
    const element = (await svgElement(graph, title)).toString();
    return `${element.replace("<svg ", '<svg color="#1f2328" style="background:#fff" ')}\n`;
}

function tunnelBox(box: Box): Svg {
    const { x, y, width, height, lines } = box;
    return html`<g><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="8" stroke-dasharray="5 4" opacity=".6"/><text x="${round(x + 8)}" y="${round(y - 5)}" fill="currentColor" stroke="none" opacity=".8">${lines.join(" ")}</text></g>
`;
}

function whoBox(box: Box, kind: WhoNode["kind"] | undefined): Svg {
    const corner = kind === "machines" ? 0 : Math.min(box.height / 2, 16);
    return html`<g>${rect(box, corner, kind === "everybody" ? 3 : 1)}${textOf(box)}</g>
`;
}

function targetBox(box: Box, name = ""): Svg {
    return html`<g data-target="${name}">${rect(box, 3, 1.5)}${textOf(box)}</g>
`;
}

function rect({ x, y, width, height }: Box, corner: number, stroke: number): Svg {
    return html`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(corner)}" stroke-width="${stroke}"/>`;
}

function line({ points, lines, x, y }: Line): Svg {
    const path = points.map((point, index) => `${index === 0 ? "M" : "L"}${round(point.x)} ${round(point.y)}`).join("");
    return html`<g><path d="${path}" marker-end="url(#arrow)" opacity=".7"/>${textAt(x, y, lines, TEXT.size - 2)}</g>
`;
}

function textOf({ x, y, width, height, lines }: Box): Svg {
    return textAt(x + width / 2, y + height / 2, lines, TEXT.size);
}

/** Lines of text around a middle, with a rim in the colour of the background, so that no line strikes it through. */
function textAt(x: number, y: number, lines: readonly string[], size: number): Svg {
    const first = y - ((lines.length - 1) * TEXT.line) / 2 + size / 3;
    const spans = lines.map(
        (text, index) => html`<tspan x="${round(x)}" y="${round(first + index * TEXT.line)}">${text}</tspan>`,
    );
    return html`<text text-anchor="middle" font-size="${size}" fill="currentColor" stroke="Canvas" stroke-width="4" paint-order="stroke">${spans}</text>`;
}

function round(value: number): string {
    return String(Math.round(value * 10) / 10);
}
