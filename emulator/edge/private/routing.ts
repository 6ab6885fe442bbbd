import ipaddr from "ipaddr.js";
import type { HostnameRoute, NetworkRoute, VirtualNetwork } from "../../privateNetworkDirectory.ts";
import { isWithin } from "../access/policy/addresses.ts";

/** The route with the longest prefix that an address lies in, among those of one virtual network. */
export function routeTo(
    address: string,
    virtualNetworkId: string,
    routes: readonly NetworkRoute[],
): NetworkRoute | undefined {
    const [closest] = routes
        .filter((route) => route.virtual_network_id === virtualNetworkId && isWithin(address, route.network))
        .sort((one, other) => prefixOf(other) - prefixOf(one));
    return closest;
}

function prefixOf({ network }: NetworkRoute): number {
    return ipaddr.parseCIDR(network)[1];
}

/** The route of a private host name: the name's own, or that of the nearest `*.` above it. */
export function routeOfName(hostname: string, routes: readonly HostnameRoute[]): HostnameRoute | undefined {
    const [closest] = routes
        .filter((route) => isNamed(hostname, route.hostname))
        .sort((one, other) => other.hostname.replace("*", "").length - one.hostname.replace("*", "").length);
    return closest;
}

/** Whether a name is the one of a pattern, or lies below `*.`; case does not matter. */
export function isNamed(hostname: string, pattern: string): boolean {
    const name = pattern.toLowerCase();
    return name.startsWith("*.") ? hostname.endsWith(name.slice(1)) : hostname === name;
}

/** The network that a client chose by its name, or the device's own, or the account's default one. */
export function virtualNetworkFor(
    chosen: string | undefined,
    ownId: string | undefined,
    networks: readonly VirtualNetwork[],
): VirtualNetwork | undefined {
    return networks.find(({ id, name, is_default_network: isDefault }) =>
        chosen !== undefined ? name === chosen : ownId !== undefined ? id === ownId : isDefault,
    );
}
