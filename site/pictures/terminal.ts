import { html, raw } from "hono/html";
import type { Cast } from "./cast.ts";

/** Measures of the drawing in pixels; a character of the usual monospaced fonts is six tenths of its size wide. */
const SIZE = 13;
const LINE = 18;
const CHARACTER = SIZE * 0.6;
const MARGIN = 12;

/** A pause is not played for longer than this, in seconds; a recording of minutes would show nothing for most of them. */
const LONGEST_PAUSE = 1.5;

/** How long the last screen stays, in seconds. */
const END = 6;

interface Line {
    readonly text: string;
    /** When it is complete, in seconds of the animation. */
    readonly at: number;
}

/**
 * A recording as an animated SVG that plays by itself, also where pages run no scripts: the newest line is the lowest, and all scroll up together. Who
 * asks for less motion sees the last screen.
 */
export function terminalSvg(cast: Cast): string {
    const lines = linesOf(cast);
    const end = (lines.at(-1)?.at ?? 0) + END;
    const width = Math.ceil(cast.width * CHARACTER + 2 * MARGIN);
    const height = cast.height * LINE + 2 * MARGIN;
    const offset = (place: number) => (cast.height - place - 1) * LINE;
    // Of lines that came at once the last one counts.
    const places = new Map(lines.map(({ at }, place) => [((at / end) * 100).toFixed(2), place]));
    const frames = [...places].map(([percent, place]) => `${percent}%{transform:translateY(${offset(place)}px)}`);
    const last = offset(lines.length - 1);
    const styles = [
        `@keyframes scroll{${frames.join("")}100%{transform:translateY(${last}px)}}`,
        `.lines{transform:translateY(${last}px);animation:scroll ${end.toFixed(1)}s step-end infinite}`,
        ".lines text{white-space:pre}",
        "@media (prefers-reduced-motion:reduce){.lines{animation:none}}",
    ].join("");
    const drawn = lines.map(({ text }, place) => lineText(text, (place + 1) * LINE - 5));
    return `${html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${cast.title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${cast.title}</title><style>${raw(styles)}</style><rect width="100%" height="100%" rx="8" fill="#1b1f27"/><clipPath id="screen"><rect width="100%" height="${height - 2 * MARGIN}"/></clipPath><g transform="translate(0 ${MARGIN})" clip-path="url(#screen)"><g class="lines" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${SIZE}" fill="#d5dae3">${drawn}</g></g></svg>`}\n`;
}

function lineText(text: string, y: number) {
    const typed = text.startsWith("$ ") ? raw(' font-weight="bold" fill="#8fd1ff"') : "";
    return html`<text x="${MARGIN}" y="${y}"${typed}>${text}</text>`;
}

/** What was printed, line by line, wrapped as a terminal does; blanks at the end of a line, which nobody sees, wrap nothing. */
function linesOf({ width, events }: Cast): Line[] {
    const lines: Line[] = [];
    let open = "";
    let [before, now] = [0, 0];
    for (const { at, text } of events) {
        now += Math.min(at - before, LONGEST_PAUSE);
        before = at;
        const [first = "", ...rest] = text.split("\n");
        const complete = [open + first, ...rest];
        open = complete.pop() ?? "";
        for (const line of complete) lines.push(...wrapped(line, width).map((part) => ({ text: part, at: now })));
    }
    return open === "" ? lines : [...lines, { text: open, at: now }];
}

function wrapped(line: string, width: number): string[] {
    const parts = line.trimEnd().match(new RegExp(`.{1,${width}}`, "gu"));
    return parts ?? [""];
}
