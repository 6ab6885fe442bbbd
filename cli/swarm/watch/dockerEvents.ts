import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { BackOff, type BackOffOptions } from "./backOff.ts";

/** What an event of the engine is about. Networks count: a service may be refused for want of one. */
const KINDS: ("service" | "node" | "network")[] = ["service", "node", "network"];

/** Waits before the stream is opened again: half a second to half a minute. */
const RECONNECT: BackOffOptions = { firstMs: 500, limitMs: 30_000 };

/** The stream is open, or lost until it is opened again after some milliseconds. */
export type StreamState =
    | { readonly isOpen: true }
    | { readonly isOpen: false; readonly reason: string; readonly againInMs: number };

export interface FollowOptions {
    readonly docker: Pick<Docker, "getEvents">;
    /** Ends it. */
    readonly signal: AbortSignal;
    /** Something may have changed: an event came, or the stream was opened and whatever happened before was not heard. */
    readonly onChange: () => void;
    readonly onStream: (state: StreamState) => void;
    readonly reconnect?: BackOffOptions;
}

/**
 * Follows a Swarm's events until `signal` is given. An event only wakes: what is true stands in the listing that follows it, so that a lost,
 * doubled or reordered one does no harm, and a stream that broke needs no replay: whoever hears that it is open again looks for himself.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
    const { signal, reconnect = RECONNECT, onStream } = options;
    const backOff = new BackOff(reconnect);
    while (!signal.aborted) {
        const reason = await readStream(options, () => backOff.succeeded()).catch((error: Error) => error.message);
        if (signal.aborted) return;
        const againInMs = backOff.failed();
        onStream({ isOpen: false, reason, againInMs });
        await delay(againInMs, undefined, { signal }).catch(() => {});
    }
}

/** @returns why the stream ended. */
async function readStream({ docker, signal, onChange, onStream }: FollowOptions, opened: () => void): Promise<string> {
    // The engine's answer as it comes, which dockerode's types tell less of.
    const stream = (await docker.getEvents({ filters: { type: KINDS } })) as Readable;
    const stop = () => stream.destroy();
    signal.addEventListener("abort", stop);
    try {
        opened();
        onStream({ isOpen: true });
        onChange();
        stream.on("data", onChange);
        await finished(stream);
        return "the engine closed it";
    } finally {
        signal.removeEventListener("abort", stop);
        stop();
    }
}
