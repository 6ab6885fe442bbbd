import fc from "fast-check";
import type { PropertyMap, Value } from "../../../toolchain/fallback/plugin/provider.ts";
import type { Field, Fields, TextField } from "../../../toolchain/fallback/providers/docker/schema.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,7}$/);

const duration = fc.constantFrom("0s", "500ms", "1s", "90s", "1m30s", "2m", "1h", "1h0m5s");

/** Fields with a form of their own that the schema does not tell. */
const FORMS: Record<string, fc.Arbitrary<Value>> = {
    ip: fc.ipV4(),
    driverOpts: fc.uniqueArray(word.map((key) => `${key}=${key}`)),
    namedResourcesSpecs: fc.uniqueArray(word.map((key) => `${key}=uuid`)),
    discreteResourcesSpecs: fc.uniqueArray(
        fc.tuple(word, fc.nat(9)).map(([key, count]) => `${key}=${count}`),
        { selector: (pair) => String(pair).split("=")[0] },
    ),
    // The engine fills in what is left out: only all four are free of diff, as with the official provider.
    restartPolicy: fc.record({
        condition: fc.constantFrom("none", "on-failure", "any"),
        delay: duration,
        maxAttempts: fc.nat(9),
        window: duration,
    }),
    maxFailureRatio: fc.constantFrom("0.0", "0.5", "0.25", "1"),
};

/** Inputs that a program could give for these fields: everything required, any of the rest. */
export function inputsOf(fields: Fields): fc.Arbitrary<PropertyMap> {
    const entries = Object.entries(fields).map(([name, field]) => [name, FORMS[name] ?? anyValue(field)] as const);
    const requiredKeys = Object.keys(fields).filter((name) => fields[name]?.required);
    return fc.record(Object.fromEntries(entries), { requiredKeys }) as fc.Arbitrary<PropertyMap>;
}

function anyValue(field: Field): fc.Arbitrary<Value> {
    switch (field.kind) {
        case "text":
            return textOf(field);
        case "number":
            return fc.integer({ min: Math.max(field.minimum ?? 0, 0), max: 511 });
        case "flag":
            return fc.boolean();
        case "map":
            return fc.dictionary(word, word, { noNullPrototype: true, maxKeys: 3 });
        case "object":
            return inputsOf(field.fields);
        case "list":
            return fc.array(anyValue(field.items), { maxLength: 3 });
        case "set":
            return fc.uniqueArray(anyValue(field.items), { maxLength: 3, selector: keyOf });
    }
}

/** Labels are a map in Docker: two of one name cannot be. */
function keyOf(item: Value): string {
    const label = (item as { label?: string }).label;
    return label ?? JSON.stringify(item);
}

function textOf(field: TextField): fc.Arbitrary<Value> {
    if (field.oneOf) return fc.constantFrom(...field.oneOf);
    if (field.duration) return duration;
    if (field.base64) return word.map((content) => Buffer.from(content).toString("base64"));
    return word;
}
