import { setTimeout as delay } from "node:timers/promises";

/** Wakes one sleeper: rung while he is awake, it wakes him from his next sleep at once, and once however often it was rung. */
export class Alarm {
    #rung = Promise.withResolvers<void>();

    ring(): void {
        this.#rung.resolve();
    }

    /** Resolves when it has been rung since the last sleep, when `withinMs` milliseconds are over, or when `signal` is given. */
    async sleep(withinMs: number, signal: AbortSignal): Promise<void> {
        const over = new AbortController();
        const ended = AbortSignal.any([signal, over.signal]);
        await Promise.race([this.#rung.promise, delay(withinMs, undefined, { signal: ended }).catch(() => {})]);
        over.abort();
        this.#rung = Promise.withResolvers();
    }
}
