import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { type EdgeAddress, parseEdgeAddresses } from "../transport/addresses.ts";
import { bind } from "../transport/listener.ts";

/** Longer than Go's HTTP client keeps an idle connection (90 s, `net/http` DefaultTransport). */
const IDLE_LIMIT_MS = 120_000;
/** A connector holds one connection, or a few; this many would be a mistake or an attack. */
const MAX_CONNECTIONS = 256;

export interface TeamProxyOptions {
    /** `IP:port` on loopback or on a Docker bridge's gateway address; port 0 takes a free one. */
    readonly address: string;
    /** The one host that may be asked for, `<team>.cloudflareaccess.com`; its port is 443. */
    readonly host: string;
    /** Where that host really is, `IP:port`. */
    readonly target: string;
}

/**
 * An HTTP proxy (CONNECT, RFC 9110 section 9.3.6) that leads to the team's domain and nowhere else.
 *
 * cloudflared fetches the keys for its token check from port 443 of `<team>.cloudflareaccess.com` and can be told no other address. A
 * container gets a hosts entry for that name; a plain process cannot have one, but its HTTP client honours `HTTPS_PROXY` (Go's
 * `http.ProxyFromEnvironment`). TLS goes through to the team's domain, so the certificate is checked as ever.
 */
export class TeamProxy implements AsyncDisposable {
    /** Where it listens, with the port that it really has. */
    readonly address: string;
    readonly #close: () => Promise<void>;

    private constructor(address: string, close: () => Promise<void>) {
        this.address = address;
        this.#close = close;
    }

    /** @throws EdgeAddressError, EdgeListenError */
    static async start({ address, host, target }: TeamProxyOptions): Promise<TeamProxy> {
        const [parsed] = parseEdgeAddresses([address]) as [EdgeAddress];
        const [destination] = parseEdgeAddresses([target]) as [EdgeAddress];
        const authority = `${host}:443`;
        const open = new Set<Duplex>();
        const server = createServer((_request, response) => refuseMethod(response, authority));
        server.maxConnections = MAX_CONNECTIONS;
        server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
            open.add(client);
            client.once("close", () => open.delete(client));
            if (request.url?.toLowerCase() === authority) {
                join(client, head, destination);
            } else {
                client.on("error", () => client.destroy());
                client.end(
                    `HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nThis proxy leads to ${authority} alone.\n`,
                );
            }
        });
        const bound = await bind(server, parsed);
        return new TeamProxy(bound, async () => {
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

function refuseMethod(response: ServerResponse, authority: string): void {
    response
        .writeHead(405, { allow: "CONNECT", "content-type": "text/plain", connection: "close" })
        .end(`This proxy takes CONNECT ${authority} alone.\n`);
}

/** Carries bytes both ways until either side ends. */
function join(client: Duplex, head: Buffer, destination: EdgeAddress): void {
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
        upstream.setTimeout(IDLE_LIMIT_MS, () => upstream.destroy());
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        upstream.write(head);
        // Each ends, or breaks, with the other; how it broke concerns nobody else.
        pipeline(client, upstream, () => {});
        pipeline(upstream, client, () => {});
    });
}
