import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** So many ports upwards are looked at when the wanted one is taken; then any free one serves. */
const NEIGHBOURS = 20;

/** A port of this machine for one app: the one asked for, or the one that clients try first. */
export interface WantedPort {
    /** Said with `--local`; exactly this one then, or nothing. */
    readonly exact?: number | undefined;
    /** Tried first otherwise; any free one serves where there is none. */
    readonly usual?: number | undefined;
}

/**
 * Listens on loopback: at the port asked for with `--local`, or near the usual one. The port is held from here on, so that what
 * is announced is what is there.
 *
 * @returns undefined when the port asked for is taken or may not be had.
 */
export async function listenNear({ exact, usual }: WantedPort): Promise<Server | undefined> {
    if (exact !== undefined || usual === undefined) {
        return listenAt(exact ?? 0);
    }
    for (let port = usual; port < usual + NEIGHBOURS; port++) {
        const server = await listenAt(port);
        if (server !== undefined) {
            return server;
        }
    }
    return listenAt(0);
}

async function listenAt(port: number): Promise<Server | undefined> {
    // Clients wait unread until the way to the service stands.
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true });
    server.maxConnections = 0; // nobody is served before there is a way to the service
    server.listen(port, "127.0.0.1");
    try {
        await once(server, "listening");
        return server;
    } catch (error) {
        if (["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) {
            return undefined;
        }
        throw error;
    }
}
