/** Physical names made from logical ones. */
import { createHash } from "node:crypto";
import type { CheckRequest, PropertyMap } from "./provider.ts";

/** Hex digits after the hyphen, as the official providers append them. */
const SUFFIX_LENGTH = 7;

/**
 * The inputs with `property` filled in where the program leaves it out: the name of the last run, or `<logical>-<7 hex>`
 * made from the engine's seed, so that the preview and the update agree and a replacement gets another name.
 *
 * `__defaults` in the inputs says which names were made here, the bridged providers' convention: a name that was once
 * written in the program and is left out now is not kept.
 */
export function autoName(request: CheckRequest, property = "name"): PropertyMap {
    const { inputs, oldInputs, autonaming } = request;
    if (inputs[property] !== undefined) {
        return inputs;
    }
    const kept = isAutoNamed(oldInputs, property) ? oldInputs?.[property] : undefined;
    const name = kept ?? newName(request);
    if (name === undefined || autonaming?.mode === "disable") {
        return inputs;
    }
    return { ...inputs, [property]: name, __defaults: [property] };
}

function isAutoNamed(oldInputs: PropertyMap | undefined, property: string): boolean {
    const defaults = oldInputs?.__defaults;
    return Array.isArray(defaults) && defaults.includes(property);
}

function newName({ name, randomSeed, autonaming }: CheckRequest): string {
    if (autonaming !== undefined) {
        return autonaming.proposedName;
    }
    const suffix = createHash("sha256").update(randomSeed).digest("hex").slice(0, SUFFIX_LENGTH);
    return `${name}-${suffix}`;
}
