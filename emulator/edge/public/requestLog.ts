import type { PublicRequestEvent } from "../../edgeControls.ts";

const KEPT_REQUESTS = 1000;

/** The last requests from outside, in memory, and who wants to hear of each. The private side keeps its connections so, too. */
export class RequestLog<Event = PublicRequestEvent> {
    readonly #limit: number;
    readonly #listeners = new Set<(event: Event) => void>();
    #events: Event[] = [];

    /** @param limit how many are kept, 1,000 by default. */
    constructor(limit = KEPT_REQUESTS) {
        this.#limit = limit;
    }

    add(event: Event): void {
        this.#events.push(event);
        // Cut in large steps: shifting one out of a full list on every request would cost its whole length.
        if (this.#events.length >= 2 * this.#limit) {
            this.#events = this.#events.slice(-this.#limit);
        }
        for (const listener of this.#listeners) {
            listener(event);
        }
    }

    /** Those that are kept, oldest first. */
    all(): Event[] {
        return this.#events.slice(-this.#limit);
    }

    /** Calls for each request from now on; the returned function ends it. */
    subscribe(listener: (event: Event) => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }
}
