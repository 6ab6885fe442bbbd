/** One request from outside, once it is answered. */
export interface PublicRequestEvent {
    readonly ray: string;
    readonly time: Date;
    readonly hostname: string;
    readonly method: string;
    /** Without the query, which may carry tokens. */
    readonly path: string;
    /** What the client got; 499 when it went before there was an answer. */
    readonly status: number;
    /** What let it in or refused it. */
    readonly rule: string;
    readonly tunnelId?: string | undefined;
    readonly connectorId?: string | undefined;
    readonly durationMs: number;
}

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
