import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** What a device asks for: an address in its normal form, or a name in lower case without a dot at its end. */
export type Destination =
    | { readonly kind: "address"; readonly host: string; readonly port: number }
    | { readonly kind: "hostname"; readonly host: string; readonly port: number };

const LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
/** The last label is no number: resolvers read `10.1` and `0x7f.1` as addresses. */
const HOSTNAME = new RegExp(`^(${LABEL}\\.)*(?!\\d+$|0x)${LABEL}$`);

/**
 * Reads what a client wrote as its destination. An IPv4 address is one in each of its spellings (`::ffff:10.20.0.5`), so that no rule about it is
 * passed by.
 *
 * @returns undefined for what is neither an address nor a host name, and for port 0.
 */
export function readDestination(host: string, port: number): Destination | undefined {
    if (port === 0) {
        return undefined;
    }
    if (isIP(host) !== 0 && !host.includes("%")) {
        return { kind: "address", host: ipaddr.process(host).toString(), port };
    }
    const name = host.toLowerCase().replace(/\.$/, "");
    return name.length <= 253 && HOSTNAME.test(name) ? { kind: "hostname", host: name, port } : undefined;
}

/** `host:port`, with brackets round an IPv6 address: what a connector is asked for, and what is written down. */
export function formatDestination({ host, port }: Pick<Destination, "host" | "port">): string {
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
