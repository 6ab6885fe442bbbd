import { tableText } from "../../../cli/ui/table.ts";
import type { ReportedFigure } from "../report.ts";
import type { BenchName } from "./benches.ts";
import { isMet, type Recorded, type Results } from "./results.ts";

const HEAD = ["bench", "figure", "ours", "theirs", "ratio", "target", "met"];

/** Everything that is recorded in one table, and below it when and on what each bench ran, for a terminal. */
export function resultsText(results: Results): string {
    const rows = benchesIn(results).flatMap(([name, { figures }]) => figures.map((figure) => cells(name, figure)));
    return [
        tableText(
            HEAD.map((title) => title.toUpperCase()),
            rows,
        ),
        "",
        ...runs(results),
        "",
    ].join("\n");
}

/** The same in Markdown. */
export function resultsMarkdown(results: Results): string {
    const rows = benchesIn(results).flatMap(([name, { figures }]) => figures.map((figure) => cells(name, figure)));
    return [
        `| ${HEAD.join(" | ")} |`,
        "|---|---|---:|---:|---:|---|---|",
        ...rows.map((row) => `| ${row.join(" | ")} |`),
        "",
        ...runs(results).map((run) => `- ${run}`),
    ].join("\n");
}

function benchesIn(results: Results): [BenchName, Recorded][] {
    return Object.entries(results) as [BenchName, Recorded][];
}

function cells(name: BenchName, figure: ReportedFigure): string[] {
    const { what, ours, theirs, unit, ratio, target, isAtLeast = false } = figure;
    const met = isMet(figure);
    return [
        name,
        what,
        `${numberText(ours)} ${unit}`.trim(),
        `${numberText(theirs)} ${unit}`.trim(),
        ratio.toFixed(2),
        target === undefined ? "" : `at ${isAtLeast ? "least" : "most"} ${target.toFixed(2)}`,
        met === undefined ? "" : met ? "yes" : "no",
    ];
}

function runs(results: Results): string[] {
    return benchesIn(results).map(
        ([name, { command, recorded, machine }]) => `${name}: \`${command}\`, ${recorded}, on ${machine}`,
    );
}

/** Three digits are as many as a measurement means. */
export function numberText(value: number): string {
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
    return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
