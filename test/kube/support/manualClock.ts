import type { Clock } from "../../../cli/kube/session/wake.ts";

/** A clock that a test moves. */
export class ManualClock implements Clock {
    #now = Date.UTC(2026, 0, 1);
    readonly #timers = new Set<{ due: number; ms: number; body: () => void }>();

    readonly now = (): number => this.#now;

    readonly every = (ms: number, body: () => void): Disposable => {
        const timer = { due: this.#now + ms, ms, body };
        this.#timers.add(timer);
        return { [Symbol.dispose]: () => this.#timers.delete(timer) };
    };

    /** Time passes, and timers run when they are due. */
    pass(ms: number): void {
        const end = this.#now + ms;
        for (;;) {
            const [next] = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
            if (next === undefined) {
                break;
            }
            this.#now = Math.max(this.#now, next.due);
            next.due = this.#now + next.ms;
            next.body();
        }
        this.#now = end;
    }

    /** The machine stands still: the clock goes on, timers do not, and are as far from being due as before. */
    sleep(ms: number): void {
        this.#now += ms;
        for (const timer of this.#timers) {
            timer.due += ms;
        }
    }
}
