import { Remembered } from "./remembered.ts";

const unitMilliseconds: Readonly<Record<string, number>> = {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
};

/** A Go duration (`24h`, `1h30m`) in milliseconds; the text has passed the API's check. */
export function durationMilliseconds(duration: string): number {
    return known.get(duration, () => parsed(duration));
}

/** Policies say the same few with every request. */
const known = new Remembered<string, number>();

function parsed(duration: string): number {
    const sign = duration.startsWith("-") ? -1 : 1;
    let sum = 0;
    for (const [, amount, unit] of duration.matchAll(/(\d*\.?\d+|\d+\.)(ns|us|µs|ms|s|m|h)/g)) {
        sum += Number(amount) * (unitMilliseconds[unit ?? ""] ?? 0);
    }
    return sign * sum;
}
