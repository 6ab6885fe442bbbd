import type { PublicRequestEvent } from "../../edgeControls.ts";
import type { RequestLog } from "../public/requestLog.ts";
import { EventQueue } from "./eventQueue.ts";

/** What a viewer that does not keep up is owed at most. */
const MAX_WAITING = 200;
/** How soon a browser tries again when the stream ends, in milliseconds. */
const RETRY_MS = 2000;

export interface EventStreamOptions {
    readonly log: RequestLog;
    /** Ray ID of the last request that the viewer has seen; without one, or where it is not known any more, all that are kept count as new. */
    readonly after: string | undefined;
    /** HTML of one request. */
    readonly renderRequest: (event: PublicRequestEvent) => Promise<string>;
    /** HTML of everything else. */
    readonly renderOverview: () => Promise<string>;
    /** How often it is looked whether anything else has changed, in milliseconds. */
    readonly refreshMs: number;
    /** Aborted when the viewer is gone. */
    readonly signal: AbortSignal;
}

/**
 * Server-sent events for one viewer (HTML standard, 9.2): `request` for each request since `after`, with its Ray ID as the
 * event's own, `overview` whenever the rest has changed, `missed` with the number of requests that a slow viewer was not told of.
 */
export async function* eventStream(options: EventStreamOptions): AsyncGenerator<string> {
    const { log, after, renderRequest, renderOverview, refreshMs, signal } = options;
    const queue = new EventQueue<PublicRequestEvent>(MAX_WAITING);
    const kept = log.all();
    for (const event of kept.slice(kept.findLastIndex(({ ray }) => ray === after) + 1).slice(-MAX_WAITING)) {
        queue.push(event);
    }
    const unsubscribe = log.subscribe((event) => queue.push(event));
    try {
        yield `retry: ${RETRY_MS}\n\n`;
        let shown = "";
        let lookAt = 0;
        while (!signal.aborted) {
            const { items, missed } = queue.drain();
            if (missed > 0) {
                yield message("missed", String(missed));
            }
            for (const event of items) {
                yield message("request", await renderRequest(event), event.ray);
            }
            // By the clock, not with every request: there may be thousands in a second.
            if (performance.now() >= lookAt) {
                const overview = await renderOverview();
                // A comment shows that the stream lives.
                yield overview === shown ? ":\n\n" : message("overview", overview);
                shown = overview;
                lookAt = performance.now() + refreshMs;
            }
            await queue.next(signal, refreshMs);
        }
    } finally {
        unsubscribe();
    }
}

function message(event: string, data: string, id?: string): string {
    const lines = data.split("\n").map((line) => `data: ${line}\n`);
    return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\n${lines.join("")}\n`;
}
