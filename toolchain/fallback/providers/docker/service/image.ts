/** The image that a service is created with. */
import type Docker from "dockerode";
import { statusOf } from "../../../../docker/wait.ts";
import type { RegistryAuth } from "../engine.ts";

/** A registry that has not answered by then is out of reach: five seconds in milliseconds. */
const REGISTRY_ANSWERS_WITHIN_MS = 5_000;

/** An image reference and whether a registry vouched for it. */
export interface ResolvedImage {
    /** With the digest that the registry names, so that every node of the Swarm runs the same; as written if it names none. */
    readonly reference: string;
    /** What the user should know when no registry was asked or answered. */
    readonly warning?: string;
}

/**
 * Looks the image's digest up in its registry, as `docker service create` does. An image that was built on this engine has
 * none, so nobody is asked; where no registry answers the reference is taken as it is, with a warning.
 */
export async function resolveImage(
    docker: Docker,
    image: string,
    auth: RegistryAuth | Record<string, never>,
): Promise<ResolvedImage> {
    if (image.includes("@sha256:")) return { reference: image };
    const warning = `image ${image} could not be accessed on a registry to record its digest. Each node will access ${image} independently, possibly leading to different nodes running different versions of the image.`;
    if (await isBuiltHere(docker, image)) return { reference: image, warning };
    try {
        const options = { authconfig: auth, abortSignal: AbortSignal.timeout(REGISTRY_ANSWERS_WITHIN_MS) };
        const { Descriptor } = await docker.getImage(image).distribution(options);
        return { reference: `${image}@${Descriptor.digest}` };
    } catch {
        return { reference: image, warning };
    }
}

/** Pulled images carry the digest that they came with. */
async function isBuiltHere(docker: Docker, image: string): Promise<boolean> {
    try {
        const { RepoDigests } = await docker.getImage(image).inspect();
        return (RepoDigests ?? []).length === 0;
    } catch (error) {
        if (statusOf(error) === 404) return false;
        throw error;
    }
}
