import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port on 127.0.0.1 that nobody has, for a program that cannot be told to take any free one. */
export async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}
