import type { ClusterSource, Reading, SourceAnswer } from "./cluster.ts";
import { reasonOf } from "./reasons.ts";

export interface DiscoverOptions {
    /** How long each source may take: milliseconds. */
    readonly limitMs: number;
    /** Hears each answer when it comes. */
    readonly onAnswer?: (answer: SourceAnswer) => void;
    readonly now?: () => number;
}

/** Asks every source at the same time, each within the limit. One that fails or hangs is told of, and takes nothing from the others. */
export function discover(
    sources: readonly ClusterSource[],
    { limitMs, onAnswer = () => {}, now = Date.now }: DiscoverOptions,
): Promise<SourceAnswer[]> {
    return Promise.all(
        sources.map(async (source) => {
            const at = now();
            const read = await readWithin(source, limitMs);
            const answer = { source: source.name, kind: source.kind, at, tookMs: now() - at, ...read };
            onAnswer(answer);
            return answer;
        }),
    );
}

async function readWithin(source: ClusterSource, limitMs: number): Promise<Reading & { answered: boolean }> {
    const ending = new AbortController();
    const { promise: over, reject } = Promise.withResolvers<never>();
    // Not every library heeds a signal, so the answer is not waited for beyond the limit.
    const limit = setTimeout(() => {
        ending.abort();
        reject(new Error(`no answer within ${limitMs / 1000} s`));
    }, limitMs);
    try {
        const reading = await Promise.race([source.read(ending.signal, limitMs), over]);
        return { ...reading, answered: true };
    } catch (error) {
        return { clusters: [], problems: [reasonOf(error)], answered: false };
    } finally {
        clearTimeout(limit);
    }
}
