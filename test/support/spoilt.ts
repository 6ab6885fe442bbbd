/** A configuration that differs from a right one in one value. */
export interface Spoilt {
    /** The value as a user writes it: `routes[0].hostname`. */
    path: string;
    /** The same as keys and positions. */
    steps: readonly Step[];
    /** What was done to it. */
    what: string;
    /** The whole configuration. */
    config: object;
}

export type Step = string | number;

/** Longer than any line that a field takes. */
const ABSURDLY_LONG = "x".repeat(20_000);

/** Turns the direction of writing, so that a reader sees another text than the machine. */
const HIDDEN = "\u202E";
const HALF_A_CHARACTER = "\uD800";

/**
 * Every configuration that comes of spoiling one value of a right one, in every way that its type allows: another type, absurdly long,
 * characters that do not show or are none, out of range; and for maps a key that nobody knows.
 */
export function everyWayToSpoil(config: object): Spoilt[] {
    const [, ...places] = placesIn(config);
    return places.flatMap(({ steps, value }) =>
        waysToSpoil(value).map(({ what, spoiled, key }) => {
            const at = key === undefined ? steps : [...steps, key];
            return { path: pathOf(at), steps: at, what, config: changed(config, at, spoiled) };
        }),
    );
}

/** The same configuration without one value, for each that `isRequired`. */
export function everyWayToLeaveOut(config: object, isRequired: (steps: readonly Step[]) => boolean): Spoilt[] {
    return placesIn(config)
        .filter(({ steps }) => steps.length > 0 && isRequired(steps))
        .map(({ steps }) => ({
            path: pathOf(steps),
            steps,
            what: "left out",
            config: changed(config, steps, undefined),
        }));
}

function pathOf(steps: readonly Step[]): string {
    return steps
        .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
        .join("")
        .replace(/^\./, "");
}

interface Place {
    steps: Step[];
    value: unknown;
}

function placesIn(value: unknown, steps: Step[] = []): Place[] {
    const members: [Step, unknown][] = Array.isArray(value)
        ? [...value.entries()]
        : typeof value === "object" && value !== null
          ? Object.entries(value)
          : [];
    return [{ steps, value }, ...members.flatMap(([step, member]) => placesIn(member, [...steps, step]))];
}

interface Way {
    what: string;
    spoiled: unknown;
    /** Of a member that is added; the value itself is replaced where omitted. */
    key?: string;
}

function waysToSpoil(value: unknown): Way[] {
    const replaced = { what: "null", spoiled: null };
    if (Array.isArray(value)) return [replaced, { what: "a text for a list", spoiled: "x" }];
    switch (typeof value) {
        case "object":
            return [
                replaced,
                { what: "a text for a map", spoiled: "x" },
                { what: "unknown", spoiled: 42, key: "sideways" },
            ];
        case "number":
            return [
                replaced,
                { what: "a text for a number", spoiled: `${value}` },
                { what: "below the range", spoiled: -1 },
                { what: "not whole", spoiled: value + 0.5 },
                { what: "no number", spoiled: Number.NaN },
            ];
        case "boolean":
            return [replaced, { what: "a text for a boolean", spoiled: "perhaps" }];
        default:
            return [
                replaced,
                { what: "a number for a text", spoiled: 42 },
                { what: "a list for a text", spoiled: [value] },
                { what: "blank", spoiled: " " },
                { what: "with a character that does not show", spoiled: `${value}${HIDDEN}` },
                { what: "with half a character", spoiled: `${value}${HALF_A_CHARACTER}` },
                { what: "absurdly long", spoiled: `${value}${ABSURDLY_LONG}` },
            ];
    }
}

/** A copy with one member set, or removed where `value` is undefined. */
function changed<T>(config: T, [step, ...rest]: readonly Step[], value: unknown): T {
    if (step === undefined) return value as T;
    if (Array.isArray(config)) {
        return config.map((one, index) => (index === step ? changed(one, rest, value) : one)) as T;
    }
    const members = config as Record<string, unknown>;
    const member = changed(members[step], rest, value);
    const others = Object.entries(members).filter(([key]) => key !== step);
    return Object.fromEntries(member === undefined ? others : [...others, [step, member]]) as T;
}
