import { setTimeout as delay } from "node:timers/promises";
import type { TiedProcess } from "./tied.ts";

/** Waits before a program is started again, in milliseconds; the last one is repeated. */
const BACK_OFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** A program that has run for so long has recovered, and the waits begin anew: one minute in milliseconds. */
const RECOVERED_AFTER_MS = 60_000;

export interface KeptOptions<T extends TiedProcess> {
    /** Starts the program. */
    readonly start: () => Promise<T>;
    /** Hears why it ended and after how many milliseconds it is started again. */
    readonly onEnd: (reason: string, againInMs: number) => void;
    readonly backOffMs?: readonly number[];
}

/**
 * Keeps a program running: one that ends by itself is started again, after waits that grow.
 *
 * @example
 * await using kept = new KeptProcess({ start: () => startTunnel(), onEnd: (reason) => console.error(reason) });
 * const running = await kept.current();
 */
export class KeptProcess<T extends TiedProcess> implements AsyncDisposable {
    readonly #options: KeptOptions<T>;
    readonly #stop = new AbortController();
    readonly #over: Promise<void>;
    #current = Promise.withResolvers<T>();

    constructor(options: KeptOptions<T>) {
        this.#options = options;
        this.#current.promise.catch(() => {});
        this.#over = this.#keep();
    }

    /** The running program; waits for the next one while there is none. @throws once this is disposed of. */
    current(): Promise<T> {
        return this.#current.promise;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#stop.abort();
        this.#current.reject(new Error("It is over."));
        await this.#over;
    }

    async #keep(): Promise<void> {
        const { start, onEnd, backOffMs = BACK_OFF_MS } = this.#options;
        const { signal } = this.#stop;
        const stopped = new Promise<undefined>((resolve) => signal.addEventListener("abort", () => resolve(undefined)));
        for (let failures = 0; !signal.aborted; failures++) {
            const startedAt = performance.now();
            const reason = await this.#runOnce(start, stopped);
            if (reason === undefined) {
                break;
            }
            failures = performance.now() - startedAt > RECOVERED_AFTER_MS ? 0 : failures;
            const wait = backOffMs[Math.min(failures, backOffMs.length - 1)] ?? 0;
            onEnd(reason, wait);
            await delay(wait, undefined, { signal }).catch(() => {});
        }
        this.#current.reject(new Error("It is over."));
    }

    /** Why it ended; undefined when it was ended by us. */
    async #runOnce(start: () => Promise<T>, stopped: Promise<undefined>): Promise<string | undefined> {
        let running: T;
        try {
            running = await start();
        } catch (error) {
            return error instanceof Error ? error.message : String(error);
        }
        await using _ = running;
        this.#current.resolve(running);
        const reason = await Promise.race([running.ended, stopped]);
        // Whoever asks from now on waits for the next one.
        this.#current = Promise.withResolvers();
        this.#current.promise.catch(() => {});
        return reason;
    }
}
