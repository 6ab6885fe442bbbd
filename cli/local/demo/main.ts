import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writePrivate } from "../files.ts";
import { type DemoDescription, readDescription } from "./description.ts";
import { whoami } from "./whoami.ts";

/** Below the ports that outgoing connections take for themselves, so that it is still free after a restart. */
const FIRST_PORT = 8788;

/** The demo service as a process of its own: `node main.ts DESCRIPTION-FILE`. */
const [file = ""] = process.argv.slice(2);
const server = createServer(whoami);
const port = await listen(server, readDescription(file)?.port ?? FIRST_PORT);
writePrivate(file, `${JSON.stringify({ pid: process.pid, port } satisfies DemoDescription)}\n`);

/** Listens on loopback: on the port that it had before, or on any free one where that is taken. */
async function listen(server: Server, wanted: number): Promise<number> {
    server.listen(wanted, "127.0.0.1");
    try {
        await once(server, "listening");
    } catch (error) {
        if (wanted === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") {
            throw error;
        }
        return listen(server, 0);
    }
    return (server.address() as AddressInfo).port;
}
