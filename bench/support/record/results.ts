import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReportedFigure } from "../report.ts";
import { BENCHES, type BenchName } from "./benches.ts";

const FILE = join(import.meta.dirname, "..", "..", "results.json");
/** The page that shows them. */
export const RESULTS_PAGE = join(import.meta.dirname, "..", "..", "README.md");

/** The figures of one bench, and what they were measured with. */
export interface Recorded {
    /** The command that was run. */
    command: string;
    /** Day of the run, as `2026-01-31`. */
    recorded: string;
    /** Processor, cores, memory, kernel, Node. */
    machine: string;
    figures: ReportedFigure[];
}

/** What is recorded, by bench; a bench that never was is missing. */
export type Results = Readonly<Partial<Record<BenchName, Recorded>>>;

/** `bench/results.json`, as it is committed. */
export function readResults(): Results {
    return JSON.parse(readFileSync(FILE, "utf8")) as Results;
}

/** Puts one bench's figures in the place of those that were recorded before. */
export function recordResult(name: BenchName, recorded: Recorded): void {
    const results = { ...readResults(), [name]: recorded };
    const ordered = Object.fromEntries(
        BENCHES.flatMap((bench) => (results[bench] === undefined ? [] : [[bench, results[bench]]])),
    );
    writeFileSync(FILE, `${JSON.stringify(ordered, null, 2)}\n`);
}

/** Whether a figure is what it should be; `undefined` where it has no target. */
export function isMet({ ratio, target, isAtLeast = false }: ReportedFigure): boolean | undefined {
    if (target === undefined) return undefined;
    return isAtLeast ? ratio >= target : ratio <= target;
}
