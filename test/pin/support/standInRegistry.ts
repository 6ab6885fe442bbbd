import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type LoopbackService, listenOnLoopback } from "../../e2e/support/listenOnLoopback.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";

/** An answer to a request for a manifest. */
export interface Manifest {
    readonly body: string;
    readonly type?: string;
    /** Instead of the digest of the body. `null` sends none. */
    readonly digest?: string | null;
    readonly status?: number;
}

/** What stands in for a registry: manifests by repository and tag, and a token that anybody gets where one is asked for. */
export interface StandIn {
    readonly manifests: Readonly<Record<string, Manifest>>;
    /** Asks for a token; `realm` is where it sends to instead of itself. */
    readonly challenge?: { readonly realm?: string; readonly scheme?: string; readonly refuses?: boolean };
}

/** A registry on loopback that speaks the OCI Distribution Specification as far as a digest goes. */
export async function standInRegistry(given: StandIn): Promise<LoopbackService & { host: string; requests: string[] }> {
    const requests: string[] = [];
    const server = createServer((request, response) => {
        requests.push(request.url ?? "");
        answer(given, request, response);
    });
    const service = await listenOnLoopback(server);
    return Object.assign(service, { host: `127.0.0.1:${service.port}`, requests });
}

function answer({ manifests, challenge }: StandIn, request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    if (url.pathname === "/token") {
        response.statusCode = challenge?.refuses === true ? 403 : 200;
        response.end(
            JSON.stringify({ token: `for ${url.searchParams.get("scope")} of ${url.searchParams.get("service")}` }),
        );
        return;
    }
    const [, repository = "", tag = ""] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname) ?? [];
    const expected = `Bearer for repository:${repository}:pull of stand-in`;
    if (challenge !== undefined && request.headers.authorization !== expected) {
        const realm = challenge.realm ?? `http://${request.headers.host}/token`;
        const parameters = `realm="${realm}",service="stand-in",scope="repository:${repository}:pull"`;
        response.writeHead(401, { "www-authenticate": `${challenge.scheme ?? "Bearer"} ${parameters}` }).end("{}");
        return;
    }
    const manifest = manifests[`${repository}:${tag}`];
    if (manifest === undefined || !(request.headers.accept ?? "").includes(INDEX)) {
        response.writeHead(404).end("{}");
        return;
    }
    const { body, type = INDEX, status = 200, digest = digestOfText(body) } = manifest;
    response.writeHead(status, {
        ...(type !== "" && { "content-type": type }),
        ...(digest !== null && { "docker-content-digest": digest }),
    });
    response.end(body);
}

export function digestOfText(text: string): string {
    return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
