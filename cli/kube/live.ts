import { clearScreenDown, moveCursor } from "node:readline";
import { tableText } from "../ui/table.ts";
import type { TunnelView } from "./session/state.ts";
import { stateWords, TUNNEL_COLUMNS, tunnelRow } from "./words.ts";

/** How often the table is drawn anew: milliseconds. Changes are drawn at once. */
const DRAW_EVERY_MS = 1_000;

/** What a person at the terminal sees of the tunnels while they are open, on stderr. */
export interface Live extends Disposable {
    change(now: TunnelView, before: TunnelView | undefined): void;
    say(text: string): void;
}

/** A table that stays up to date on a terminal, and a line for each change elsewhere. */
export function live(views: () => readonly TunnelView[]): Live {
    return process.stderr.isTTY ? liveTable(views) : liveLines();
}

function liveLines(): Live {
    const say = (text: string) => process.stderr.write(`${text}\n`);
    return {
        say,
        change(now, before) {
            if (now.state !== before?.state || now.why !== before.why) {
                say(`${now.name}: ${stateWords(now)}`);
            }
        },
        [Symbol.dispose]() {},
    };
}

function liveTable(views: () => readonly TunnelView[]): Live {
    let drawn = 0;
    const erase = () => {
        moveCursor(process.stderr, 0, -drawn);
        clearScreenDown(process.stderr);
        drawn = 0;
    };
    const draw = () => {
        erase();
        const text = `${tableText(
            TUNNEL_COLUMNS,
            views().map((view) => tunnelRow(view, Date.now())),
        )}\nCtrl-C disconnects.\n`;
        process.stderr.write(text);
        drawn = rowsOf(text, process.stderr.columns);
    };
    const timer = setInterval(draw, DRAW_EVERY_MS);
    return {
        say(text) {
            erase();
            process.stderr.write(`${text}\n`);
            draw();
        },
        change: draw,
        [Symbol.dispose]() {
            clearInterval(timer);
            erase();
        },
    };
}

/** A line that is longer than the terminal is wide takes several. */
function rowsOf(text: string, columns: number): number {
    const lines = text.split("\n").slice(0, -1);
    return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 0);
}
