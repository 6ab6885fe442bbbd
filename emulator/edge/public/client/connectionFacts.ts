import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { ClientCertificate } from "../../accessGate.ts";

/** What a client's connection says of all requests on it. */
export interface ConnectionFacts {
    /** The name that the TLS connection was opened for, in lower case; empty without one. */
    readonly serverName: string;
    /** Address of the client's end. */
    readonly clientIp: string;
    readonly certificate: ClientCertificate | undefined;
}

/** The handshake does not change, and reading it is not for free. */
const known = new WeakMap<object, ConnectionFacts>();

/**
 * @param key what stands for the connection.
 * @param socket the connection itself; a stand-in of node:http2's will do.
 */
export function connectionFacts(key: object, socket: () => TLSSocket | undefined): ConnectionFacts {
    let facts = known.get(key);
    if (facts === undefined) {
        facts = read(socket());
        known.set(key, facts);
    }
    return facts;
}

function read(socket: TLSSocket | undefined): ConnectionFacts {
    const leaf = socket?.getPeerX509Certificate?.();
    return {
        serverName: String(socket?.servername || "").toLowerCase(),
        clientIp: (socket?.remoteAddress ?? "").replace(/^::ffff:/, ""),
        certificate: leaf && { raw: leaf.raw, issuers: issuersOf(leaf) },
    };
}

function issuersOf(leaf: X509Certificate): Uint8Array[] {
    const issuers: Uint8Array[] = [];
    for (let next = leaf.issuerCertificate; next !== undefined; next = next.issuerCertificate) {
        issuers.push(next.raw);
    }
    return issuers;
}
