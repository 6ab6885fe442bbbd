/** A daemon that has not listed the services for so long is not well: three minutes in milliseconds, three times the usual distance. */
const STALE_AFTER_MS = 180_000;

/** Whether the daemon lives, and whether what it shows can be relied on. */
export class Health {
    readonly #now: () => number;
    #listedAt: number | undefined;
    #isStopping = false;

    /** @param now milliseconds of a clock that only goes forward. */
    constructor(now: () => number = () => performance.now()) {
        this.#now = now;
    }

    listed(): void {
        this.#listedAt = this.#now();
    }

    stopping(): void {
        this.#isStopping = true;
    }

    /** What keeps it from being ready; undefined where nothing does. */
    get obstacle(): string | undefined {
        if (this.#isStopping) return "stopping";
        if (this.#listedAt === undefined) return "the services have not been listed yet";
        const age = this.#now() - this.#listedAt;
        return age > STALE_AFTER_MS ? `the services were listed ${Math.round(age / 1000)} s ago` : undefined;
    }
}
