import { at, shown, text, UNKNOWN } from "../values.ts";
import type { Check, Opening } from "./opening.ts";
import { type Conditions, isSet, says, saysOrOmits, valuesAt } from "./paths.ts";
import { allowedSources, type IsAllowed, type Span } from "./sources.ts";

/** Properties of a rule that say whom it lets in: a range or a list of them, a first and last address, a network and its length. */
export type SourceProperty =
    | string
    | { readonly first: string; readonly last: string }
    | { readonly network: string; readonly length: string };

/** How a firewall's rules are written. Paths lead from the rule; properties hold a value or a list. */
export interface Permissions {
    /** Path of the list of rules; omitted where the resource is itself one rule. */
    readonly list?: string;
    /** What a rule has to say to let somebody in, such as a direction. */
    readonly only?: Conditions;
    /** As `only`, where saying nothing means the same. */
    readonly ifSaid?: Conditions;
    /** Properties without which a rule lets nobody in. */
    readonly needs?: readonly string[];
    readonly sources: readonly SourceProperty[];
    /** Properties that name somebody inside, such as another group of the same cloud. */
    readonly insiders?: readonly string[];
    /** Words that stand for addresses inside. */
    readonly insideWords?: readonly string[];
    /** Whether a rule that says nothing about who comes in lets in everybody. */
    readonly anybodyIfOmitted?: boolean;
    /** Properties that tell the ports, each by itself; every port if none is set. */
    readonly ports?: readonly string[];
    /** First and last port, where two properties tell them. */
    readonly portSpan?: readonly [first: string, last: string];
}

const INSTEAD =
    "Let nobody in from outside and reach the service through a tunnel, or list the range in `allowedSources` if it is one of yours.";

/**
 * A check for a firewall's rules: it finds each that lets somebody in who is not listed in `allowedSources`. What a
 * preview does not know yet is no source; what stands beside it is.
 */
export function permissions(form: Permissions): Check {
    return (props, config) => {
        const isAllowed = allowedSources(config, form.insideWords);
        return rulesOf(props, form.list).flatMap(({ rule, where }) => judge(rule, where, form, isAllowed));
    };
}

interface Rule {
    readonly rule: unknown;
    /** Where it stands, as an addition to a sentence. */
    readonly where: string;
}

function rulesOf(props: unknown, list: string | undefined): readonly Rule[] {
    if (list === undefined) return [{ rule: props, where: "" }];
    return valuesAt(props, `${list}[]`).map((rule, index) => ({ rule, where: ` (\`${list}[${index}]\`)` }));
}

function judge(rule: unknown, where: string, form: Permissions, isAllowed: IsAllowed): readonly Opening[] {
    const { only = {}, ifSaid = {}, needs = [], insiders = [] } = form;
    if (rule === UNKNOWN || !says(rule, only) || !saysOrOmits(rule, ifSaid)) return [];
    if (!needs.every((path) => isSet(at(rule, ...path.split("."))))) return [];
    const sources = form.sources.flatMap((property) => sourcesAt(rule, property));
    const outsiders = sources.flatMap((source) => (source === UNKNOWN || isAllowed(source) ? [] : [named(source)]));
    const isOpenToAll =
        form.anybodyIfOmitted === true &&
        sources.length === 0 &&
        insiders.every((path) => !isSet(at(rule, ...path.split("."))));
    if (outsiders.length === 0 && !isOpenToAll) return [];
    const who = isOpenToAll ? "everybody" : outsiders.join(", ");
    return [{ does: `lets ${who} in${onPorts(rule, form)}${where}`, instead: INSTEAD }];
}

type Source = string | Span | typeof UNKNOWN;

function sourcesAt(rule: unknown, property: SourceProperty): readonly Source[] {
    if (typeof property === "string") {
        return valuesAt(rule, `${property}[]`).filter(
            (value) => value === UNKNOWN || (typeof value === "string" && value !== ""),
        ) as readonly Source[];
    }
    const [one, other] = "first" in property ? [property.first, property.last] : [property.network, property.length];
    const start = at(rule, one);
    const end = at(rule, other);
    // One end in the open is enough, whatever the other turns out to be.
    if (start === UNKNOWN || end === UNKNOWN) return [start, end].filter((value) => typeof value === "string");
    if (typeof start !== "string") return [];
    return "first" in property ? [{ first: start, last: text(end) ?? start }] : [`${start}/${end}`];
}

function named(source: string | Span): string {
    return typeof source === "string" ? shown(source) : `${shown(source.first)} to ${shown(source.last)}`;
}

/** The ports as the rest of a sentence: nothing where a firewall has none. */
function onPorts(rule: unknown, { ports, portSpan }: Permissions): string {
    if (portSpan !== undefined) {
        const [first, last] = portSpan.map((path) => at(rule, ...path.split(".")));
        if (first === UNKNOWN || last === UNKNOWN) return " on ports that are not known yet";
        return first === last ? portsCalled([first]) : portsCalled([`${first ?? 0}-${last ?? 65535}`]);
    }
    return ports === undefined ? "" : portsCalled(ports.flatMap((path) => valuesAt(rule, path)));
}

function portsCalled(values: readonly unknown[]): string {
    const said = values.filter((value) => value !== undefined && value !== "");
    if (said.includes(UNKNOWN)) return " on ports that are not known yet";
    if (said.length === 0 || said.some((value) => EVERY_PORT.has(String(value).toLowerCase()))) return " on every port";
    return ` on port ${said.join(", ")}`;
}

/** The words that clouds have for it; AWS writes 0 to 0, or -1 to -1, with the protocol "-1". */
const EVERY_PORT: ReadonlySet<string> = new Set(["*", "all", "any", "-1", "0", "0-65535", "1-65535"]);
