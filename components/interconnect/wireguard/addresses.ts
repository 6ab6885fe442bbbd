import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { Problem } from "../../internal/problems.ts";
import { contains } from "../../validation/index.ts";
import type { FederationNode } from "../federation.ts";

/** Where a mesh's addresses come from. */
export interface AddressRanges {
    /** A /64 of unique local addresses (RFC 4193). */
    ipv6: string;
    /** An IPv4 range; without it nodes have no IPv4 address in the mesh. */
    ipv4?: string;
}

/** A node's addresses inside the mesh, without prefixes. */
export interface MeshAddresses {
    ipv6: string;
    ipv4?: string;
}

/**
 * The range of a federation: `fd`, 40 bits and a subnet of 16 that nobody else is likely to have (RFC 4193, 3.2.2), the same whoever asks.
 */
export function defaultIpv6Range(federation: string): string {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = digest("range", federation);
    return ipaddr.IPv6.networkAddressFromCIDR(
        `${new ipaddr.IPv6([0xfd, a, b, c, d, e, f, g, ...Array<number>(8).fill(0)]).toString()}/64`,
    )
        .toString()
        .concat("/64");
}

/**
 * The address of each node, by its name. It depends on the range, the site and the node's name alone, so whoever joins or leaves changes nobody else's.
 * No rule without a memory could do that and move somebody out of the way of another as well: where two nodes have the same address, {@link addressProblems}
 * says so, and the one that came last takes another by `ipv4Addresses`.
 */
export function addressesOf(
    nodes: readonly FederationNode[],
    ranges: AddressRanges,
    pinned: Readonly<Record<string, string>> = {},
): Map<string, MeshAddresses> {
    return new Map(
        nodes.map((node) => [
            node.name,
            {
                ipv6: hashedAddress(ranges.ipv6, node, 0),
                ...(ranges.ipv4 === undefined
                    ? {}
                    : { ipv4: pinned[node.name] ?? hashedAddress(ranges.ipv4, node, 0) }),
            },
        ]),
    );
}

/** Nodes that would have the same address, and pins that are none, by path. The ranges must be sound. */
export function addressProblems(
    nodes: readonly FederationNode[],
    ranges: AddressRanges,
    pinned: Readonly<Record<string, string>> = {},
): Problem[] {
    const addresses = addressesOf(nodes, ranges, pinned);
    const taken = new Map<string, string>();
    const clashes = nodes.flatMap((node) => {
        const { ipv6, ipv4 } = addresses.get(node.name) ?? { ipv6: "" };
        return [ipv6, ipv4].flatMap((address) => {
            if (address === undefined) return [];
            const first = taken.get(address);
            taken.set(address, first ?? node.name);
            return first === undefined ? [] : [clash(node, first, address, ranges, new Set(usedBy(addresses)))];
        });
    });
    return [...pinProblems(nodes, ranges, pinned), ...clashes];
}

function clash(
    node: FederationNode,
    first: string,
    address: string,
    { ipv4 }: AddressRanges,
    used: ReadonlySet<string>,
): Problem {
    const both = `${JSON.stringify(node.name)} and ${JSON.stringify(first)} both have ${address}`;
    if (ipv4 === undefined || address.includes(":"))
        return { path: "ipv6Range", reason: `${both}. Write another range.` };
    const free = freeAddress(ipv4, node, used);
    return {
        path: "ipv4Addresses",
        reason:
            free === undefined
                ? `${both}, and ${ipv4} is full. Write a larger "ipv4Range".`
                : `${both}. Give the one of them that joined last another address, such as ${JSON.stringify(free)}.`,
    };
}

/** The first of a node's own sequence that nobody has: the same for whoever asks. */
function freeAddress(range: string, node: FederationNode, used: ReadonlySet<string>): string | undefined {
    const tries = Math.min(used.size + 1, hostCount(range)) * 64;
    for (let attempt = 1; attempt <= tries; attempt++) {
        const address = hashedAddress(range, node, attempt);
        if (!used.has(address)) return address;
    }
    return undefined;
}

function* usedBy(addresses: ReadonlyMap<string, MeshAddresses>): Generator<string> {
    for (const { ipv6, ipv4 } of addresses.values()) {
        yield ipv6;
        if (ipv4 !== undefined) yield ipv4;
    }
}

function pinProblems(
    nodes: readonly FederationNode[],
    { ipv4 }: AddressRanges,
    pinned: Readonly<Record<string, string>>,
): Problem[] {
    const names = new Set(nodes.map(({ name }) => name));
    return Object.entries(pinned).flatMap(([name, address]) => {
        const path = `ipv4Addresses.${name}`;
        if (!names.has(name)) return [{ path, reason: "is not a node of the federation. Remove it." }];
        if (ipv4 === undefined) return [{ path, reason: 'has no range around it. Write "ipv4Range" as well.' }];
        const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address);
        if (isAddress && contains(ipv4, `${address}/32`) && isHost(address, ipv4)) return [];
        const example = hashedAddress(ipv4, { name, site: "" }, 0);
        return [
            {
                path,
                reason: `${JSON.stringify(address)} is no node's address in ${ipv4}. Write one such as ${JSON.stringify(example)}.`,
            },
        ];
    });
}

/** The network's own address and the one that stands for all of it are nobody's. */
function isHost(address: string, range: string): boolean {
    const [first, last] = [ipaddr.IPv4.networkAddressFromCIDR(range), ipaddr.IPv4.broadcastAddressFromCIDR(range)];
    return address !== first.toString() && address !== last.toString();
}

function hashedAddress(range: string, { site, name }: Pick<FederationNode, "site" | "name">, attempt: number): string {
    const [network, prefix] = ipaddr.parseCIDR(range);
    const hash = digest("node", site, name, ...(attempt === 0 ? [] : [String(attempt)]));
    const bytes = network.toByteArray();
    if (network.kind() === "ipv6") {
        // All of the last 64 bits, but zero, which is the routers' address (RFC 4291, 2.6.1).
        const host = hash.subarray(0, 8);
        if (host.every((byte) => byte === 0)) host[7] = 1;
        return ipaddr.fromByteArray([...bytes.slice(0, 8), ...host]).toString();
    }
    const start = Buffer.from(bytes).readUInt32BE();
    const offset = 1 + Number(hash.readBigUInt64BE() % BigInt(hostCount(`${network}/${prefix}`)));
    const address = Buffer.alloc(4);
    address.writeUInt32BE(start + offset);
    return ipaddr.fromByteArray([...address]).toString();
}

/** Addresses that nodes can have in an IPv4 range. */
function hostCount(range: string): number {
    return 2 ** (32 - Number(range.slice(range.indexOf("/") + 1))) - 2;
}

function digest(...parts: string[]): Buffer {
    return createHash("sha256")
        .update(JSON.stringify(["sallyport-wireguard", ...parts]))
        .digest();
}
