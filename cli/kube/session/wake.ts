/** How often the clock is looked at, and by how much it must be ahead to tell of a sleep: milliseconds. A busy machine is late by less. */
const LOOK_EVERY_MS = 5_000;
const SLEPT_FROM_MS = 15_000;

/** The time, and something to do again and again. */
export interface Clock {
    /** Milliseconds since 1970. */
    readonly now: () => number;
    readonly every: (ms: number, body: () => void) => Disposable;
}

export const systemClock: Clock = {
    now: Date.now,
    every(ms, body) {
        const timer = setInterval(body, ms).unref();
        return { [Symbol.dispose]: () => clearInterval(timer) };
    },
};

/**
 * Tells when the machine has slept: timers stand still meanwhile, and the clock on the wall does not.
 *
 * @param onWake hears for how many milliseconds
 */
export function watchForSleep(clock: Clock, onWake: (sleptMs: number) => void): Disposable {
    let last = clock.now();
    return clock.every(LOOK_EVERY_MS, () => {
        const late = clock.now() - last - LOOK_EVERY_MS;
        last = clock.now();
        if (late >= SLEPT_FROM_MS) {
            onWake(late);
        }
    });
}
