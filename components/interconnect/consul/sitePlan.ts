import { normaliseIpRange } from "../../validation/index.ts";
import { compileIntentions, type PermittedPath } from "../federation/intentions.ts";
import { sourcesOf } from "../federation/sources.ts";
import type { Federation, FederationService, SiteNode } from "../federation.ts";
import { hostPort } from "../hostPort.ts";
import { loopbackAddresses } from "./loopbackAddresses.ts";
import { CONSUL_PORTS } from "./ports.ts";

/** A machine of the site, as its neighbours reach it. */
export interface ConsulNode {
    /** Name of the machine in the federation. */
    name: string;
    /** Address at which the site's other machines reach it; the one in the federation is for other sites. */
    address: string;
    /** Whether it is one of the site's Consul servers. If omitted everywhere, the first three are, or the first of fewer. */
    server?: boolean;
}

/** Where a service finds another one that it may use. */
export interface ConsulUpstream {
    /** Name of the service that uses. */
    from: string;
    /** Name of the service that is used. */
    to: string;
    /** Site of the latter, where it is another one. */
    peer?: string;
    /** Loopback address at which the sidecar of `from` offers it: one for each pair. */
    address: string;
    /** Port there: that of the service itself. */
    port: number;
}

/** One machine and what it is for. */
export interface PlannedNode {
    name: string;
    address: string;
    isServer: boolean;
    /** Address at which other sites reach its gateway; its own where nobody does. Undefined where it runs none. */
    gatewayAddress: string | undefined;
    /** Services that may run here. */
    services: FederationService[];
}

/** Another site with whose services this one's exchange anything. */
export interface ConsulPeer {
    /** Its name, which is the peering's too. */
    site: string;
    /** Whether this site makes the token with which the other one dials. */
    accepts: boolean;
}

/** What one site of a federation is to run. */
export interface SitePlan {
    site: string;
    domain: string;
    nodes: PlannedNode[];
    upstreams: ConsulUpstream[];
    peers: ConsulPeer[];
    /** Ranges from which the site's gateways are reached: its own machines, and the gateways of its peers. */
    gatewaySources: string[];
    /** Paths that end at a service of this site. */
    inbound: PermittedPath[];
}

/** What a site is to run, of a federation and machines without mistakes. */
export function planSite(federation: Federation, site: string, nodes: readonly ConsulNode[]): SitePlan {
    const paths = compileIntentions(federation);
    const servers = serverNames(nodes);
    const others = sharingSites(paths, site);
    const gateways = others.length === 0 ? [] : gatewaysOf(federation, site);
    return {
        site,
        domain: federation.domain ?? "consul",
        nodes: nodes.map(({ name, address }) => {
            const gateway = gateways.find((node) => node.name === name);
            return {
                name,
                address,
                isServer: servers.has(name),
                gatewayAddress: gateway && (gateway.address ?? address),
                services: federation.services.filter((service) => service.nodes.includes(name)),
            };
        }),
        upstreams: upstreamsOf(paths, site),
        peers: others.map((other) => ({ site: other, accepts: acceptingSite(federation, site, other) === site })),
        gatewaySources: [
            ...nodes.map(({ address }) => normaliseIpRange(address)),
            ...others.flatMap((other) => sourcesOfGateways(federation, other)),
        ],
        inbound: paths.filter(({ to }) => to.site === site),
    };
}

/** Names of the other sites with whose services this one's exchange anything. */
export function sharingSites(paths: readonly PermittedPath[], site: string): string[] {
    const sites = paths.map(({ from, to }) => [from.site, to.site]).filter((pair) => pair.includes(site));
    return [...new Set(sites.flat())].filter((other) => other !== site).toSorted();
}

/** The site of two that makes the token: one that can be dialled, and of two such the first by name. */
export function acceptingSite(federation: Federation, one: string, other: string): string | undefined {
    return [one, other].toSorted().find((site) => dialledAt(federation, site).length > 0);
}

/** `address:port` of a site's gateways that others can dial; none where all its machines are behind NAT. */
export function dialledAt(federation: Federation, site: string): string[] {
    return gatewaysOf(federation, site).flatMap(({ address }) => {
        if (address === undefined) return [];
        return hostPort(address, CONSUL_PORTS.gateway);
    });
}

/** Ranges from which a site's gateways dial; none where nobody can know them. */
export function sourcesOfGateways(federation: Federation, site: string): string[] {
    return gatewaysOf(federation, site).flatMap((node) => sourcesOf(federation, { ...node, site }));
}

/** Machines that are Consul servers. */
export function serverNames(nodes: readonly ConsulNode[]): Set<string> {
    const said = nodes.filter(({ server }) => server === true);
    const chosen = said.length > 0 ? said : nodes.slice(0, nodes.length < 3 ? 1 : 3);
    return new Set(chosen.map(({ name }) => name));
}

/** Machines with a mesh gateway: the federation's relays, or else the first with an address, or else the first. Both sides know them. */
function gatewaysOf(federation: Federation, site: string): SiteNode[] {
    const nodes = federation.sites.find(({ name }) => name === site)?.nodes ?? [];
    const relays = nodes.filter(({ relay }) => relay === true);
    const addressed = nodes.filter(({ address }) => address !== undefined);
    return relays.length > 0 ? relays : [...addressed, ...nodes].slice(0, 1);
}

function upstreamsOf(paths: readonly PermittedPath[], site: string): ConsulUpstream[] {
    const used = paths
        .filter(({ from }) => from.site === site)
        .map(({ from, to, port }) => ({
            from: from.name,
            to: to.name,
            port,
            ...(to.site === site ? {} : { peer: to.site }),
        }));
    const addresses = loopbackAddresses(used);
    return used.map((pair) => ({ ...pair, address: addresses.get(pair) as string }));
}
