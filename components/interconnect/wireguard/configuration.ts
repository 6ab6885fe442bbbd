import type { AddressRanges, MeshAddresses } from "./addresses.ts";
import { presharedKeyOf } from "./keys.ts";
import type { MeshNode } from "./topology.ts";

/** How the nodes of a mesh are found and named. */
export interface MeshSettings {
    /** Name of the mesh, of its folder on each node and of the units. */
    readonly name: string;
    readonly interfaceName: string;
    readonly listenPort: number;
    readonly mtu: number;
    /** Seconds between two signs of life from a node without an address. */
    readonly keepalive: number;
    readonly ranges: AddressRanges;
    readonly addresses: ReadonlyMap<string, MeshAddresses>;
}

/** Where and by what a node knows another one. */
export interface PeerConfiguration {
    readonly name: string;
    readonly publicKey: string;
    /** Undefined where the two sites' owners have not agreed on a secret. */
    readonly presharedKey: string | undefined;
    /** Addresses whose packets come and go through it, each with its prefix. */
    readonly allowedIps: readonly string[];
    /** Undefined for a node that nobody can find: it is heard from first. */
    readonly endpoint: string | undefined;
    /** Seconds; undefined for a node that can be found itself. */
    readonly keepalive: number | undefined;
}

/** All that an interface is told. */
export interface InterfaceConfiguration {
    readonly name: string;
    readonly privateKey: string;
    /** Undefined for a node that nobody can find: it dials from a port that the kernel chooses. */
    readonly listenPort: number | undefined;
    /** The node's own, each with the prefix of the mesh: whatever is in the mesh's range goes there and nowhere else. */
    readonly addresses: readonly string[];
    readonly peers: readonly PeerConfiguration[];
}

/** Keys by the names of nodes, and the secret that two nodes' sites share. */
export interface MeshKeys {
    readonly privateKeys: ReadonlyMap<string, string>;
    readonly publicKeys: ReadonlyMap<string, string>;
    secretOf(oneSite: string, otherSite: string): string | undefined;
}

/** What a node's interface is told. */
export function interfaceConfiguration(
    { node, peers }: MeshNode,
    plans: ReadonlyMap<string, MeshNode>,
    settings: MeshSettings,
    keys: MeshKeys,
): InterfaceConfiguration {
    const isFound = node.address !== undefined;
    const ownKey = publicKeyOf(keys, node.name);
    return {
        name: node.name,
        privateKey: keys.privateKeys.get(node.name) ?? "",
        listenPort: isFound ? settings.listenPort : undefined,
        addresses: ownAddresses(settings, node.name),
        peers: [...peers.keys()].toSorted().map((name) => {
            const peer = plans.get(name)?.node;
            const publicKey = publicKeyOf(keys, name);
            const secret = keys.secretOf(node.site, peer?.site ?? "");
            return {
                name,
                publicKey,
                presharedKey: secret === undefined ? undefined : presharedKeyOf(secret, ownKey, publicKey),
                allowedIps: [...(peers.get(name) ?? [])].toSorted().flatMap((one) => hostRanges(settings, one)),
                endpoint: peer?.address === undefined ? undefined : endpointOf(peer.address, settings.listenPort),
                keepalive: isFound ? undefined : settings.keepalive,
            };
        }),
    };
}

function publicKeyOf({ publicKeys }: MeshKeys, name: string): string {
    const key = publicKeys.get(name);
    if (key === undefined) throw new Error(`no public key of ${JSON.stringify(name)}`);
    return key;
}

function ownAddresses({ addresses, ranges }: MeshSettings, name: string): string[] {
    const { ipv6, ipv4 } = addresses.get(name) ?? { ipv6: "" };
    const prefixOf = (range: string) => range.slice(range.indexOf("/"));
    return [
        `${ipv6}${prefixOf(ranges.ipv6)}`,
        ...(ipv4 === undefined || ranges.ipv4 === undefined ? [] : [`${ipv4}${prefixOf(ranges.ipv4)}`]),
    ];
}

function hostRanges({ addresses }: MeshSettings, name: string): string[] {
    const { ipv6, ipv4 } = addresses.get(name) ?? { ipv6: "" };
    return [`${ipv6}/128`, ...(ipv4 === undefined ? [] : [`${ipv4}/32`])];
}

function endpointOf(address: string, port: number): string {
    return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
