/** What a queue held when it was emptied. */
export interface Drained<Item> {
    readonly items: readonly Item[];
    /** How many older ones had to make room since the last time. */
    readonly missed: number;
}

/** What waits for one reader. However slow the reader, no more than `limit` items are held; the oldest make room. */
export class EventQueue<Item> {
    readonly #limit: number;
    #items: Item[] = [];
    #missed = 0;
    #wake: (() => void) | undefined;

    constructor(limit: number) {
        this.#limit = limit;
    }

    push(item: Item): void {
        this.#items.push(item);
        if (this.#items.length > this.#limit) {
            this.#items.shift();
            this.#missed++;
        }
        this.#wake?.();
    }

    drain(): Drained<Item> {
        const drained = { items: this.#items, missed: this.#missed };
        this.#items = [];
        this.#missed = 0;
        return drained;
    }

    /** Waits until something is there, until `signal` is aborted, or for `milliseconds`. */
    next(signal: AbortSignal, milliseconds: number): Promise<void> {
        if (this.#items.length > 0 || signal.aborted) {
            return Promise.resolve();
        }
        return new Promise((resolve) => {
            const done = () => {
                clearTimeout(timer);
                signal.removeEventListener("abort", done);
                this.#wake = undefined;
                resolve();
            };
            const timer = setTimeout(done, milliseconds);
            signal.addEventListener("abort", done);
            this.#wake = done;
        });
    }
}
