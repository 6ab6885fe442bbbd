import { createHash } from "node:crypto";

/**
 * A number from 0 up to `count` for each name, no two alike. It follows from the name: none changes when another comes or goes, but for the rare case that
 * both hash to one number.
 */
export function spread(names: readonly string[], count: number): Map<string, number> {
    const numbers = new Map<string, number>();
    const taken = new Set<number>();
    for (const name of names.toSorted()) {
        let number = createHash("sha256").update(name).digest().readUInt32BE() % count;
        while (taken.has(number)) number = (number + 1) % count;
        taken.add(number);
        numbers.set(name, number);
    }
    return numbers;
}
