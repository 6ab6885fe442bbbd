import { compileIntentions, federationNodes } from "../../components/interconnect/federation/intentions.ts";
import type { Federation } from "../../components/interconnect/federation.ts";
import { addressesOf, defaultIpv6Range } from "../../components/interconnect/wireguard/addresses.ts";
import { WireGuardForm } from "../../components/interconnect/wireguard/forms.ts";
import { keyPairOf } from "../../components/interconnect/wireguard/keys.ts";
import { renderNode } from "../../components/interconnect/wireguard/render.ts";
import { planMesh } from "../../components/interconnect/wireguard/topology.ts";

/** To how many other sites' directories a site goes. */
const NEIGHBOURS = 3;
const DIRECTORY_NODES = 2;

/** So many sites of so many nodes: on each node something uses the directories of the site's own and of the next three sites. */
export function largeFederation(sites: number, nodes: number): Federation {
    const siteNames = Array.from({ length: sites }, (_, index) => `s${index}`);
    const nodesOf = (site: string) => Array.from({ length: nodes }, (_, index) => `${site}-n${index}`);
    return {
        name: "bench",
        sites: siteNames.map((name, site) => ({
            name,
            owner: name,
            nodes: nodesOf(name).map((node, index) => ({
                name: node,
                address: `2001:db8:${(site + 1).toString(16)}::${(index + 1).toString(16)}`,
            })),
        })),
        services: siteNames.flatMap((site) => [
            { name: `${site}-directory`, site, nodes: nodesOf(site).slice(0, DIRECTORY_NODES), port: 636 },
            { name: `${site}-web`, site, nodes: nodesOf(site) },
        ]),
        intentions: siteNames.flatMap((site, index) =>
            Array.from({ length: Math.min(NEIGHBOURS + 1, sites) }, (_, step) => ({
                from: `${site}-web`,
                to: `${siteNames[(index + step) % sites]}-directory`,
            })),
        ),
    };
}

/** How many peers the nodes of a mesh are told of in all. */
export function peersIn(federation: Federation): number {
    return [...planMesh(federation).values()].reduce((sum, { peers }) => sum + peers.size, 0);
}

/** How many pairs of nodes the intentions let through in all. */
export function pairsIn(federation: Federation): number {
    return compileIntentions(federation).reduce(
        (sum, { fromNodes, toNodes }) => sum + fromNodes.length * toNodes.length,
        0,
    );
}

/** Renders all nodes of a mesh in `wg-quick`'s form, with keys that are nobody's. */
export function renderMesh(federation: Federation): void {
    const nodes = federationNodes(federation);
    const ranges = { ipv6: defaultIpv6Range(federation.name) };
    const addresses = addressesOf(nodes, ranges);
    const settings = {
        name: "bench",
        interfaceName: "wg0",
        listenPort: 51_820,
        mtu: 1420,
        keepalive: 25,
        ranges,
        addresses,
    };
    const pairs = nodes.map(({ name }) => [name, keyPairOf(name)] as const);
    const keys = {
        privateKeys: new Map(pairs.map(([name, { privateKey }]) => [name, privateKey])),
        publicKeys: new Map(pairs.map(([name, { publicKey }]) => [name, publicKey])),
        secretOf: () => "nobody's",
    };
    const plans = planMesh(federation);
    for (const { name } of nodes) renderNode(plans, name, { ...settings, form: WireGuardForm.WgQuick }, keys);
}
