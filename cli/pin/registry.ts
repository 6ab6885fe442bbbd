import { createHash } from "node:crypto";

import { isLoopback } from "../../stacks/config/loopback.ts";
import type { ImageReference } from "./imageReference.ts";

/** Indexes of several platforms first: their digest is good on each of them. */
const MEDIA_TYPES = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

const ANSWER_WITHIN_MS = 30_000;
/** An index of every platform has some kilobytes; what is larger is something else. */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

/** Why a registry did not tell an image's digest, as the end of a sentence. */
export class RegistryError extends Error {
    override readonly name = "RegistryError";
}

/**
 * Asks a registry for the digest that a tag has now (OCI Distribution Specification 1.1, "Pulling manifests"), without credentials: with a
 * token for anonymous users where the registry asks for one (distribution's token authentication).
 *
 * The digest is that of the bytes that were sent, and not what a header says of them.
 *
 * @throws RegistryError when there is no answer, or none of use.
 */
export async function digestOf({ registry, repository, tag }: ImageReference): Promise<string> {
    const scheme = isLoopback(`http://${registry}`) ? "http" : "https";
    const url = new URL(`${scheme}://${registry}/v2/${repository}/manifests/${tag}`);
    const accept = { accept: MEDIA_TYPES.join(", ") };
    let response = await ask(url, accept);
    if (response.status === 401) {
        const token = await anonymousToken(response, url, repository);
        await response.body?.cancel();
        response = await ask(url, { ...accept, authorization: `Bearer ${token}` });
    }
    if (!response.ok) {
        await response.body?.cancel();
        throw new RegistryError(`${registry} ${REFUSALS[response.status] ?? `answers with ${response.status}`}`);
    }
    const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
    if (!MEDIA_TYPES.includes(type)) {
        await response.body?.cancel();
        throw new RegistryError(`${registry} answers with ${type === "" ? "no media type" : type}, which is no image`);
    }
    const digest = `sha256:${createHash("sha256")
        .update(await bodyOf(response))
        .digest("hex")}`;
    const claimed = response.headers.get("docker-content-digest");
    if (claimed !== null && claimed !== digest) {
        throw new RegistryError(`${registry} says ${claimed} and sends something else (${digest})`);
    }
    return digest;
}

const REFUSALS: Readonly<Record<number, string>> = {
    401: "asks for credentials, which are not used here",
    403: "does not let anonymous users have it",
    404: "does not know it",
    429: "takes no more requests for now",
};

async function ask(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
    try {
        return await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    } catch (error) {
        throw new RegistryError(`${url.host} cannot be reached: ${causeOf(error)}`, { cause: error });
    }
}

/** `fetch` says that it failed, and its cause why. */
function causeOf(error: unknown): string {
    const { cause, message } = error as Error;
    return cause instanceof Error && cause.message !== "" ? cause.message : message;
}

/** Asks whom the challenge names for a token: `Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="…"`. */
async function anonymousToken(challenged: Response, registry: URL, repository: string): Promise<string> {
    const challenge = challenged.headers.get("www-authenticate") ?? "";
    const parameters = new Map(
        [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name.toLowerCase(), value]),
    );
    const realm = parameters.get("realm");
    if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm)) {
        throw new RegistryError(`${registry.host} ${REFUSALS[401]}`);
    }
    const url = new URL(realm);
    if (url.protocol !== "https:" && !isLoopback(realm)) {
        throw new RegistryError(`${registry.host} sends to ${url.origin} for a token, which is not encrypted`);
    }
    const service = parameters.get("service");
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", parameters.get("scope") ?? `repository:${repository}:pull`);
    const response = await ask(url, {});
    const answer = (await bodyOf(response)).toString("utf8");
    const token = response.ok ? tokenIn(answer) : undefined;
    if (token === undefined)
        throw new RegistryError(`${url.host} gives no token to anonymous users (${response.status})`);
    return token;
}

function tokenIn(answer: string): string | undefined {
    try {
        const { token, access_token: accessToken } = JSON.parse(answer) as Record<string, unknown>;
        const found = token ?? accessToken;
        return typeof found === "string" ? found : undefined;
    } catch (error) {
        if (error instanceof SyntaxError) return undefined;
        throw error;
    }
}

async function bodyOf(response: Response): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
        for await (const chunk of response.body ?? []) {
            length += chunk.length;
            if (length > LARGEST_MANIFEST)
                throw new RegistryError(`${new URL(response.url).host} sends too much for a manifest`);
            chunks.push(chunk);
        }
    } catch (error) {
        if (error instanceof RegistryError) throw error;
        throw new RegistryError(`${new URL(response.url).host} breaks off: ${causeOf(error)}`, { cause: error });
    }
    return Buffer.concat(chunks);
}
