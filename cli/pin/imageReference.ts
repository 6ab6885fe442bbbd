/** A reference to an image, taken apart as Docker does (distribution/reference, `normalize.go`). */
export interface ImageReference {
    /** Host and port of the registry's API. */
    readonly registry: string;
    /** Name below the registry: `library/traefik`. */
    readonly repository: string;
    /** Tag, `latest` where nothing is written. */
    readonly tag: string;
    /** `sha256:…`, where the reference is pinned. */
    readonly digest: string | undefined;
}

/** Where Docker Hub's API is; its images are named without it. */
const HUB = "registry-1.docker.io";

const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/** Takes a reference apart. A first part is a registry where it has a dot or a port, or is `localhost`. */
export function parseImage(image: string): ImageReference {
    const digest = DIGEST.exec(image)?.[1];
    const [, name = "", tag = "latest"] = /^(.*?)(?::([\w][\w.-]*))?$/.exec(image.replace(DIGEST, "")) ?? [];
    const [first = "", ...rest] = name.split("/");
    const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
    const path = named ? rest.join("/") : name;
    if (named && !["docker.io", "index.docker.io"].includes(first)) {
        return { registry: first, repository: path, tag, digest };
    }
    return { registry: HUB, repository: path.includes("/") ? path : `library/${path}`, tag, digest };
}

/** The same image with its digest; the tag stays, for people. */
export function withDigest(image: string, digest: string): string {
    return `${image.replace(DIGEST, "")}@${digest}`;
}
