import { once } from "node:events";
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** Listens at a port of loopback, or at a path, and connects whoever comes to something else. */
export async function bridge(from: { readonly path: string } | { readonly port: number }, to: NetConnectOpts) {
    const open = new Set<Socket>();
    const server = createServer((socket) => {
        open.add(socket.once("close", () => open.delete(socket)));
        const inner = connect(to);
        // One that ends badly takes the other with it.
        pipeline(socket, inner, () => socket.destroy());
        pipeline(inner, socket, () => inner.destroy());
    });
    server.listen({ host: "127.0.0.1", ...from });
    await once(server, "listening");
    const address = server.address();
    return {
        port: typeof address === "object" && address !== null ? address.port : 0,
        [Symbol.asyncDispose]: async () => {
            server.close();
            for (const socket of open) socket.destroy();
            await once(server, "close");
        },
    };
}
