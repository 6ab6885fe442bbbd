import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

/** Where a service listens; disposing closes it with its connections. */
export interface LoopbackService extends AsyncDisposable {
    readonly port: number;
}

/** Lets a server listen on 127.0.0.1. @param atPort a free one by default. @param host another address that nobody else reaches. */
export async function listenOnLoopback(server: Server, atPort = 0, host = "127.0.0.1"): Promise<LoopbackService> {
    const sockets = new Set<Socket>();
    server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.once("close", () => sockets.delete(socket));
    });
    server.listen(atPort, host);
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
