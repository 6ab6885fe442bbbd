/** RandomPet: a name that people can say. */
import { randomInt } from "node:crypto";
import { atLeast, numberOf, randomResource, stringOf } from "./resource.ts";

const ADVERBS =
    "barely boldly calmly clearly deeply fairly firmly freely gently gladly hugely kindly largely lightly loosely mildly neatly nicely openly poorly purely quietly rarely safely sharply simply smoothly softly truly vastly warmly wildly".split(
        " ",
    );
const ADJECTIVES =
    "able amber brave brief bright calm clever cosmic crisp daring deep eager early fair fancy fast fine firm fond free fresh gentle glad golden grand happy honest humble ideal keen kind large light live lucky merry mighty modest neat noble open patient polite prime proud pure quick quiet rapid ready robust sharp smart solid steady strong sunny super sweet swift tidy true vital warm wise witty".split(
        " ",
    );
const ANIMALS =
    "adder badger bass bat bear beetle bird bison bream buck burro camel carp cat cicada clam cobra cod coral cougar cow coyote crab crane cricket crow dane deer dingo dog dove drake duck eagle eel egret elk emu falcon ferret finch fish flea fowl fox frog gecko goat goose grouse guinea gull hare hawk hen heron horse hound ibex iguana jackal jay kite koala lamb lark lemur lion lynx".split(
        " ",
    );

const DEFAULT_WORDS = 2;

export const randomPet = randomResource({
    computed: [],
    check: (inputs) => atLeast(inputs, "length", 1),
    create: (inputs) => {
        const length = numberOf(inputs, "length", DEFAULT_WORDS);
        const separator = stringOf(inputs, "separator", "-");
        const prefix = stringOf(inputs, "prefix");
        const id = [...(prefix === "" ? [] : [prefix]), ...words(length)].join(separator);
        return { id, outputs: { ...inputs, id, length, separator } };
    },
});

/** Adverbs, one adjective, one animal: "softly-fair-otter" for three. */
function words(length: number): string[] {
    const pick = (list: readonly string[]) => list[randomInt(list.length)] ?? "";
    return Array.from({ length }, (_, index) => {
        const left = length - index;
        return pick(left === 1 ? ANIMALS : left === 2 ? ADJECTIVES : ADVERBS);
    });
}
