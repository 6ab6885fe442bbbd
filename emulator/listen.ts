import { once } from "node:events";
import type { Server } from "node:http";
import { EmulatorError, EmulatorErrorCode } from "./emulatorError.ts";

/** The only address that the API listens on. */
const loopback = "127.0.0.1";

/**
 * Starts listening on loopback.
 *
 * @param port 0 takes a free one.
 * @returns the port that is listened on.
 * @throws EmulatorError `port-in-use` or `port-unavailable`.
 */
export async function listen(server: Server, port: number): Promise<number> {
    server.listen(port, loopback);
    try {
        await once(server, "listening");
    } catch (cause) {
        throw listenError(port, cause);
    }
    const address = server.address();
    if (address === null || typeof address === "string") {
        throw new Error("A server that listens on a TCP port has no port.");
    }
    return address.port;
}

function listenError(port: number, cause: unknown): EmulatorError {
    if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
        return new EmulatorError(
            EmulatorErrorCode.PortInUse,
            `Port ${port} on ${loopback} is in use by another process. Stop that process, or give another port (0 takes a free one).`,
            { cause },
        );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new EmulatorError(
        EmulatorErrorCode.PortUnavailable,
        `Port ${port} on ${loopback} cannot be listened on: ${reason}. Give another port (0 takes a free one).`,
        { cause },
    );
}
