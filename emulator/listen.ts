import { once } from "node:events";
import type { Server } from "node:http";
import { EmulatorError, EmulatorErrorCode } from "./emulatorError.ts";

/** The only address that the API listens on outside containers. */
const loopback = "127.0.0.1";

/**
 * Starts listening.
 *
 * @param port 0 takes a free one.
 * @param address loopback where omitted.
 * @returns the port that is listened on.
 * @throws EmulatorError `port-in-use` or `port-unavailable`.
 */
export async function listen(server: Server, port: number, address: string = loopback): Promise<number> {
    server.listen(port, address);
    try {
        await once(server, "listening");
    } catch (cause) {
        throw listenError(`${port} on ${address}`, cause);
    }
    const bound = server.address();
    if (bound === null || typeof bound === "string") {
        throw new Error("A server that listens on a TCP port has no port.");
    }
    return bound.port;
}

function listenError(place: string, cause: unknown): EmulatorError {
    if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
        return new EmulatorError(
            EmulatorErrorCode.PortInUse,
            `Port ${place} is in use by another process. Stop that process, or give another port (0 takes a free one).`,
            { cause },
        );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new EmulatorError(
        EmulatorErrorCode.PortUnavailable,
        `Port ${place} cannot be listened on: ${reason}. Give another port (0 takes a free one).`,
        { cause },
    );
}
