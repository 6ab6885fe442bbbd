import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

/** A service on a free port of 127.0.0.1 that is closed with its connections. */
export async function listenOnLoopback(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
    const sockets = new Set<Socket>();
    server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.once("close", () => sockets.delete(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return {
        port,
        async [Symbol.asyncDispose]() {
            for (const socket of sockets) {
                socket.destroy();
            }
            server.close();
            await once(server, "close");
        },
    };
}
