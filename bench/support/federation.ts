import type { Federation } from "../../components/interconnect/federation.ts";
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
