import { existsSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { EmulatorError, EmulatorErrorCode } from "./emulatorError.ts";
import { listen } from "./listen.ts";

/** What Docker and Podman leave in the file system of every container. */
const CONTAINER_MARKS = ["/.dockerenv", "/run/.containerenv"];

type OwnAddress = Pick<NetworkInterfaceInfo, "address" | "internal"> | undefined;

/**
 * Listens in a network of containers, besides loopback.
 *
 * @param network range of the network, in CIDR form: the container's own address there is the one that is listened on.
 * @param isContainer whether this is a container; outside of one nothing but loopback is listened on.
 * @throws EmulatorError `network-unavailable` outside a container and where it is not in the network, `port-in-use` and `port-unavailable`.
 */
export async function listenInNetwork(
    network: string,
    port: number,
    answer: RequestListener,
    isContainer: boolean = CONTAINER_MARKS.some((path) => existsSync(path)),
): Promise<Server> {
    const unavailable = (reason: string) => {
        throw new EmulatorError(EmulatorErrorCode.NetworkUnavailable, `network: ${reason}`);
    };
    if (!isContainer)
        unavailable("this is not a container, and elsewhere the API listens on loopback alone; leave it out");
    const address =
        ownAddressIn(network) ?? unavailable(`the container has no address in ${network}; attach it to that network`);
    const server = createServer(answer);
    await listen(server, port, address);
    return server;
}

/** The address among these that a range holds; undefined where none is in it. */
export function ownAddressIn(
    network: string,
    own: readonly OwnAddress[] = Object.values(networkInterfaces()).flat(),
): string | undefined {
    const range = ipaddr.parseCIDR(network);
    return own.find((one) => {
        if (one === undefined || one.internal) return false;
        const address = ipaddr.parse(one.address);
        return address.kind() === range[0].kind() && address.match(range);
    })?.address;
}

/** Ranges of private addresses (RFC 1918, RFC 4193), each the whole of it. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"].map((range) => ipaddr.parseCIDR(range));

/** Whether a text is a range of private addresses alone, in CIDR form. */
export function isPrivateRange(text: string): boolean {
    if (!ipaddr.isValidCIDR(text)) return false;
    const [base, bits] = ipaddr.parseCIDR(text);
    return PRIVATE.some((outer) => outer[0].kind() === base.kind() && bits >= outer[1] && base.match(outer));
}
