import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { type EdgeAddress, parseEdgeAddresses } from "./transport/addresses.ts";
import { bind } from "./transport/listener.ts";

/** A connector holds one connection, or a few; this many would be a mistake or an attack. */
const MAX_CONNECTIONS = 256;

export interface ConnectProxyOptions {
    /** `IP:port` on loopback or on a Docker bridge's gateway address; port 0 takes a free one. */
    readonly address: string;
    /** Where it leads, `IP:port`, whatever name is asked for: it is a listener of the edge, which tells names apart by TLS. */
    readonly target: string;
    /** The one `host:port` that may be asked for; any where omitted. */
    readonly only?: string | undefined;
    /** Ends connections on which nothing was said for so long; never where omitted. */
    readonly idleLimitMs?: number | undefined;
}

/**
 * An HTTP proxy (CONNECT, RFC 9110 section 9.3.6) that leads to one listener of the edge and nowhere else.
 *
 * cloudflared asks at port 443 of names that it resolves as the system does: `<team>.cloudflareaccess.com` for the keys of its token check, an
 * app's hostname for `access tcp`. Its HTTP client honours `HTTPS_PROXY` (Go's `http.ProxyFromEnvironment`), so neither that port, which only root
 * may take, nor a hosts entry is needed. TLS goes through to the edge, so the certificate is checked as ever.
 */
export class ConnectProxy implements AsyncDisposable {
    /** Where it listens, with the port that it really has. */
    readonly address: string;
    readonly #close: () => Promise<void>;

    private constructor(address: string, close: () => Promise<void>) {
        this.address = address;
        this.#close = close;
    }

    /** @throws EdgeAddressError, EdgeListenError */
    static async start({ address, target, only, idleLimitMs }: ConnectProxyOptions): Promise<ConnectProxy> {
        const [parsed] = parseEdgeAddresses([address]) as [EdgeAddress];
        const [destination] = parseEdgeAddresses([target]) as [EdgeAddress];
        const open = new Set<Duplex>();
        const server = createServer((_request, response) => refuseMethod(response));
        server.maxConnections = MAX_CONNECTIONS;
        server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
            open.add(client);
            client.once("close", () => open.delete(client));
            if (only === undefined || request.url?.toLowerCase() === only) {
                join(client, head, destination, idleLimitMs);
            } else {
                client.on("error", () => client.destroy());
                client.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nThis proxy leads to ${only} alone.\n`);
            }
        });
        const bound = await bind(server, parsed);
        return new ConnectProxy(bound, async () => {
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            for (const client of open) {
                client.destroy(); // the server forgets a connection that became a tunnel
            }
            await closed;
        });
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#close();
    }
}

function refuseMethod(response: ServerResponse): void {
    response
        .writeHead(405, { allow: "CONNECT", "content-type": "text/plain", connection: "close" })
        .end("This proxy takes CONNECT alone.\n");
}

/** Carries bytes both ways until either side ends. */
function join(client: Duplex, head: Buffer, destination: EdgeAddress, idleLimitMs = 0): void {
    const upstream = connect(destination);
    const unreachable = ({ message }: Error) => {
        client.on("error", () => client.destroy());
        client.end(`HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n${message}\n`);
    };
    const gaveUp = () => upstream.destroy();
    client.once("close", gaveUp);
    upstream.once("error", unreachable).once("connect", () => {
        upstream.off("error", unreachable);
        client.off("close", gaveUp);
        upstream.setTimeout(idleLimitMs, () => upstream.destroy());
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        upstream.write(head);
        // Each ends, or breaks, with the other; how it broke concerns nobody else.
        pipeline(client, upstream, () => {});
        pipeline(upstream, client, () => {});
    });
}
