import { tableText } from "../ui/table.ts";
import type { Chosen } from "./choose.ts";
import { daysSince, type RotationEntry, RotationState } from "./entries.ts";

/** How something stands, in a few words: `due in 12 days`. */
export function rotationWords(entry: RotationEntry, now: Date): string {
    const age = ageWords(entry, now);
    return age === "" ? dueWords(entry) : `${dueWords(entry)}, ${age} old`;
}

/** Every secret of a stack as a table. */
export function entriesTable(entries: readonly RotationEntry[], colour = false): string {
    const now = new Date();
    const rows = entries.map((entry) => [entry.name, ageWords(entry, now), dueWords(entry)]);
    return tableText(["WHAT", "AGE", "ROTATION"], rows, colour);
}

/** What is going to be done. */
export function chosenText({ due, early, settling }: Chosen, file: string): string {
    return [
        ...due.map(({ name }) => `${name} is due`),
        ...early.map(({ entry: { name } }) => `${name} is rotated out of turn, which ${file} will say`),
        ...settling.map(settlingText),
    ].join("\n");
}

/** Why something that was asked for is left as it is. */
export function settlingText({ name, settlesAt }: RotationEntry): string {
    return `${name} was rotated lately: the one before is good until ${settlesAt}, and another rotation (--force) would end that`;
}

function dueWords({ state, dueAt, dueInDays = 0, settlesAt }: RotationEntry): string {
    switch (state) {
        case RotationState.Due:
            return dueInDays < -1 ? `overdue by ${days(-dueInDays - 1)}` : "due now";
        case RotationState.Settling:
            return `rotated lately, the one before is good until ${day(settlesAt)}`;
        case RotationState.Scheduled:
            return `due in ${days(dueInDays)}`;
        case RotationState.Unscheduled:
            return dueAt === undefined ? "no schedule" : `no schedule, made anew in ${days(dueInDays)}`;
    }
}

function ageWords({ since }: RotationEntry, now: Date): string {
    return since === undefined ? "" : days(Math.max(0, daysSince(since, now)));
}

function days(count: number): string {
    return count === 1 ? "1 day" : `${count} days`;
}

function day(moment: string | undefined): string {
    return moment?.slice(0, 10) ?? "";
}
