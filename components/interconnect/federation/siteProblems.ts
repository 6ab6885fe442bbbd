import ipaddr from "ipaddr.js";
import type { Problem } from "../../internal/problems.ts";
import {
    contains,
    ipAddressProblem,
    ipRangeProblem,
    normaliseIpRange,
    overlappingRanges,
    privateRangeProblem,
} from "../../validation/index.ts";
import { repeatedProblem } from "../../validation/repeated.ts";
import type { FederationSite, SiteNode } from "../federation.ts";
import { federationNameProblem, problemAt } from "./names.ts";

/** Mistakes in sites and their nodes, but for the sites' names. */
export function siteProblems(sites: readonly FederationSite[]): Problem[] {
    return [
        ...sites.flatMap((site, index) => [
            ...problemAt(`sites[${index}].owner`, ownerProblem(site.owner)),
            ...problemAt(`sites[${index}].ipv6Prefix`, prefixProblem(site.ipv6Prefix)),
            ...egressProblems(site.egress).map((problem) => ({ ...problem, path: `sites[${index}].${problem.path}` })),
            ...problemAt(
                `sites[${index}].nodes`,
                site.nodes.length === 0 ? "is empty. Write at least one node." : undefined,
            ),
        ]),
        ...prefixOverlaps(sites),
        ...nodeProblems(sites),
    ];
}

function ownerProblem(owner: string): string | undefined {
    return owner.trim() === "" ? 'is empty. Write who answers for the site, such as "Example Ltd".' : undefined;
}

function prefixProblem(prefix: string | undefined): string | undefined {
    if (prefix === undefined) return undefined;
    const problem = ipRangeProblem(prefix);
    if (problem !== undefined) return problem;
    if (!prefix.includes(":"))
        return `${JSON.stringify(prefix)} is IPv4. Write an IPv6 prefix such as "2001:db8:a::/48".`;
    return privateRangeProblem(prefix) === undefined ? notPublic(prefix, "2001:db8:a::/48") : undefined;
}

function egressProblems(egress: readonly string[] = []): Problem[] {
    return egress.flatMap((range, index) =>
        problemAt(
            `egress[${index}]`,
            ipRangeProblem(range) ??
                repeatedProblem(egress, index, "egress") ??
                (privateRangeProblem(range) === undefined ? notPublic(range, "203.0.113.10") : undefined),
        ),
    );
}

function prefixOverlaps(sites: readonly FederationSite[]): Problem[] {
    const prefixes = sites.map(({ ipv6Prefix = "" }) => ipv6Prefix);
    return overlappingRanges(prefixes).flatMap(({ index, first }) =>
        problemAt(
            `sites[${index}].ipv6Prefix`,
            `${JSON.stringify(prefixes[index])} overlaps sites[${first}].ipv6Prefix, ${JSON.stringify(prefixes[first])}. Write each site's own.`,
        ),
    );
}

interface PlacedNode {
    node: SiteNode;
    site: FederationSite;
    path: string;
}

function nodeProblems(sites: readonly FederationSite[]): Problem[] {
    const placed: PlacedNode[] = sites.flatMap((site, siteIndex) =>
        site.nodes.map((node, index) => ({ node, site, path: `sites[${siteIndex}].nodes[${index}]` })),
    );
    const firstWithName = firstPaths(placed, ({ node }) => node.name);
    const firstWithAddress = firstPaths(placed, ({ node }) => addressKey(node.address));
    return placed.flatMap((place) => {
        const { node, path } = place;
        return [
            ...problemAt(
                `${path}.name`,
                federationNameProblem(node.name) ?? takenProblem(node.name, path, firstWithName.get(node.name)),
            ),
            ...problemAt(
                `${path}.address`,
                addressProblem(place) ??
                    takenProblem(node.address ?? "", path, firstWithAddress.get(addressKey(node.address) ?? "")),
            ),
            ...problemAt(
                `${path}.relay`,
                node.relay === true && node.address === undefined
                    ? "needs an address at which the others meet. Write the node's public address, or let another node relay."
                    : undefined,
            ),
        ];
    });
}

function addressProblem({ node: { address, roaming = false }, site }: PlacedNode): string | undefined {
    if (address === undefined) {
        if (roaming || site.nat === true) return undefined;
        return 'is missing. Write the node\'s public address, "nat: true" for a site behind NAT, or "roaming: true" for a node that moves.';
    }
    const problem = ipAddressProblem(address);
    if (problem !== undefined) return problem;
    const quoted = JSON.stringify(address);
    if (roaming) return `${quoted} contradicts "roaming". Leave one of them out.`;
    if (!isPublic(address)) return notPublic(address, address.includes(":") ? "2001:db8:a::10" : "203.0.113.10");
    const { ipv6Prefix } = site;
    if (!address.includes(":") || ipv6Prefix === undefined || prefixProblem(ipv6Prefix) !== undefined) return undefined;
    return contains(ipv6Prefix, address)
        ? undefined
        : `${quoted} is outside the site's "ipv6Prefix", ${ipv6Prefix}. Write an address inside it, or correct the prefix.`;
}

/** Kinds of addresses that no node of another site can dial, as ipaddr.js names them (RFC 6890). */
const UNREACHABLE = new Set([
    "unspecified",
    "broadcast",
    "multicast",
    "linkLocal",
    "loopback",
    "private",
    "uniqueLocal",
    "carrierGradeNat",
    "ipv4Mapped",
]);

function isPublic(address: string): boolean {
    return !UNREACHABLE.has(ipaddr.parse(address).range());
}

/** An internal address in the list of members leads the others to whoever has it in their own network. */
function notPublic(value: string, example: string): string {
    return `${JSON.stringify(value)} is not public: to other sites it is nobody, or somebody of their own. Write one such as "${example}".`;
}

function addressKey(address: string | undefined): string | undefined {
    return address === undefined || ipAddressProblem(address) !== undefined ? undefined : normaliseIpRange(address);
}

function firstPaths(placed: readonly PlacedNode[], keyOf: (place: PlacedNode) => string | undefined) {
    const first = new Map<string, string>();
    for (const place of placed) {
        const key = keyOf(place);
        if (key !== undefined && !first.has(key)) first.set(key, place.path);
    }
    return first;
}

function takenProblem(value: string, path: string, first: string | undefined): string | undefined {
    return first === undefined || first === path
        ? undefined
        : `${JSON.stringify(value)} is that of ${first} already. Each node has its own.`;
}
