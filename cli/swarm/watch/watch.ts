import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { Alarm } from "./alarm.ts";
import { BackOff, type BackOffOptions } from "./backOff.ts";
import { followEvents } from "./dockerEvents.ts";
import type { WatchEvent } from "./report.ts";
import type { Watcher } from "./watcher.ts";

/** Events come in bursts: the first is looked at at once, what comes within so many milliseconds of that together. */
const DEBOUNCE_MS = 100;

/** The services are listed at least this often, whatever events say: a minute in milliseconds. */
const LIST_EVERY_MS = 60_000;

/** Waits after a listing that failed: half a second to half a minute. */
const RELIST: BackOffOptions = { firstMs: 500, limitMs: 30_000 };

export interface WatchOptions {
    readonly watcher: Pick<Watcher, "reconcile">;
    readonly docker: Pick<Docker, "getEvents">;
    /** Ends it. */
    readonly signal: AbortSignal;
    readonly report: (event: WatchEvent) => void;
    /** Hears after each listing whether it succeeded. */
    readonly onListing?: (succeeded: boolean) => void;
    /** Hears each event of the engine. */
    readonly onEvent?: () => void;
    readonly debounceMs?: number;
    readonly listEveryMs?: number;
    readonly relist?: BackOffOptions;
    readonly reconnect?: BackOffOptions;
}

/** Keeps exposures in step with the labels of a Swarm until `signal` is given: after every event, and now and then without one. */
export async function watch(options: WatchOptions): Promise<void> {
    const { watcher, docker, signal, report, onListing, onEvent } = options;
    const { debounceMs = DEBOUNCE_MS, listEveryMs = LIST_EVERY_MS, relist = RELIST } = options;
    const alarm = new Alarm();
    const following = followEvents({
        docker,
        signal,
        ...(options.reconnect === undefined ? {} : { reconnect: options.reconnect }),
        onChange: () => {
            onEvent?.();
            alarm.ring();
        },
        onStream: (state) => {
            if (!state.isOpen) report({ event: "stream-lost", reason: state.reason, againInMs: state.againInMs });
        },
    });
    const backOff = new BackOff(relist);
    while (!signal.aborted) {
        try {
            await watcher.reconcile();
            backOff.succeeded();
            onListing?.(true);
            await delay(debounceMs, undefined, { signal }).catch(() => {});
            await alarm.sleep(listEveryMs, signal);
        } catch (error) {
            const againInMs = backOff.failed();
            onListing?.(false);
            report({
                event: "listing-failed",
                reason: error instanceof Error ? error.message : String(error),
                againInMs,
            });
            await delay(againInMs, undefined, { signal }).catch(() => {});
        }
    }
    await following;
}
