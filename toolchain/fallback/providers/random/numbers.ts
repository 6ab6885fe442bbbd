/** RandomInteger and RandomShuffle, and the generator behind their `seed`. */
import { createHash, randomInt } from "node:crypto";
import { type CheckFailure, known, type PropertyMap, type Value } from "../../plugin/provider.ts";
import { atLeast, numberOf, randomResource, stringOf } from "./resource.ts";

/** An integer from 0 up to, but not including, `bound`. */
type Draw = (bound: number) => number;

/** With a seed, the same numbers each time; they are not those that the official provider makes of the same seed. */
function generator(seed: string): Draw {
    if (seed === "") {
        return (bound) => randomInt(bound);
    }
    let count = 0;
    return (bound) => {
        const digest = createHash("sha256").update(`${seed}\n${count++}`).digest();
        return Number(digest.readBigUInt64BE() % BigInt(bound));
    };
}

export const randomInteger = randomResource({
    computed: ["result"],
    check: (inputs) => {
        const [min, max] = [known(inputs.min), known(inputs.max)];
        const failures: CheckFailure[] = [];
        if (typeof min === "number" && typeof max === "number" && min > max) {
            failures.push({ property: "min", reason: `'${min}' is above 'max' (${max}); write ${max} or less` });
        }
        return failures;
    },
    create: (inputs) => {
        const [min, max] = [numberOf(inputs, "min"), numberOf(inputs, "max")];
        const result = min + generator(stringOf(inputs, "seed"))(max - min + 1);
        return { id: String(result), outputs: { ...inputs, id: String(result), result } };
    },
    /** `<result>,<min>,<max>` or `<result>,<min>,<max>,<seed>`. */
    import: (imported) => {
        const [id = "", min = "", max = "", seed] = imported.split(",");
        const numbers = { result: Number(id), min: Number(min), max: Number(max) };
        if (max === "" || Object.values(numbers).some(Number.isNaN)) {
            return undefined;
        }
        return { id, ...numbers, ...(seed !== undefined && { seed }) };
    },
});

export const randomShuffle = randomResource({
    computed: ["results"],
    check: (inputs) => atLeast(inputs, "resultCount", 0),
    create: (inputs) => ({ id: "-", outputs: { ...inputs, id: "-", results: permutations(inputs) } }),
});

/** One permutation of the inputs, and as many more as `resultCount` needs, cut to its length. */
function permutations(inputs: PropertyMap): Value[] {
    const items = Array.isArray(inputs.inputs) ? inputs.inputs : [];
    const count = items.length === 0 ? 0 : numberOf(inputs, "resultCount", items.length);
    const draw = generator(stringOf(inputs, "seed"));
    const results: Value[] = [];
    while (results.length < count) {
        results.push(...shuffled(items, draw));
    }
    return results.slice(0, count);
}

/** Fisher and Yates. */
export function shuffled<T>(items: readonly T[], draw: Draw = (bound) => randomInt(bound)): T[] {
    const rest = [...items];
    return items.flatMap(() => rest.splice(draw(rest.length), 1));
}
