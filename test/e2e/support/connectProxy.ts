import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/**
 * A proxy (`CONNECT`, RFC 9110, section 9.3.6) on loopback that leads every name to one port: to a client that is given it as
 * `HTTPS_PROXY`, a local edge is the whole Internet, on port 443 and with certificates that it verifies.
 */
export class ConnectProxy implements AsyncDisposable {
    readonly url: string;
    readonly #close: () => Promise<void>;

    static async start(port: number): Promise<ConnectProxy> {
        const sockets = new Set<Socket>();
        const keep = (socket: Socket) => {
            sockets.add(socket);
            socket.on("error", () => {}).once("close", () => sockets.delete(socket));
        };
        const server = createServer((_, response) => response.writeHead(405).end());
        server.on("connection", keep);
        server.on("connect", (_, client: Socket) => {
            const edge = connect(port, "127.0.0.1", () => {
                client.write("HTTP/1.1 200 Connection established\r\n\r\n");
                client.pipe(edge).pipe(client);
            });
            keep(edge);
            edge.once("close", () => client.destroy());
            client.once("close", () => edge.destroy());
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return new ConnectProxy((server.address() as AddressInfo).port, async () => {
            for (const socket of sockets) {
                socket.destroy();
            }
            server.close();
            await once(server, "close");
        });
    }

    private constructor(port: number, close: () => Promise<void>) {
        this.url = `http://127.0.0.1:${port}`;
        this.#close = close;
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#close();
    }
}
