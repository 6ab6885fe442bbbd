import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** The emulated edge, as programs on this machine reach it. */
export interface LocalEdge {
    /** Where it takes requests for hostnames, `host:port` on loopback. */
    readonly address: string;
    /** File with the CA that verifies it, PEM. */
    readonly caFile: string;
}

/**
 * An HTTP proxy on loopback that leads every name to the emulated edge, and nowhere else.
 *
 * `cloudflared` resolves names as the system does and asks at port 443 (the team's keys, the login's transfer service), where a plain
 * process cannot have the emulator answer. It obeys `HTTPS_PROXY`, though, and goes on to verify the certificate of the name that it
 * asked for, so that nothing about TLS has to be switched off (cloudflared, `carrier/websocket.go` and `token/token.go`:
 * `http.ProxyFromEnvironment`).
 */
export class EdgeProxy implements AsyncDisposable {
    /** What a program needs in its environment to use the edge. */
    readonly env: Readonly<Record<string, string>>;
    readonly #close: () => Promise<void>;

    private constructor(port: number, { caFile }: LocalEdge, close: () => Promise<void>) {
        const url = `http://127.0.0.1:${port}`;
        this.env = { HTTPS_PROXY: url, https_proxy: url, SSL_CERT_FILE: caFile };
        this.#close = close;
    }

    static async start(edge: LocalEdge): Promise<EdgeProxy> {
        const { hostname, port } = new URL(`tcp://${edge.address}`);
        const sockets = new Set<Duplex>();
        const watch = (socket: Socket | Duplex) => {
            sockets.add(socket);
            socket.on("error", () => socket.destroy());
            socket.once("close", () => sockets.delete(socket));
        };
        const server = createServer((_, response) => response.writeHead(405).end());
        server.on("connect", (_, client, head) => {
            watch(client);
            const upstream = connect({ host: hostname, port: Number(port) }, () => {
                client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
                upstream.write(head);
                client.pipe(upstream).pipe(client);
            });
            watch(upstream);
            upstream.once("close", () => client.destroy());
            client.once("close", () => upstream.destroy());
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return new EdgeProxy((server.address() as AddressInfo).port, edge, async () => {
            for (const socket of sockets) {
                socket.destroy();
            }
            server.closeAllConnections();
            server.close();
            await once(server, "close");
        });
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#close();
    }
}
