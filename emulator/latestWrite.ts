/** Writes one thing again and again, one write at a time. Changes that come while a write is under way go into the next one together. */
export class LatestWrite {
    readonly #write: () => Promise<void>;
    #current: Promise<void> = Promise.resolve();
    #next: Promise<void> | undefined;

    /** @param write writes what is there at the moment it is called. */
    constructor(write: () => Promise<void>) {
        this.#write = write;
    }

    /** Sees to it that what is there now is written. Does not wait; {@link done} does. */
    schedule(): void {
        if (this.#next !== undefined) {
            return;
        }
        const write = this.#current
            .catch(() => undefined)
            .then(() => {
                this.#current = write;
                this.#next = undefined;
                return this.#write();
            });
        // Whoever waits for it learns of a failure; without anybody waiting, the next write tries again.
        write.catch(() => undefined);
        this.#next = write;
    }

    /** Resolves when everything scheduled so far is written; rejects as the write does. */
    done(): Promise<void> {
        return this.#next ?? this.#current;
    }
}
