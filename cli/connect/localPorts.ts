import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Ports below belong to the system; what would go there goes so much higher: ssh to 20022. */
const FIRST_FREE_TO_USE = 1024;
const ABOVE_SYSTEM_PORTS = 20_000;

/** So many ports upwards are looked at when the wanted one is taken; then any free one serves. */
const NEIGHBOURS = 20;

/** A port of this machine for one app: the one asked for, or the one that clients try first. */
export interface WantedPort {
    /** Said with `--local`; exactly this one then, or nothing. */
    readonly exact?: number | undefined;
    /** Port that the service has where it runs. */
    readonly usual?: number | undefined;
}

/** The port that is tried first, without a look at what is free; undefined means any. */
export function preferredPort({ exact, usual }: WantedPort): number | undefined {
    if (exact !== undefined || usual === undefined) {
        return exact;
    }
    return usual < FIRST_FREE_TO_USE ? usual + ABOVE_SYSTEM_PORTS : usual;
}

/**
 * Listens on loopback: at the port asked for with `--local`, or near the usual one. The port is held from here on, so that what
 * is announced is what is there.
 *
 * @returns undefined when the port asked for is taken or may not be had.
 */
export async function listenNear(wanted: WantedPort): Promise<Server | undefined> {
    const first = preferredPort(wanted);
    if (wanted.exact !== undefined || first === undefined) {
        return listenAt(first ?? 0);
    }
    for (let port = first; port < first + NEIGHBOURS; port++) {
        const server = await listenAt(port);
        if (server !== undefined) {
            return server;
        }
    }
    return listenAt(0);
}

async function listenAt(port: number): Promise<Server | undefined> {
    // Clients wait unread until the way to the service stands.
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
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
