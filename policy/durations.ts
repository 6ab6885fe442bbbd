/** Seconds in each unit of Go's `time.ParseDuration`, in which Cloudflare writes durations. */
const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

const DURATION = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

/** The length of a duration such as `24h` or `1h30m` in seconds; `undefined` for any other text. */
export function secondsOf(duration: string): number | undefined {
    if (!DURATION.test(duration)) return undefined;
    const terms = [...duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
    return terms.reduce((sum, [, amount, unit]) => sum + Number(amount) * (SECONDS[unit ?? ""] ?? 0), 0);
}
