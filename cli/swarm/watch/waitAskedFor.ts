/** A wait in a refusal, in words: `Retry-After: 30`, `retry after 30s`, `"retry_after": 30`; seconds (RFC 9110, section 10.2.3). */
const RETRY_AFTER = /retry[-_ ]after["']?\s*[:=]?\s*(\d+)/i;

/** Cloudflare counts requests in windows of five minutes (developers.cloudflare.com/fundamentals/api/reference/limits): nobody needs to wait longer. */
const LONGEST_MS = 300_000;

/** The wait in milliseconds that a failure asks for: the engine hands on in words what a provider was told. */
export function waitAskedFor(error: unknown): number | undefined {
    const seconds = error instanceof Error ? RETRY_AFTER.exec(error.message)?.[1] : undefined;
    return seconds === undefined ? undefined : Math.min(Number(seconds) * 1000, LONGEST_MS);
}
