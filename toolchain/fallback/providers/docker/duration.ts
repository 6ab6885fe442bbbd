/**
 * Go's durations (`time.ParseDuration`, `Duration.String`): text in the program, nanoseconds in Docker's API.
 *
 * Nanoseconds of up to 104 days are exact in a double; Docker's durations are seconds and minutes.
 */
const NANOSECONDS = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, us: 1e3, µs: 1e3, μs: 1e3, ns: 1 } as const;

const PART = /([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(h|ms|m|s|us|µs|μs|ns)/gy;

/** Nanoseconds of a duration such as `1m30s`; `undefined` if it is none. The empty text is no time, as it is for the official provider. */
export function parseDuration(duration: string): number | undefined {
    if (duration === "" || duration === "0") return 0;
    let total = 0;
    let end = 0;
    for (const [part, amount, unit] of duration.matchAll(PART)) {
        total += Number(amount) * NANOSECONDS[unit as keyof typeof NANOSECONDS];
        end += part.length;
    }
    return end === duration.length ? Math.round(total) : undefined;
}

/** The shortest text for so many nanoseconds, in the form of the official provider: `90s` is `1m30s`, `60s` is `1m`. */
export function formatDuration(nanoseconds: number): string {
    if (nanoseconds === 0) return "0s";
    if (nanoseconds < NANOSECONDS.us) return `${nanoseconds}ns`;
    if (nanoseconds < NANOSECONDS.ms) return `${nanoseconds / NANOSECONDS.us}µs`;
    if (nanoseconds < NANOSECONDS.s) return `${nanoseconds / NANOSECONDS.ms}ms`;
    const hours = Math.floor(nanoseconds / NANOSECONDS.h);
    const minutes = Math.floor((nanoseconds % NANOSECONDS.h) / NANOSECONDS.m);
    const seconds = fraction(nanoseconds % NANOSECONDS.m);
    const parts = [
        hours && `${hours}h`,
        (minutes || (hours && seconds !== "0")) && `${minutes}m`,
        seconds !== "0" && `${seconds}s`,
    ];
    return parts.filter(Boolean).join("");
}

/** Seconds with as many of nine decimals as there are. */
function fraction(nanoseconds: number): string {
    const whole = Math.floor(nanoseconds / NANOSECONDS.s);
    const rest = String(nanoseconds % NANOSECONDS.s)
        .padStart(9, "0")
        .replace(/0+$/, "");
    return rest === "" ? String(whole) : `${whole}.${rest}`;
}
