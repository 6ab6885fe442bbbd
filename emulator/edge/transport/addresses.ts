import { isIP } from "node:net";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

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

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Names that Docker gives its bridges: the default one, Swarm's gateway bridge, and those of user-defined networks. */
const DOCKER_BRIDGE = /^(docker0|docker_gwbridge|br-[0-9a-f]{12})$/;

const HIGHEST_PORT = 65_535;

/**
 * Reads listening addresses, each `IPv4:port` or `[IPv6]:port`. Only loopback and this machine's own addresses on Docker
 * bridges are allowed: neither can be reached from another machine.
 *
 * @param interfaces the machine's network interfaces; by default those that it has now.
 * @throws EdgeAddressError with every mistake.
 */
export function parseEdgeAddresses(
    addresses: readonly string[],
    interfaces: Interfaces = networkInterfaces(),
): EdgeAddress[] {
    const mistakes: string[] = [];
    const parsed: EdgeAddress[] = [];
    if (addresses.length === 0) {
        mistakes.push("addresses: is empty; give at least one, for example 127.0.0.1:7844");
    }
    for (const [i, text] of addresses.entries()) {
        const address = parseAddress(text);
        if (typeof address === "string") {
            mistakes.push(`addresses[${i}]: ${address}`);
        } else if (!isLoopback(address.host) && !isDockerBridge(address.host, interfaces)) {
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

function isDockerBridge(host: string, interfaces: Interfaces): boolean {
    return Object.entries(interfaces).some(
        ([name, own]) => DOCKER_BRIDGE.test(name) && own?.some(({ address }) => address === host),
    );
}

function isSameEndpoint(a: EdgeAddress, b: EdgeAddress): boolean {
    return a.port !== 0 && a.host === b.host && a.port === b.port;
}
