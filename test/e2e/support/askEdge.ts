import type { OutgoingHttpHeaders } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";

/** An edge's public side and how to be let through it. */
export interface PublicAddress {
    readonly port: number;
    readonly caPem: string;
    readonly hostname: string;
    readonly headers?: OutgoingHttpHeaders;
}

/** Asks for a hostname's first page, on a connection of its own. */
export function askEdge({ port, caPem, hostname, headers }: PublicAddress): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
        const outgoing = request({
            ...{ host: "127.0.0.1", port, servername: hostname, ca: caPem, agent: false },
            headers: { host: hostname, ...headers },
        });
        outgoing.once("error", reject);
        outgoing.once("response", (response) => {
            text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
        });
        outgoing.end();
    });
}
