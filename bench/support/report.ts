import { printTable } from "../../cli/ui/table.ts";

/** One figure: ours against theirs, measured in the same run. */
export interface Figure {
    what: string;
    ours: number;
    theirs: number;
    unit: string;
    /** What the ratio should be, at most unless `isAtLeast`. */
    target?: number;
    /** More is better. */
    isAtLeast?: boolean;
}

/** A figure as `--json` prints it and `bench/results.json` keeps it. */
export interface ReportedFigure extends Figure {
    ratio: number;
}

/** Prints the figures as a table and, with `--json`, as one JSON line after it. */
export function report(figures: Figure[]): void {
    const rows: ReportedFigure[] = figures.map((figure) => ({ ...figure, ratio: figure.ours / figure.theirs }));
    printTable(
        ["WHAT", "OURS", "THEIRS", "UNIT", "RATIO", "TARGET"],
        rows.map(({ what, ours, theirs, unit, ratio, target, isAtLeast = false }) => [
            what,
            ours.toFixed(2),
            theirs.toFixed(2),
            unit,
            ratio.toFixed(2),
            target === undefined ? "" : `${isAtLeast ? "at least" : "at most"} ${target.toFixed(2)}`,
        ]),
    );
    if (process.argv.includes("--json")) {
        process.stdout.write(`${JSON.stringify(rows)}\n`);
    }
}
