import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { listenOnLoopback } from "./listenOnLoopback.ts";

/**
 * A proxy (`CONNECT`, RFC 9110, section 9.3.6) on loopback that leads every name to one port: to a client that is given it as
 * `HTTPS_PROXY`, a local edge is the whole Internet, on port 443 and with certificates that it verifies.
 */
export async function startConnectProxy(port: number): Promise<AsyncDisposable & { readonly url: string }> {
    const server = createServer((_, response) => response.writeHead(405).end());
    server.on("connect", (_, client: Socket) => {
        const edge = connect(port, "127.0.0.1", () => {
            client.write("HTTP/1.1 200 Connection established\r\n\r\n");
            client.pipe(edge).pipe(client);
        });
        edge.on("error", () => {}).once("close", () => client.destroy());
        client.once("close", () => edge.destroy());
    });
    const listening = await listenOnLoopback(server);
    return {
        url: `http://127.0.0.1:${listening.port}`,
        [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
    };
}
