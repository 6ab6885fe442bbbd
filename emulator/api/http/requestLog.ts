/** One request as the log keeps it. */
export interface LoggedRequest {
    /** Counts up from 1 over the emulator's life. */
    readonly number: number;
    readonly time: Date;
    readonly method: string;
    /** Below the base URL, with its query. */
    readonly path: string;
    /** The body with every secret in it replaced; undefined when there was none. */
    readonly body: unknown;
    /** The answer's status; 0 when a fault dropped the connection. */
    readonly status: number;
    readonly durationMs: number;
    /** What the client calls itself; undefined when it does not say. */
    readonly userAgent: string | undefined;
}

const secretKeys = new Set([
    "tunnel_secret",
    "client_secret",
    "secret",
    "private_key",
    "password",
    "token",
    "api_token",
    "refresh_token",
    "access_token",
    "api_key",
]);

/** What stands in the log in place of a secret. */
export const masked = "[secret]";

/** The last requests that the emulator answered, oldest first, secrets masked. */
export class RequestLog {
    readonly #limit: number;
    #entries: LoggedRequest[] = [];
    #count = 0;

    /** @param limit how many requests are kept; the oldest go first. */
    constructor(limit: number) {
        this.#limit = limit;
    }

    add(entry: Omit<LoggedRequest, "number">): void {
        this.#count++;
        this.#entries.push({ ...entry, number: this.#count, body: withoutSecrets(entry.body) });
        // Cut in large steps: shifting one entry out of a full log on every request would cost its whole length.
        if (this.#entries.length >= 2 * this.#limit) {
            this.#entries = this.#entries.slice(-this.#limit);
        }
    }

    all(): LoggedRequest[] {
        return this.#entries.slice(-this.#limit);
    }

    clear(): void {
        this.#entries = [];
    }
}

function withoutSecrets(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(withoutSecrets);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key) ? masked : withoutSecrets(inner)]),
    );
}
