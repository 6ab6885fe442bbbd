import { type Cost, lineThrough, type ScaleData, type SizedCost } from "./data.ts";

/** One diagram: something of a preview by the number of its applications. */
interface Panel {
    title: string;
    unit: string;
    of: (cost: Cost) => number;
}

const PANELS: readonly Panel[] = [
    { title: "Processor time of a preview", unit: "s", of: ({ processorSeconds }) => processorSeconds },
    { title: "Memory of all its processes", unit: "MiB", of: ({ sumMiB }) => sumMiB },
];

const WIDTH = 400;
const HEIGHT = 260;
const MARGIN = { left: 62, right: 16, top: 40, bottom: 46 } as const;
const LEGEND = 34;

/** In either scheme of a browser; where an image is not told the scheme, the light one's greys are legible on dark as well. */
const STYLE = `
    text { font: 12px system-ui, sans-serif; fill: #57606a; }
    .title { font-size: 14px; font-weight: 600; }
    .grid { stroke: #8c959f; stroke-opacity: 0.35; }
    .line { stroke: #0969da; stroke-width: 1.5; stroke-dasharray: 5 4; }
    .alone { fill: #0969da; }
    .fleet { fill: #bf8700; fill-opacity: 0.65; }
    @media (prefers-color-scheme: dark) {
        text { fill: #c9d1d9; }
        .line { stroke: #58a6ff; }
        .alone { fill: #58a6ff; }
        .fleet { fill: #e3b341; }
    }
`;

/** The measurements as an SVG document: a panel for processor time, one for memory, in each the stacks alone, the line through them, and the stacks of the fleet. */
export function plot(data: ScaleData): string {
    const width = WIDTH * PANELS.length;
    const height = HEIGHT + LEGEND;
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
        `<title>Processor time and memory of a preview by the number of applications in the stack</title>`,
        `<style>${STYLE}</style>`,
        ...PANELS.map((panel, index) => panelOf(panel, data, index * WIDTH)),
        legend(data),
        "</svg>",
        "",
    ].join("\n");
}

function panelOf({ title, unit, of }: Panel, { sizes, fleet }: ScaleData, left: number): string {
    const all = [...sizes, ...fleet.stacks];
    const across = scale(Math.max(...all.map(({ apps }) => apps)), MARGIN.left, WIDTH - MARGIN.right);
    const up = scale(Math.max(...all.map(of)), HEIGHT - MARGIN.bottom, MARGIN.top);
    const { fixed, each } = lineThrough(sizes, of);
    const most = across.most;
    const dot = (kind: string, radius: number) => (cost: SizedCost) =>
        `<circle class="${kind}" cx="${across.at(cost.apps)}" cy="${up.at(of(cost))}" r="${radius}"/>`;
    return [
        `<g transform="translate(${left} 0)">`,
        `<text class="title" x="${MARGIN.left}" y="22">${title} (${unit})</text>`,
        ...up.ticks.flatMap((tick) => [
            `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${up.at(tick)}" y2="${up.at(tick)}"/>`,
            `<text x="${MARGIN.left - 8}" y="${up.at(tick) + 4}" text-anchor="end">${grouped(tick)}</text>`,
        ]),
        ...across.ticks.map(
            (tick) =>
                `<text x="${across.at(tick)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${grouped(tick)}</text>`,
        ),
        `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">applications in the stack</text>`,
        `<line class="line" x1="${across.at(0)}" y1="${up.at(fixed)}" x2="${across.at(most)}" y2="${up.at(fixed + each * most)}"/>`,
        ...fleet.stacks.map(dot("fleet", 3)),
        ...sizes.map(dot("alone", 4)),
        "</g>",
    ].join("\n");
}

function legend({ fleet }: ScaleData): string {
    const y = HEIGHT + 16;
    const beside = `${fleet.stacks.length} stacks of a fleet, ${fleet.parallel} at a time`;
    return [
        `<circle class="alone" cx="${MARGIN.left}" cy="${y - 4}" r="4"/>`,
        `<text x="${MARGIN.left + 12}" y="${y}">a stack alone on the machine, and the line through them</text>`,
        `<circle class="fleet" cx="${WIDTH + MARGIN.left}" cy="${y - 4}" r="3"/>`,
        `<text x="${WIDTH + MARGIN.left + 12}" y="${y}">${beside}</text>`,
    ].join("\n");
}

/** A linear scale from 0 to a round number at or above the largest value, with a tick at each step. */
function scale(largest: number, from: number, to: number) {
    const step = roundStep(largest / 5);
    const most = Math.ceil(largest / step) * step;
    return {
        most,
        ticks: Array.from({ length: Math.round(most / step) + 1 }, (_, index) => index * step),
        at: (value: number) => Math.round((from + (value / most) * (to - from)) * 10) / 10,
    };
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function roundStep(value: number): number {
    const power = 10 ** Math.floor(Math.log10(value));
    return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}

function grouped(value: number): string {
    return value.toLocaleString("en");
}
