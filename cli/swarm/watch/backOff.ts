export interface BackOffOptions {
    /** Wait after the first failure, in milliseconds. */
    readonly firstMs: number;
    /** Longest wait that is chosen here, in milliseconds; a service may ask for a longer one. */
    readonly limitMs: number;
    /** A number from 0 up to 1; the machine's own dice where omitted. */
    readonly random?: () => number;
}

/**
 * Waits that double with each failure in a row, spread over their upper half so that what failed together does not come back together
 * ("equal jitter", aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 */
export class BackOff {
    readonly #options: Required<BackOffOptions>;
    #failures = 0;

    constructor({ firstMs, limitMs, random = Math.random }: BackOffOptions) {
        this.#options = { firstMs, limitMs, random };
    }

    /** How many failures in a row there have been. */
    get failures(): number {
        return this.#failures;
    }

    /**
     * Counts a failure.
     *
     * @param askedForMs least wait that the service asked for (`Retry-After`), in milliseconds.
     * @returns milliseconds until the next attempt.
     */
    failed(askedForMs = 0): number {
        const { firstMs, limitMs, random } = this.#options;
        const whole = Math.min(limitMs, firstMs * 2 ** this.#failures);
        this.#failures++;
        return Math.max(askedForMs, Math.round(whole / 2 + (random() * whole) / 2));
    }

    succeeded(): void {
        this.#failures = 0;
    }
}
