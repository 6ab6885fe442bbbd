import { setTimeout as pause } from "node:timers/promises";

/** Bounds of {@link until}. */
export interface Patience {
    /** How long to go on asking, in milliseconds. */
    readonly withinMs: number;
    /** Pause between two questions in milliseconds; 200 when omitted. */
    readonly everyMs?: number;
    /** Ends the wait at once. */
    readonly signal?: AbortSignal;
}

/**
 * Asks again until there is an answer; `undefined` when the time is over.
 *
 * Docker has no event for "the last task of this service is gone" or "this network can be removed now", so its state is
 * asked for. The last question is put when the time is over, not a pause earlier.
 */
export async function until<T>(ask: () => Promise<T | undefined>, patience: Patience): Promise<T | undefined> {
    const deadline = performance.now() + patience.withinMs;
    for (;;) {
        const answer = await ask();
        if (answer !== undefined) return answer;
        const left = deadline - performance.now();
        if (left <= 0) return undefined;
        await pause(Math.min(patience.everyMs ?? 200, left), undefined, { signal: patience.signal });
    }
}

/** The HTTP status with which the engine refused, if it was the engine that did. */
export function statusOf(error: unknown): number | undefined {
    return (error as { statusCode?: number }).statusCode;
}

/** The engine's own words, without dockerode's "(HTTP code 404) no such service - " before them. */
export function reasonOf(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^\(HTTP code \d+\) [^-]*- /, "").trim();
}
