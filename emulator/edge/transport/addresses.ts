import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { dockerSubnets, readRoutes, type Subnet } from "./dockerBridges.ts";

/** Where the edge listens: an IP address and a port; port 0 means "any free one". */
export interface EdgeAddress {
    readonly host: string;
    readonly port: number;
}

/** One or more addresses that the edge must not, or cannot, listen on. `mistakes` has one line for each. */
export class EdgeAddressError extends Error {
    override readonly name = "EdgeAddressError";
    readonly mistakes: readonly string[];

    constructor(mistakes: readonly string[]) {
        super(mistakes.join("\n"));
        this.mistakes = mistakes;
    }
}

const HIGHEST_PORT = 65_535;

/**
 * Reads listening addresses, each `IPv4:port` or `[IPv6]:port`. Only loopback and addresses on Docker bridges are allowed:
 * neither can be reached from another machine. On a bridge this machine has one address, the gateway's; others are refused
 * by the system when the edge listens.
 *
 * @param routes the text of `/proc/net/route`; by default that of now.
 * @throws EdgeAddressError with every mistake.
 */
export function parseEdgeAddresses(addresses: readonly string[], routes: string = readRoutes()): EdgeAddress[] {
    const subnets = dockerSubnets(routes);
    const mistakes: string[] = [];
    const parsed: EdgeAddress[] = [];
    if (addresses.length === 0) {
        mistakes.push("addresses: is empty; give at least one, for example 127.0.0.1:7844");
    }
    for (const [i, text] of addresses.entries()) {
        const address = parseAddress(text);
        if (typeof address === "string") {
            mistakes.push(`addresses[${i}]: ${address}`);
        } else if (!isLoopback(address.host) && !isWithin(address.host, subnets)) {
            mistakes.push(
                `addresses[${i}]: "${text}" can be reached from outside this machine; ` +
                    "use 127.0.0.1, [::1] or the gateway address of a Docker bridge",
            );
        } else if (parsed.some((other) => isSameEndpoint(other, address))) {
            mistakes.push(`addresses[${i}]: "${text}" is there twice; name each address once`);
        } else {
            parsed.push(address);
        }
    }
    if (mistakes.length > 0) {
        throw new EdgeAddressError(mistakes);
    }
    return parsed;
}

/** `host:port`, with brackets round an IPv6 address. */
export function formatEdgeAddress({ host, port }: EdgeAddress): string {
    return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The address, or what is wrong with the text. */
function parseAddress(text: string): EdgeAddress | string {
    const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
    const [host, port] = [match?.[1] ?? match?.[2] ?? "", Number(match?.[3])];
    const family = match?.[1] === undefined ? 4 : 6;
    if (match === null || isIP(host) !== family) {
        return `"${text}" is not an IP address with a port; write it like 127.0.0.1:7844 or [::1]:7844`;
    }
    if (port > HIGHEST_PORT) {
        return `port ${port} of "${text}" is out of range; use 1 to ${HIGHEST_PORT}, or 0 for any free port`;
    }
    return { host, port };
}

function isLoopback(host: string): boolean {
    return ipaddr.process(host).range() === "loopback";
}

function isWithin(host: string, subnets: readonly Subnet[]): boolean {
    const address = ipaddr.process(host);
    return address instanceof ipaddr.IPv4 && subnets.some(([network, prefix]) => address.match(network, prefix));
}

function isSameEndpoint(a: EdgeAddress, b: EdgeAddress): boolean {
    return a.port !== 0 && a.host === b.host && a.port === b.port;
}
