/** Nanoseconds in each unit of Go's `time.ParseDuration`. */
const NANOSECONDS: Readonly<Record<string, number>> = {
    ns: 1,
    us: 1e3,
    µs: 1e3,
    ms: 1e6,
    s: 1e9,
    m: 60e9,
    h: 3600e9,
};

const DURATION = /^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/;
const TERM = /([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|h)/g;

/** Hours in the words that people write by mistake; only used to suggest the right form. */
const HOURS_PER_WORD: Readonly<Record<string, number>> = {
    h: 1,
    hr: 1,
    hour: 1,
    d: 24,
    day: 24,
    w: 168,
    week: 168,
    month: 730,
    y: 8760,
    year: 8760,
};

/** Longest session that Access accepts: one month. */
export const MAX_SESSION = "730h";

/** Shortest and longest duration that fits. */
export interface DurationRules {
    /** In Go's form, inclusive. No lower bound if omitted. */
    min?: string;
    /** In Go's form, inclusive. No upper bound if omitted. */
    max?: string;
}

/**
 * Says what is wrong with a duration in Go's form (`90m`, `1h30m`), or nothing.
 *
 * Cloudflare and cloudflared read durations with Go's `time.ParseDuration`, which knows no unit above the hour.
 */
export function durationProblem(text: string, rules: DurationRules = {}): string | undefined {
    const quoted = JSON.stringify(text);
    if (!DURATION.test(text)) {
        return `${quoted} is not a duration. Write hours, minutes or seconds with their unit, such as "${suggestion(text)}".`;
    }
    if (rules.min !== undefined && durationSeconds(text) < durationSeconds(rules.min)) {
        return `${quoted} is too short. Write at least "${rules.min}".`;
    }
    if (rules.max !== undefined && durationSeconds(text) > durationSeconds(rules.max)) {
        return `${quoted} is too long. Write at most "${rules.max}".`;
    }
    return undefined;
}

/** Says what is wrong with the length of an Access session (at most one month; `0s` asks at every request), or nothing. */
export function sessionDurationProblem(text: string): string | undefined {
    return durationProblem(text, { max: MAX_SESSION });
}

/** Says what is wrong with the length of a login at the team domain (15 minutes to a month), or nothing. */
export function teamSessionProblem(text: string): string | undefined {
    return durationProblem(text, { min: "15m", max: MAX_SESSION });
}

/** Says what is wrong with the length of a session of the Cloudflare One client, which takes hours and minutes only, or nothing. */
export function warpSessionProblem(text: string): string | undefined {
    return /^(\d+[hm])+$/.test(text)
        ? undefined
        : `${JSON.stringify(text)} is not in hours and minutes. Write a duration such as "24h".`;
}

/** Says what is wrong with the time after which an absent person's seat is freed (a month or more), or nothing. */
export function seatExpirationProblem(text: string): string | undefined {
    return durationProblem(text, { min: MAX_SESSION });
}

/** Says what is wrong with the time between two checks of a device, or nothing. The API makes one a minute at most. */
export function postureScheduleProblem(text: string): string | undefined {
    return durationProblem(text, { min: "1m" });
}

/** Length in seconds of a duration in Go's form. The text must have passed {@link durationProblem}. */
export function durationSeconds(text: string): number {
    let nanoseconds = 0;
    for (const [, amount, unit] of text.matchAll(TERM)) {
        nanoseconds += Number(amount) * (NANOSECONDS[unit ?? ""] ?? 0);
    }
    return nanoseconds / 1e9;
}

/** `1 day` → `24h`; `24h` where nothing can be guessed. */
function suggestion(text: string): string {
    const match = /^\s*([0-9]+)\s*([a-z]*?)s?\s*$/i.exec(text);
    const hours = HOURS_PER_WORD[match?.[2]?.toLowerCase() ?? ""];
    return match === null || hours === undefined ? "24h" : `${Number(match[1]) * hours}h`;
}
