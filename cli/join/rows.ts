import type { JoinReport } from "./check.ts";

const MARKS = { ok: "ok", no: "!!", unknown: "--" } as const;

/** Rows of the table: what was looked at, what was seen and, below it, what to do about it. */
export function joinRows({ checks }: JoinReport): string[][] {
    return checks.flatMap(({ id, verdict, seen, fix }) => [
        [MARKS[verdict], id, seen],
        ...(fix === undefined ? [] : [["", "", `→ ${fix}`]]),
    ]);
}
