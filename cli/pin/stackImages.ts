import { isMap, isScalar } from "yaml";
import { TOOLS } from "../../toolchain/index.ts";
import { configOf, nameOf, withValue } from "../stackFile/edit.ts";

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
    for (const [path, image] of images) changed = withValue(changed, path.split("."), image);
    return changed;
}
