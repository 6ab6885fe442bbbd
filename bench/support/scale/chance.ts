import { generator } from "../../../test/support/random.ts";

/** Choices by chance that are the same for the same seed, so that a made-up fleet can be made again. */
export class Chance {
    readonly #next: () => number;

    constructor(seed: number) {
        this.#next = generator(seed);
    }

    /** A whole number, both ends included. */
    between(least: number, most: number): number {
        return least + Math.floor(this.#next() * (most - least + 1));
    }

    /** Whether something of this probability happens. */
    isLikely(probability: number): boolean {
        return this.#next() < probability;
    }

    /** One of some, each as often as its weight says. */
    weighted<T extends { readonly weight: number }>(some: readonly T[]): T {
        const all = some.reduce((sum, { weight }) => sum + weight, 0);
        let left = this.#next() * all;
        const chosen = some.find(({ weight }) => {
            left -= weight;
            return left < 0;
        });
        const last = chosen ?? some.at(-1);
        if (last === undefined) throw new Error("There is nothing to choose from.");
        return last;
    }
}
