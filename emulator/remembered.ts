/** What was computed for a key, for as long as there are not too many keys: those that come from outside must not fill the memory. */
export class Remembered<Key, Value> {
    readonly #limit: number;
    readonly #values = new Map<Key, Value>();

    /** @param limit so many are kept, 1,000 by default; with one more, all begin anew. */
    constructor(limit = 1000) {
        this.#limit = limit;
    }

    /** What is known of the key, or else what `compute` says of it. */
    get(key: Key, compute: () => Value): Value {
        const known = this.#values.get(key);
        if (known !== undefined || this.#values.has(key)) {
            return known as Value;
        }
        if (this.#values.size >= this.#limit) {
            this.#values.clear();
        }
        const value = compute();
        this.#values.set(key, value);
        return value;
    }
}
