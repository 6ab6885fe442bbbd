import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import type { Progress } from "../../toolchain/index.ts";
import { CommandError, Exit } from "../exit.ts";
import { projectDir } from "../project.ts";
import { replaceFile } from "../stackFile/replaceFile.ts";
import { parseImage, withDigest } from "./imageReference.ts";
import { digestOf, RegistryError } from "./registry.ts";
import { imagesIn, type StackImage, withImages } from "./stackImages.ts";

export interface PinnedImage {
    /** Its place in the stack file: `sallyport:connector.image`. */
    readonly path: string;
    /** The reference as it stands in the file afterwards. */
    readonly image: string;
    readonly pinned: boolean;
    /** Whether the file was changed here. */
    readonly changed: boolean;
}

export interface PinResult {
    readonly stack: string;
    readonly file: string;
    readonly images: readonly PinnedImage[];
}

export interface PinOptions {
    /** Tells what is pinned and changes nothing; asks no registry. */
    readonly check: boolean;
    /** Looks up images with a digest as well, by their tag. */
    readonly update: boolean;
    readonly progress: Progress;
    /** Folder of the stack files; the project's own if omitted. */
    readonly folder?: string;
}

/**
 * Names the images of a stack by their digests, in its file.
 *
 * @throws ConfigError when the stack file is not right; CommandError (exit 3) with every image that could not be looked up. The file is
 * then as it was.
 */
export async function pin(
    stack: string,
    { check, update, progress, folder = projectDir }: PinOptions,
): Promise<PinResult> {
    if (stack === LOCAL_STACK) {
        const reason = `The stack "${LOCAL_STACK}" runs the images that are on this machine. Pin another stack, such as "prod".`;
        throw new CommandError(Exit.usage, reason);
    }
    readStackFile(folder, stack);
    const file = `Pulumi.${stack}.yaml`;
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const images = imagesIn(text);
    if (check) return { stack, file, images: images.map((image) => outcome(image, image.image)) };

    const wanted = images.filter(({ image }) => update || !isPinned(image));
    progress.step(`Asking registries for ${wanted.length === 1 ? "1 digest" : `${wanted.length} digests`}`);
    const found = await lookUp(wanted, progress);
    progress.done();
    const changes = new Map([...found].filter(([place, image]) => image !== imageAt(images, place)));
    if (changes.size > 0) replaceFile(path, withImages(text, changes));
    return { stack, file, images: images.map((image) => outcome(image, changes.get(image.path) ?? image.image)) };
}

/** What each place is to say, with all that went wrong at once. */
async function lookUp(images: readonly StackImage[], progress: Progress): Promise<Map<string, string>> {
    const answers = await Promise.allSettled(
        images.map(async ({ image }) => {
            const digest = await digestOf(parseImage(image));
            progress.detail(image);
            return withDigest(image, digest);
        }),
    );
    const found = new Map<string, string>();
    const failed: string[] = [];
    for (const [index, answer] of answers.entries()) {
        const { path, image } = images[index] as StackImage;
        if (answer.status === "fulfilled") found.set(path, answer.value);
        else if (answer.reason instanceof RegistryError) failed.push(`  ${path}: ${image}: ${answer.reason.message}`);
        else throw answer.reason;
    }
    if (failed.length > 0) {
        const count = failed.length === 1 ? "1 image has" : `${failed.length} images have`;
        throw new CommandError(
            Exit.failed,
            [`${count} no digest, and the stack file is as it was:`, ...failed].join("\n"),
            "Correct the reference, or write the digest yourself: <image>:<tag>@sha256:<digest>.",
        );
    }
    return found;
}

function outcome(before: StackImage, image: string): PinnedImage {
    return { path: before.path, image, pinned: isPinned(image), changed: image !== before.image };
}

function isPinned(image: string): boolean {
    return parseImage(image).digest !== undefined;
}

function imageAt(images: readonly StackImage[], path: string): string | undefined {
    return images.find((one) => one.path === path)?.image;
}
