import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { GatePageRequest, GateResponse } from "../accessGate.ts";
import type { CertificateAuthority } from "../certificates.ts";
import { parseEdgeAddresses } from "../transport/addresses.ts";
import { bind } from "../transport/listener.ts";
import type { Access } from "./access.ts";

const maximumBodyBytes = 64 * 1024;
const requestTimeoutMs = 15_000;

export interface TeamDomainOptions {
    /** `IP:port`, on loopback or on a Docker bridge's gateway address only. Connectors insist on port 443. */
    readonly address: string;
    readonly access: Access;
    readonly certificateAuthority: CertificateAuthority;
}

/**
 * The team's domain for connectors: `https://<team>.cloudflareaccess.com`, where `cloudflared` fetches the keys to check
 * tokens with. It takes no other address, so its name must lead here (a `hosts` entry of the container).
 */
export class TeamDomain implements AsyncDisposable {
    /** Where it listens, with the port that it really has. */
    readonly address: string;
    readonly #close: () => Promise<void>;

    private constructor(address: string, close: () => Promise<void>) {
        this.address = address;
        this.#close = close;
    }

    /** @throws EdgeAddressError, EdgeListenError */
    static async start({ address, access, certificateAuthority }: TeamDomainOptions): Promise<TeamDomain> {
        const [parsed = { host: "", port: 0 }] = parseEdgeAddresses([address]);
        const { certPem, privateKeyPem } = await certificateAuthority.issue([
            access.authDomain,
            ...access.teamSite.hostnames.filter((name) => name !== access.authDomain),
        ]);
        const server = createServer(
            { cert: certPem, key: privateKeyPem, minVersion: "TLSv1.2", requestTimeout: requestTimeoutMs },
            (request, response) => {
                void respond(access, request, response);
            },
        );
        const bound = await bind(server, parsed);
        return new TeamDomain(bound, async () => {
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            await closed;
        });
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#close();
    }
}

async function respond(access: Access, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
        const gone = new AbortController();
        response.once("close", () => gone.abort());
        const pageRequest = pageRequestOf(request, gone.signal);
        if (!access.teamSite.hostnames.includes(pageRequest.hostname)) {
            response.writeHead(421, { "content-type": "text/plain" }).end("No site of this name here.\n");
            return;
        }
        const { status, headers, body } = await access.teamSite.handle(pageRequest);
        response.writeHead(status, headers as Record<string, string | string[]>);
        await end(response, body);
    } catch (error) {
        // Fails closed, and without a word about why: the client is whoever connected.
        const status = error instanceof BodyTooLarge ? 413 : 500;
        response.headersSent ? response.destroy() : response.writeHead(status, { connection: "close" }).end();
    }
}

async function end(response: ServerResponse, body: GateResponse["body"]): Promise<void> {
    if (typeof body === "string" || body instanceof Uint8Array) {
        response.end(body);
        return;
    }
    for await (const chunk of body) {
        response.write(chunk);
    }
    response.end();
}

class BodyTooLarge extends Error {}

function pageRequestOf(request: IncomingMessage, signal: AbortSignal): GatePageRequest {
    const { headers, headersDistinct, method = "GET", url = "/", socket } = request;
    const [path = "/", ...query] = url.split("?");
    const [hostname = "", port] = (headers.host ?? "").toLowerCase().split(":");
    return {
        hostname,
        path: path.startsWith("/") ? path : "/",
        query: query.join("?"),
        method,
        headers,
        headersDistinct,
        clientIp: socket.remoteAddress ?? "",
        isWebSocket: false,
        signal,
        port: Number(port ?? 443) || 443,
        body: async () => {
            const chunks: Buffer[] = [];
            let length = 0;
            for await (const chunk of request as AsyncIterable<Buffer>) {
                length += chunk.length;
                if (length > maximumBodyBytes) {
                    throw new BodyTooLarge();
                }
                chunks.push(chunk);
            }
            return Buffer.concat(chunks);
        },
    };
}
