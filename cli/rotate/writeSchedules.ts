import { isDeepStrictEqual } from "node:util";
import { isCollection, parseDocument } from "yaml";
import type { RotationSchedule } from "../../stacks/rotation/newSchedule.ts";
import { CommandError, Exit } from "../exit.ts";
import { type Place, withValue } from "../stackFile/edit.ts";

/** A schedule and where it is to stand. */
export interface PlacedSchedule {
    readonly place: Place;
    readonly schedule: RotationSchedule;
}

/**
 * The stack file's text with other schedules. Of one that is there, what says when it starts and with which version is all that changes.
 *
 * @param file its name, for messages.
 * @throws CommandError (exit 2) where the file is written so that only its author can change it.
 */
export function withSchedules(text: string, schedules: readonly PlacedSchedule[], file: string): string {
    let changed = text;
    for (const { place, schedule } of schedules) {
        const path = pathOf(place);
        try {
            changed = withSchedule(changed, place, schedule);
        } catch (error) {
            throw uneditable(file, path, schedule, error);
        }
        const found = parseDocument(changed).getIn(["config", ...place]);
        const written = isCollection(found) ? found.toJSON() : undefined;
        if (!isDeepStrictEqual({ ...written }, { ...schedule })) throw uneditable(file, path, schedule);
    }
    requireOnlyThose(text, changed, schedules, file);
    return changed;
}

function withSchedule(text: string, place: Place, { since, every, overlap, firstVersion }: RotationSchedule): string {
    const isThere = isCollection(parseDocument(text).getIn(["config", ...place]));
    // Each one is put before those that are there, so the last comes first. The engine takes an unquoted moment for a time of its own form.
    const values: [string, string | undefined][] = [
        ["firstVersion", String(firstVersion)],
        ["overlap", isThere ? undefined : overlap],
        ["every", isThere ? undefined : every],
        ["since", JSON.stringify(since)],
    ];
    return values.reduce(
        (before, [key, value]) => (value === undefined ? before : withValue(before, [...place, key], value)),
        text,
    );
}

/** Nothing else may have changed, whatever the file looks like. */
function requireOnlyThose(before: string, after: string, schedules: readonly PlacedSchedule[], file: string): void {
    const others = (text: string) =>
        schedules.reduce((value, { place }) => without(value, ["config", ...place]), parseDocument(text).toJS());
    const [first] = schedules;
    if (first !== undefined && !isDeepStrictEqual(others(before), others(after))) {
        throw uneditable(file, pathOf(first.place), first.schedule);
    }
}

/** A value without what stands at a place in it, and without maps that hold nothing else. */
function without(value: unknown, [name = "", ...rest]: Place): unknown {
    if (Array.isArray(value)) return value.map((element, index) => (index === name ? without(element, rest) : element));
    if (typeof value !== "object" || value === null) return value ?? undefined;
    const { [name]: inner, ...others } = value as Record<string, unknown>;
    const left = rest.length === 0 ? undefined : without(inner, rest);
    if (left !== undefined) return { ...others, [name]: left };
    return Object.keys(others).length === 0 ? undefined : others;
}

function uneditable(file: string, path: string, schedule: RotationSchedule, cause?: unknown): CommandError {
    return new CommandError(
        Exit.usage,
        `${path}: ${file} is written in a form that is left to its author`,
        `write ${JSON.stringify(schedule)} there yourself, then run \`sallyport rotate\` with --due`,
        { cause },
    );
}

/** A place for people: `sallyport:clusters[0].rotation`. */
function pathOf(place: Place): string {
    return place
        .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
        .join("")
        .slice(1);
}
