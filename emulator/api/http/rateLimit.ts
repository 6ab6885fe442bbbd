import { ApiError } from "./apiError.ts";

/** How many requests a token may make in a window of time. Cloudflare's own limit is 1,200 in 300 seconds. */
export interface RateLimit {
    readonly requests: number;
    readonly seconds: number;
}

/** Counts requests in fixed windows; one request too many blocks all others until the window ends. */
export class RateLimiter {
    readonly #limit: RateLimit;
    readonly #clock: () => Date;
    #windowEnds = 0;
    #count = 0;

    constructor(limit: RateLimit, clock: () => Date) {
        this.#limit = limit;
        this.#clock = clock;
    }

    /** Counts one request. @throws ApiError 429, which says when to come back, for one too many. */
    admit(): void {
        const now = this.#clock().getTime();
        if (now >= this.#windowEnds) {
            this.#windowEnds = now + this.#limit.seconds * 1000;
            this.#count = 0;
        }
        this.#count++;
        if (this.#count > this.#limit.requests) {
            throw tooManyRequests(this.#limit, this.#windowEnds - now);
        }
    }
}

/** The answer of a blocked client; the text is documented, the code is not verified. */
function tooManyRequests({ requests, seconds }: RateLimit, waitMs: number): ApiError {
    return new ApiError(
        429,
        {
            code: 971,
            message: `More than ${requests} requests per ${seconds} seconds reached. Please wait and consider throttling your request speed`,
        },
        { ...retryHeaders(waitMs), "x-ratelimit-limit": String(requests), "x-ratelimit-remaining": "0" },
    );
}

/** The headers by which official clients know how long to wait: seconds for all, milliseconds for the newer ones. */
export function retryHeaders(waitMs: number): Record<string, string> {
    return { "retry-after": String(Math.ceil(waitMs / 1000)), "retry-after-ms": String(waitMs) };
}
