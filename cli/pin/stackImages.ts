import { isMap, isScalar, type Pair, parseDocument, Scalar, YAMLMap } from "yaml";
import { TOOLS } from "../../toolchain/index.ts";

/** An image that a stack runs. */
export interface StackImage {
    /** Its place in the stack file, for people: `sallyport:connector.image`. */
    readonly path: string;
    readonly image: string;
    /** Whether the stack file says so; otherwise it is what is taken where nothing is said. */
    readonly written: boolean;
}

/** The workloads of every stack, with the image that runs where the stack file names none. */
const WORKLOADS: Readonly<Record<string, string | undefined>> = {
    "sallyport:connector": TOOLS.cloudflared.image,
    "sallyport:proxy": TOOLS.traefik.image,
};

/** The images of a stack file: those of its workloads, written or not, and every other `image` below its keys. */
export function imagesIn(text: string): StackImage[] {
    const config = configOf(text);
    const written = (config?.items ?? []).flatMap(({ key, value }) => imagesBelow(nameOf(key), value));
    const omitted = Object.entries(WORKLOADS).flatMap(([workload, image]) => {
        const path = `${workload}.image`;
        if (image === undefined || written.some((one) => one.path === path)) return [];
        return [{ path, image, written: false }];
    });
    return [...written, ...omitted].filter(({ path }) => path.startsWith("sallyport:"));
}

function imagesBelow(path: string, value: unknown): StackImage[] {
    if (!isMap(value)) return [];
    return value.items.flatMap(({ key, value: member }) => {
        const inner = `${path}.${nameOf(key)}`;
        const image = isScalar(member) && nameOf(key) === "image" ? member.value : undefined;
        return typeof image === "string" ? [{ path: inner, image, written: true }] : imagesBelow(inner, member);
    });
}

/** The stack file's text with other images. Only they change: comments, order and spelling of everything else stay as they are. */
export function withImages(text: string, images: ReadonlyMap<string, string>): string {
    let changed = text;
    for (const [path, image] of images) changed = withImage(changed, path.split("."), image);
    return changed;
}

function withImage(text: string, path: readonly string[], image: string): string {
    const [first = "", ...rest] = path;
    const config = configOf(text);
    const start = config?.range?.[0];
    if (config === undefined || start === undefined)
        return `${text.trimEnd()}\nconfig:\n  ${first}:\n    image: ${image}\n`;
    const pair = pairOf(config, first);
    if (pair === undefined) {
        const indent = indentAt(text, start);
        return insert(text, start, `${first}:\n${indent}${STEP}image: ${image}\n${indent}`);
    }
    return inside(text, pair, rest, image);
}

const STEP = "  ";

function inside(text: string, { key, value }: Pair, path: readonly string[], image: string): string {
    const [name = "", ...rest] = path;
    if (value instanceof Scalar && value.value === null) {
        const end = (key as Scalar).range?.[1] ?? 0;
        const indent = indentAt(text, (key as Scalar).range?.[0] ?? 0);
        return insert(text, end + 1, `\n${indent}${STEP}${name}: ${image}`);
    }
    if (!(value instanceof YAMLMap) || value.range == null) throw new Error(`${nameOf(key)} is no map`);
    const member = pairOf(value, name);
    if (member !== undefined && rest.length > 0) return inside(text, member, rest, image);
    if (member?.value instanceof Scalar && member.value.range != null) {
        const [from, to] = member.value.range;
        return text.slice(0, from) + image + text.slice(to);
    }
    const [from] = value.range;
    if (value.flow === true) return insert(text, from + 1, `${name}: ${image}${value.items.length === 0 ? "" : ", "}`);
    return insert(text, from, `${name}: ${image}\n${indentAt(text, from)}`);
}

function configOf(text: string): YAMLMap<unknown, unknown> | undefined {
    const config = parseDocument(text).get("config");
    return isMap(config) ? config : undefined;
}

function pairOf(map: YAMLMap<unknown, unknown>, name: string): Pair | undefined {
    return map.items.find(({ key }) => nameOf(key) === name);
}

function nameOf(key: unknown): string {
    return String(isScalar(key) ? key.value : key);
}

/** The spaces before what stands at a place, which is the first of its line. */
function indentAt(text: string, place: number): string {
    return " ".repeat(place - (text.lastIndexOf("\n", place - 1) + 1));
}

function insert(text: string, place: number, what: string): string {
    return text.slice(0, place) + what + text.slice(place);
}
