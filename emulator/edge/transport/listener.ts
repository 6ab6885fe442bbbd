import type { AddressInfo, Server, Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { ServerCertificate } from "../certificates.ts";
import { type EdgeAddress, formatEdgeAddress } from "./addresses.ts";

/** The name in the ClientHello of a connector that wants HTTP/2, and of one that only checks whether it gets through. */
const HTTP2_NAME = "h2.cftunnel.com";
const PROBE_NAME = "probe.cftunnel.com";

const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Most TCP connections of one listener at a time. Four per connector are usual, so this is far beyond any local
 * environment, and still keeps a client that only opens connections from using up the process's file descriptors.
 */
const MAX_CONNECTIONS = 1024;

/** A TLS listener on one address. */
export interface EdgeListener extends AsyncDisposable {
    /** Where it really listens: `host:port` with the port that port 0 turned into. Disposing closes its connections too. */
    readonly address: string;
}

/** The listener cannot be opened; the message says on which address and why. */
export class EdgeListenError extends Error {
    override readonly name = "EdgeListenError";
}

/**
 * Listens for connectors. A connection under the HTTP/2 name is handed on once its TLS handshake is done; one under the probe
 * name is closed in an orderly way, which is all that cloudflared's pre-check wants to see; any other name, or none, fails the handshake.
 *
 * cloudflared offers no ALPN protocol on this transport, so none is negotiated.
 *
 * @throws EdgeListenError when the address is taken or not there.
 */
export async function listen(
    address: EdgeAddress,
    certificate: ServerCertificate,
    onConnector: (socket: TLSSocket) => void,
): Promise<EdgeListener> {
    const server = createServer({
        cert: certificate.certPem,
        key: certificate.privateKeyPem,
        minVersion: "TLSv1.2",
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        SNICallback: (name, done) => {
            done(name === HTTP2_NAME || name === PROBE_NAME ? null : new Error(`no server of the name "${name}" here`));
        },
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.on("secureConnection", (socket) => {
        // Whatever goes wrong with a socket ends that socket alone.
        socket.on("error", () => socket.destroy());
        if (socket.servername === HTTP2_NAME) {
            onConnector(socket);
        } else if (socket.servername === PROBE_NAME) {
            socket.resume().end();
        } else {
            socket.destroy();
        }
    });
    return openListener(server, address);
}

/**
 * Opens a server on its address; disposing it closes its connections too, whatever they are about.
 *
 * @throws EdgeListenError when the address is taken or not there.
 */
export async function openListener(server: Server, address: EdgeAddress): Promise<EdgeListener> {
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
    });
    const bound = await bind(server, address);
    return {
        address: bound,
        [Symbol.asyncDispose]: () =>
            new Promise<void>((resolve) => {
                server.close(() => resolve());
                for (const socket of sockets) {
                    socket.destroy();
                }
            }),
    };
}

/**
 * Opens a server on its address and gives the address that it really has, `host:port`.
 *
 * @throws EdgeListenError when the address is taken or not there.
 */
export async function bind(server: Server, address: EdgeAddress): Promise<string> {
    await new Promise<void>((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException) => reject(describeListenError(address, error));
        server.once("error", fail);
        server.listen({ host: address.host, port: address.port, exclusive: true }, () => {
            server.off("error", fail);
            // From here on only an accept can fail (file descriptors used up): that client is lost, the listener is not.
            server.on("error", () => {});
            resolve();
        });
    });
    const { port } = server.address() as AddressInfo;
    return formatEdgeAddress({ host: address.host, port });
}

/** Says what to do about an address that cannot be listened on. */
function describeListenError(address: EdgeAddress, error: NodeJS.ErrnoException): EdgeListenError {
    const where = formatEdgeAddress(address);
    switch (error.code) {
        case "EADDRINUSE":
            return new EdgeListenError(`${where}: another process listens there; stop it, or choose another port`);
        case "EADDRNOTAVAIL":
            return new EdgeListenError(`${where}: this machine does not have the address; choose one that it has`);
        case "EACCES":
            return new EdgeListenError(`${where}: not allowed to listen there; choose a port above 1023`);
        default:
            return new EdgeListenError(`${where}: ${error.message}`);
    }
}
