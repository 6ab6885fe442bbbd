import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { ToolError } from "../errors.ts";
import type { Progress } from "../progress.ts";
import { TOOLS } from "../tools.ts";
import { BINARY_LABEL, type BuildContext, buildContext, ImageName, RECIPES } from "./recipes.ts";
import { reasonOf, statusOf } from "./wait.ts";

/** A registry that has said nothing by then counts as out of reach: five seconds in milliseconds. */
const REGISTRY_ANSWERS_WITHIN_MS = 5_000;

/** A download that has stood still for so long is given up: one minute in milliseconds. */
const STALLED_AFTER_MS = 60_000;

/** Where distributions keep their bundle of root certificates; the first that exists is taken (Go's crypto/x509 looks in the same order). */
const CA_BUNDLES = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/** The toolchain's part: where a tool's static binary for Linux is, made or downloaded if need be. */
export interface BinarySource {
    binary(name: ImageName): Promise<string>;
}

/** Image references for the stack's configuration. */
export interface Images {
    readonly cloudflared: string;
    readonly traefik: string;
    /** The demo application. */
    readonly demo: string;
}

export interface EnsureImagesOptions {
    readonly docker: Docker;
    readonly progress: Progress;
    readonly tools: BinarySource;
    /** Bound for the registry's first sign of life in milliseconds; 5 seconds when omitted. */
    readonly registryAnswersWithinMs?: number;
}

/**
 * The images that the local environment runs, present in the engine.
 *
 * An official image that is there is used, without any network. Else an image that was built here from the tool's present
 * binary is used. Else the official one is pulled, and where no registry answers an image of the same shape is built FROM scratch as
 * `sallyport.local/<name>:<version>-<digest>`: the reference changes whenever the image does, so that services follow.
 *
 * @throws ToolError when an image can be neither pulled nor built.
 */
export async function ensureImages(options: EnsureImagesOptions): Promise<Images> {
    options.progress.step("Preparing images");
    const names = [ImageName.Cloudflared, ImageName.Traefik, ImageName.Whoami];
    // Settled, not raced: when one fails the others are not left to go on behind the caller's back.
    const results = await Promise.allSettled(names.map((name) => ensureImage(name, options)));
    const [cloudflared, traefik, demo] = results.map((result) => {
        if (result.status === "rejected") throw result.reason;
        return result.value;
    });
    options.progress.done();
    return { cloudflared, traefik, demo } as Images;
}

async function ensureImage(name: ImageName, options: EnsureImagesOptions): Promise<string> {
    const { docker, progress, tools } = options;
    const { image: official, version } = TOOLS[name];
    if (official === undefined) throw new Error(`no official image of "${name}" is named in tools.ts`);
    if (await isPresent(docker, official)) return official;

    const built = await builtBefore(docker, name, version);
    if (built.length > 0) {
        const { reference } = await localImage(name, version, tools);
        if (built.includes(reference)) return reference;
    }

    const refusal = await pull(docker, official, options);
    if (refusal === undefined) return official;
    progress.detail(`${official} cannot be pulled (${refusal}); building it around ${name}'s binary`);
    const { reference, context } = await localImage(name, version, tools);
    if (!(await isPresent(docker, reference))) await build(docker, reference, context);
    return reference;
}

/** References of images that were built here around some binary of this version. */
async function builtBefore(docker: Docker, name: ImageName, version: string): Promise<string[]> {
    const filters = { reference: [`sallyport.local/${name}:${version}-*`], label: [BINARY_LABEL] };
    const images = await docker.listImages({ filters });
    return images.flatMap(({ RepoTags }) => RepoTags ?? []);
}

async function localImage(
    name: ImageName,
    version: string,
    tools: BinarySource,
): Promise<{ reference: string; context: BuildContext }> {
    const context = await buildContext(RECIPES[name], await tools.binary(name), CA_BUNDLES.find(existsSync));
    return { reference: `sallyport.local/${name}:${version}-${context.digest.slice(0, 12)}`, context };
}

async function isPresent(docker: Docker, reference: string): Promise<boolean> {
    try {
        await docker.getImage(reference).inspect();
        return true;
    } catch (error) {
        if (statusOf(error) === 404) return false;
        throw error;
    }
}

/** Pulls an image; the reason if that cannot be done. */
async function pull(docker: Docker, reference: string, options: EnsureImagesOptions): Promise<string | undefined> {
    const abort = new AbortController();
    const answerWithinMs = options.registryAnswersWithinMs ?? REGISTRY_ANSWERS_WITHIN_MS;
    let silence = `no answer within ${answerWithinMs / 1000} s`;
    let watchdog = setTimeout(() => abort.abort(), answerWithinMs);
    const alive = () => {
        silence = "the download stands still";
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), STALLED_AFTER_MS);
    };
    try {
        const stream = await docker.pull(reference, { abortSignal: abort.signal });
        abort.signal.addEventListener("abort", () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy());
        await follow(docker, stream, (text) => {
            alive();
            options.progress.detail(`${reference}: ${text}`);
        });
        // A stream that was cut off ends like one that is complete: only the engine knows.
        return (await isPresent(docker, reference)) ? undefined : silence;
    } catch (error) {
        return abort.signal.aborted ? silence : reasonOf(error);
    } finally {
        clearTimeout(watchdog);
    }
}

async function build(docker: Docker, reference: string, context: BuildContext): Promise<void> {
    try {
        const stream = await docker.buildImage(Readable.from(context.tar()), {
            t: reference,
            forcerm: true,
            networkmode: "none",
        });
        await follow(docker, stream, () => {});
    } catch (error) {
        throw new ToolError(
            `The image ${reference} cannot be built: ${reasonOf(error)}`,
            'See that Docker has room left ("docker system df") and run this again.',
        );
    }
}

interface StreamMessage {
    readonly status?: string;
    readonly stream?: string;
    readonly error?: string;
}

/** Reads a stream of the engine's messages to its end; an error among them is thrown. */
function follow(docker: Docker, stream: NodeJS.ReadableStream, onStatus: (text: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
        docker.modem.followProgress(
            stream,
            (error, messages: StreamMessage[]) => {
                const failure = messages.find((message) => message.error !== undefined)?.error;
                if (error ?? failure) reject(error ?? new Error(failure));
                else resolve();
            },
            ({ status }: StreamMessage) => status && onStatus(status),
        );
    });
}
