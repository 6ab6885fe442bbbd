import type { Store } from "./store.ts";

/** Something that is computed from the store, and kept for as long as the store does not change. */
export class Derived<Value> {
    readonly #store: Store;
    readonly #compute: () => Value;
    #kept: { readonly revision: number; readonly value: Value } | undefined;

    constructor(store: Store, compute: () => Value) {
        this.#store = store;
        this.#compute = compute;
    }

    /** Never older than the last change, and the same object until the next one. */
    get value(): Value {
        const { revision } = this.#store;
        if (this.#kept?.revision !== revision) {
            this.#kept = { revision, value: this.#compute() };
        }
        return this.#kept.value;
    }
}
