/** What a plugin knows of each engine that it serves. */

/** Anything that is called over a connection. */
interface Call {
    /** Address of the other end. */
    getPeer(): string;
}

/** Addresses of connections come again, and nobody hears of their end: so many of the newest are remembered, more than there ever are at once. */
const REMEMBERED = 256;

/**
 * One value a connection. Each run of an engine opens connections of its own and begins them with a handshake, so what belongs to one run never
 * reaches another, although one process may serve many.
 */
export class Connections<T> {
    readonly #values = new Map<string, T>();

    /** Of a connection that begins: whatever was known of an earlier one with its address is forgotten. */
    begin(call: Call, value: T): T {
        const peer = call.getPeer();
        this.#values.delete(peer);
        this.#values.set(peer, value);
        const [oldest] = this.#values.keys();
        if (this.#values.size > REMEMBERED && oldest !== undefined) this.#values.delete(oldest);
        return value;
    }

    of(call: Call): T | undefined {
        return this.#values.get(call.getPeer());
    }

    all(): Iterable<T> {
        return this.#values.values();
    }
}
