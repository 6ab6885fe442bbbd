import { request } from "node:https";
import type { TLSSocket } from "node:tls";

const ANSWER_WITHIN_MS = 15_000;

export interface Answer {
    readonly status: number;
    readonly location: string | undefined;
    /** When the certificate that the edge showed ends. It was verified, or there would be no answer. */
    readonly certificateEnds: Date;
}

/** An edge that is not found by the hostname itself. */
export interface EdgeAddress {
    readonly host: string;
    readonly port: number;
    /** Authority that verifies the edge. */
    readonly caPem: string;
}

/** Asks for a hostname as a client from outside would, over TLS that is verified. */
export function askEdge(
    { edge }: { readonly edge?: EdgeAddress },
    { hostname, path }: { readonly hostname: string; readonly path: string },
    headers: Record<string, string> = {},
): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const sent = request(
            {
                host: edge?.host ?? hostname,
                port: edge?.port ?? 443,
                servername: hostname,
                path: path || "/",
                headers: { ...headers, host: edge === undefined ? hostname : `${hostname}:${edge.port}` },
                signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
                agent: false,
                ...(edge === undefined ? {} : { ca: edge.caPem }),
            },
            (response) => {
                const { valid_to: end } = (response.socket as TLSSocket).getPeerCertificate();
                response.destroy();
                resolve({
                    status: response.statusCode ?? 0,
                    location: response.headers.location,
                    certificateEnds: new Date(end),
                });
            },
        );
        sent.on("error", reject).end();
    });
}
