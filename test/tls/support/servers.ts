import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer, type Server as SecureServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";

/** A server on loopback for as long as a test needs it. */
export interface Listening extends AsyncDisposable {
    readonly port: number;
}

/** The same over TLS. */
export interface ListeningSecurely extends Listening {
    /** Shows another certificate from now on. */
    show(certificate: { readonly cert: string; readonly key: string }): void;
}

/** Serves HTTPS with these settings. */
export async function serveTls(
    options: ServerOptions,
    answer: RequestListener = (_, response) => response.end(),
): Promise<ListeningSecurely> {
    const server: SecureServer = createServer(options, answer);
    server.on("tlsClientError", () => {}); // refusals are what is asked about
    return { ...(await listening(server)), show: (certificate) => server.setSecureContext(certificate) };
}

/** Serves plain HTTP. */
export function servePlainly(answer: RequestListener): Promise<Listening> {
    return listening(createHttpServer(answer));
}

async function listening(server: Server): Promise<Listening> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        port: (server.address() as AddressInfo).port,
        [Symbol.asyncDispose]: async () => {
            server.close();
            server.closeAllConnections();
            await once(server, "close");
        },
    };
}
