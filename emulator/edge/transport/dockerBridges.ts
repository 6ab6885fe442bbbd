import { readFileSync } from "node:fs";
import ipaddr from "ipaddr.js";

/** Names that Docker gives its bridges: the default one, Swarm's gateway bridge, and those of user-defined networks. */
const DOCKER_BRIDGE = /^(docker0|docker_gwbridge|br-[0-9a-f]{12})$/;

/** An IPv4 network: its first address and the length of its prefix. */
export type Subnet = readonly [ipaddr.IPv4, number];

/** The kernel's IPv4 routes; no text where there is no such file (other systems run Docker in a virtual machine, reached over loopback). */
export function readRoutes(): string {
    try {
        return readFileSync("/proc/net/route", "utf8");
    } catch {
        return "";
    }
}

/**
 * The networks behind Docker's bridges, from the text of `/proc/net/route`: interface, destination, gateway, flags, three
 * counters and mask, the addresses as hexadecimal in the machine's byte order (little-endian wherever Docker runs).
 *
 * Routes are read rather than interfaces because Node leaves out interfaces without a carrier, and a bridge has none before
 * its first container starts, which is when the edge must already listen.
 */
export function dockerSubnets(routes: string): Subnet[] {
    return routes
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .flatMap(([name = "", destination = "", gateway, , , , , mask = ""]): Subnet[] => {
            const isDirect = gateway === "00000000";
            const prefix =
                DOCKER_BRIDGE.test(name) && isDirect ? parseAddress(mask).prefixLengthFromSubnetMask() : null;
            return prefix === null ? [] : [[parseAddress(destination), prefix]];
        });
}

function parseAddress(hex: string): ipaddr.IPv4 {
    return new ipaddr.IPv4([...Buffer.from(hex, "hex").reverse()]);
}
