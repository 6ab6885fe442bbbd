import type { PublicRequestEvent } from "../../edgeControls.ts";

/** The last requests, oldest first. */
export class RecentRequests {
    readonly #limit: number;
    #events: PublicRequestEvent[] = [];

    /** @param limit how many are kept. */
    constructor(limit: number) {
        this.#limit = limit;
    }

    add(event: PublicRequestEvent): void {
        this.#events.push(event);
        // Cut in large steps: shifting one out of a full list on every request would cost its whole length.
        if (this.#events.length >= 2 * this.#limit) {
            this.#events = this.#events.slice(-this.#limit);
        }
    }

    all(): PublicRequestEvent[] {
        return this.#events.slice(-this.#limit);
    }
}
