import { normaliseIpRange } from "../../validation/index.ts";
import type { Federation, FederationNode, FederationSite } from "../federation.ts";

/**
 * Ranges from which a node's packets reach other sites: its own address, and behind NAT what all nodes of the site come from. Empty where nobody can know
 * it: a node that roams, or behind NAT without `egress` and `ipv6Prefix`.
 */
export function sourcesOf(federation: Federation, node: FederationNode): string[] {
    if (node.roaming === true) return [];
    const own = node.address === undefined ? [] : [node.address];
    const site = federation.sites.find(({ name }) => name === node.site);
    return [...own, ...(site?.nat === true ? waysOut(site) : [])].map(normaliseIpRange);
}

function waysOut({ egress = [], ipv6Prefix }: FederationSite): string[] {
    return [...egress, ...(ipv6Prefix === undefined ? [] : [ipv6Prefix])];
}
