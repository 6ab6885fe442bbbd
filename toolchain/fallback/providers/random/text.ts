/** RandomString and RandomPassword: characters from chosen classes, with a least number of each. */
import { randomInt } from "node:crypto";
import { type CheckFailure, known, type PropertyMap, type ResourceHandler } from "../../plugin/provider.ts";
import { shuffled } from "./numbers.ts";
import { atLeast, booleanOf, numberOf, randomResource, stringOf } from "./resource.ts";

/** hashicorp/terraform-provider-random `internal/random/string.go`. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface CharacterClass {
    readonly allowed: boolean;
    readonly least: number;
    readonly characters: string;
}

function classes(inputs: PropertyMap): CharacterClass[] {
    const numeric = booleanOf(inputs, "numeric", booleanOf(inputs, "number", true));
    return [
        {
            allowed: booleanOf(inputs, "special", true),
            least: numberOf(inputs, "minSpecial"),
            characters: stringOf(inputs, "overrideSpecial") || SPECIAL,
        },
        { allowed: numeric, least: numberOf(inputs, "minNumeric"), characters: "0123456789" },
        {
            allowed: booleanOf(inputs, "lower", true),
            least: numberOf(inputs, "minLower"),
            characters: "abcdefghijklmnopqrstuvwxyz",
        },
        {
            allowed: booleanOf(inputs, "upper", true),
            least: numberOf(inputs, "minUpper"),
            characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        },
    ];
}

function check(inputs: PropertyMap): CheckFailure[] {
    const failures = atLeast(inputs, "length", 1);
    const length = known(inputs.length);
    const chosen = classes(inputs);
    const least = chosen.reduce((sum, { least }) => sum + least, 0);
    if (typeof length === "number" && length < least) {
        failures.push({
            property: "length",
            reason: `'${length}' is less than minUpper, minLower, minNumeric and minSpecial together (${least})`,
        });
    }
    if (chosen.every(({ allowed }) => !allowed)) {
        failures.push({ property: "special", reason: "no class of characters is left; allow one of them" });
    }
    return failures;
}

function draw(inputs: PropertyMap): string {
    const chosen = classes(inputs);
    const pick = (characters: string, count: number) =>
        Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
    const required = chosen.flatMap(({ characters, least }) => pick(characters, least));
    const alphabet = chosen.map(({ allowed, characters }) => (allowed ? characters : "")).join("");
    const rest = pick(alphabet, numberOf(inputs, "length") - required.length);
    return shuffled([...required, ...rest]).join("");
}

/** What the official provider writes into the state for arguments that are left out. */
function withDefaults(inputs: PropertyMap): PropertyMap {
    const numeric = booleanOf(inputs, "numeric", booleanOf(inputs, "number", true));
    return {
        lower: true,
        minLower: 0,
        minNumeric: 0,
        minSpecial: 0,
        minUpper: 0,
        special: true,
        upper: true,
        ...inputs,
        number: numeric,
        numeric,
    };
}

export const randomString: ResourceHandler = randomResource({
    computed: ["result"],
    check,
    create: (inputs) => {
        const result = draw(inputs);
        return { id: result, outputs: { ...withDefaults(inputs), id: result, result } };
    },
    import: (result) => ({ ...withDefaults({ length: result.length }), id: result, result }),
});

export const randomPassword: ResourceHandler = randomResource({
    computed: ["result"],
    secrets: ["result"],
    check,
    create: (inputs) => ({ id: "none", outputs: { ...withDefaults(inputs), id: "none", result: draw(inputs) } }),
    import: (result) => ({ ...withDefaults({ length: result.length }), id: "none", result }),
});
