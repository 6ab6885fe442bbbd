import { durationProblem, durationSeconds } from "./durations.ts";

/**
 * When a secret is replaced, declared once: the version is a matter of the calendar, so the first deployment after a boundary rotates
 * and every other one changes nothing.
 */
export interface RotationSchedule {
    /** Start of the first period: a day (`2027-01-01`, midnight UTC) or a moment in RFC 3339, to the second. */
    since: string;
    /** Length of a period in Go's form, at least an hour: `720h`. */
    every: string;
    /** How long the previous secret stays good from the boundary on, at most a period and 30 days. A week (`168h`), or the period where that is shorter, if omitted. */
    overlap?: string;
    /** Version in the first period. 1 if omitted; with a changed schedule one more than the present version, because a version only grows. */
    firstVersion?: number;
}

/** What a schedule says at one moment. */
export interface Rotation {
    version: number;
    /** Since when it is due, in RFC 3339; none before the start, when the first version holds. */
    since?: string;
    /** Until when the secret of the version before is good, in RFC 3339; none for the first version of all. */
    previousExpiresAt?: string;
    /** When the next version is due, in RFC 3339. */
    nextAt: string;
}

/** Cloudflare's own bounds for the time in which two secrets are good (cloudflare-one, service tokens). */
const SHORTEST = "1h";
const LONGEST_OVERLAP = "720h";
const DEFAULT_OVERLAP = "168h";

const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/;

/** Every mistake in a schedule, by path below it. */
export function rotationProblems(schedule: RotationSchedule): { path: string; reason: string }[] {
    const problems: { path: string; reason: string }[] = [];
    const add = (path: string, reason: string | undefined) => reason !== undefined && problems.push({ path, reason });
    const every = durationProblem(schedule.every, { min: SHORTEST });
    add("since", momentProblem(schedule.since));
    add("every", every);
    if (schedule.overlap !== undefined) {
        const isShorter = every === undefined && durationSeconds(schedule.every) < durationSeconds(LONGEST_OVERLAP);
        add("overlap", durationProblem(schedule.overlap, { max: isShorter ? schedule.every : LONGEST_OVERLAP }));
    }
    add("firstVersion", schedule.firstVersion === undefined ? undefined : versionProblem(schedule.firstVersion));
    return problems;
}

/** Says what is wrong with the version of a secret, or nothing. */
export function versionProblem(version: number): string | undefined {
    const fits = Number.isSafeInteger(version) && version >= 1;
    return fits ? undefined : `${version} is not a version. Write a whole number from 1 on.`;
}

/** Says what is wrong with a moment in UTC, or nothing. */
export function momentProblem(moment: string): string | undefined {
    const known = MOMENT.test(moment) && !Number.isNaN(Date.parse(moment)) && isOnCalendar(moment);
    const quoted = JSON.stringify(moment);
    return known
        ? undefined
        : `${quoted} is not a moment in UTC. Write one such as "2027-01-01" or "2027-01-01T06:00:00Z".`;
}

/** What a schedule, which must have passed {@link rotationProblems}, says at a moment. Before its start the first version holds. */
export function rotationAt(schedule: RotationSchedule, now: Date): Rotation {
    const { firstVersion = 1 } = schedule;
    const start = Date.parse(schedule.since);
    const period = durationSeconds(schedule.every) * 1000;
    const passed = Math.max(0, Math.floor((now.getTime() - start) / period));
    const version = firstVersion + passed;
    const boundary = start + passed * period;
    const previous = boundary + overlapSeconds(schedule) * 1000;
    return {
        version,
        ...(now.getTime() < start ? {} : { since: momentText(boundary) }),
        ...(version === 1 ? {} : { previousExpiresAt: momentText(previous) }),
        nextAt: momentText(boundary + period),
    };
}

/** For how long two versions are good, in seconds: what the schedule says, or a week, and at most a period. */
export function overlapSeconds({ overlap = DEFAULT_OVERLAP, every }: RotationSchedule): number {
    return Math.min(durationSeconds(overlap), durationSeconds(every));
}

/** A moment in RFC 3339. The API answers without a fraction: one of ours would be a change at every refresh. */
export function momentText(milliseconds: number): string {
    return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** `Date.parse` takes the 31st of February for the 3rd of March. */
function isOnCalendar(moment: string): boolean {
    return new Date(moment).toISOString().startsWith(moment.slice(0, 10));
}
