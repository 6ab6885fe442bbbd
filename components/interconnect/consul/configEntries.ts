import { FederationProtocol } from "../federation.ts";
import type { SitePlan } from "./sitePlan.ts";

/** A configuration entry of Consul's, its body in the spelling of the API. */
export interface MeshEntry {
    kind: string;
    name: string;
    body: object;
}

/**
 * The entries that make a site's part of the federation: who may use its services, which of them other sites learn of, and that sites meet at
 * gateways alone. An element fewer is a permission fewer: whatever stands in none is denied, by name, whatever the agents' defaults become.
 */
export function meshEntries(plan: SitePlan): MeshEntry[] {
    return [
        { kind: "mesh", name: "mesh", body: { Peering: { PeerThroughMeshGateways: true } } },
        { kind: "proxy-defaults", name: "global", body: { MeshGateway: { Mode: "local" } } },
        {
            kind: "service-intentions",
            name: "*",
            body: { Sources: [{ Name: "*", Action: "deny" }] },
        },
        ...serviceDefaults(plan),
        ...intentions(plan),
        ...exportedServices(plan),
    ];
}

function serviceDefaults({ nodes }: SitePlan): MeshEntry[] {
    const services = new Map(nodes.flatMap((node) => node.services).map((service) => [service.name, service]));
    return [...services.values()]
        .filter(({ port }) => port !== undefined)
        .map(({ name, protocol = FederationProtocol.Tcp }) => ({
            kind: "service-defaults",
            name,
            body: { Protocol: protocol },
        }));
}

function intentions({ site, inbound }: SitePlan): MeshEntry[] {
    return [...Map.groupBy(inbound, ({ to }) => to.name)].map(([name, paths]) => ({
        kind: "service-intentions",
        name,
        body: {
            Sources: paths.map(({ from }) => ({
                Name: from.name,
                ...(from.site === site ? {} : { Peer: from.site }),
                Action: "allow",
            })),
        },
    }));
}

function exportedServices({ site, inbound }: SitePlan): MeshEntry[] {
    const shared = inbound.filter(({ from }) => from.site !== site);
    if (shared.length === 0) return [];
    const services = [...Map.groupBy(shared, ({ to }) => to.name)].map(([name, paths]) => ({
        Name: name,
        Consumers: [...new Set(paths.map(({ from }) => from.site))].map((Peer) => ({ Peer })),
    }));
    return [{ kind: "exported-services", name: "default", body: { Services: services } }];
}
