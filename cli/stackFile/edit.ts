import { isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, type YAMLMap } from "yaml";

/** Where a value stands below `config`: keys of maps, and numbers of elements in lists. */
export type Place = readonly (string | number)[];

/**
 * The stack file's text with another value at a place, which is made where it is not there. Only that changes: comments, order and spelling of everything else
 * stay as they are.
 *
 * @param value as it is to be written.
 * @throws Error where something else than maps and lists leads to the place, an alias for example.
 */
export function withValue(text: string, place: Place, value: string): string {
    const [first = "", ...rest] = place;
    const config = configOf(text);
    const start = config?.range?.[0];
    if (config === undefined || start === undefined) {
        return `${text.trimEnd()}\nconfig:\n  ${first}:\n    ${written(rest, value)}\n`;
    }
    const pair = pairOf(config, String(first));
    if (pair === undefined) {
        const indent = indentAt(text, start);
        return insert(text, start, `${first}:\n${indent}${STEP}${written(rest, value)}\n${indent}`);
    }
    return inPair(text, pair, rest, value);
}

/** The values of a stack file. */
export function configOf(text: string): YAMLMap<unknown, unknown> | undefined {
    const config = parseDocument(text).get("config");
    return isMap(config) ? config : undefined;
}

/** The name of a key. */
export function nameOf(key: unknown): string {
    return String(isScalar(key) ? key.value : key);
}

const STEP = "  ";

function inPair(text: string, { key, value: node }: Pair, place: Place, value: string): string {
    if (isScalar(node) && node.value === null) {
        const [start = 0, end = 0] = (key as Scalar).range ?? [];
        return insert(text, end + 1, `\n${indentAt(text, start)}${STEP}${written(place, value)}`);
    }
    return inNode(text, node, place, value);
}

function inNode(text: string, node: unknown, place: Place, value: string): string {
    const [name = "", ...rest] = place;
    if (isSeq(node) && typeof name === "number") return inNode(text, node.items[name], rest, value);
    if (!isMap(node) || node.range == null) throw new Error(`what holds "${name}" is no map`);
    const member = pairOf(node, String(name));
    if (member !== undefined && rest.length > 0) return inPair(text, member, rest, value);
    if (isScalar(member?.value) && member.value.range != null) {
        const [from, to] = member.value.range;
        return text.slice(0, from) + value + text.slice(to);
    }
    const [from] = node.range;
    const entry = written(place, value);
    if (node.flow === true) {
        const gap = text[from + 1] === " " ? 2 : 1;
        return insert(text, from + gap, `${entry}${node.items.length === 0 ? "" : ", "}`);
    }
    return insert(text, from, `${entry}\n${indentAt(text, from)}`);
}

/** A place that is not there yet: `image: x`, `rotation: { every: x }`. */
function written([name, ...rest]: Place, value: string): string {
    return `${name}: ${rest.length === 0 ? value : `{ ${written(rest, value)} }`}`;
}

function pairOf(map: YAMLMap<unknown, unknown>, name: string): Pair | undefined {
    return map.items.find(({ key }) => nameOf(key) === name);
}

/** How far what stands at a place is indented; in a list, the dash counts. */
function indentAt(text: string, place: number): string {
    return " ".repeat(place - (text.lastIndexOf("\n", place - 1) + 1));
}

function insert(text: string, place: number, what: string): string {
    return text.slice(0, place) + what + text.slice(place);
}
