import type { Federation, FederationNode, FederationService } from "../federation.ts";

/** What one intention lets through: from any of some nodes to one port of any of others. */
export interface PermittedPath {
    from: FederationService;
    to: FederationService;
    port: number;
    fromNodes: FederationNode[];
    toNodes: FederationNode[];
}

/** Everything that a federation without mistakes lets through, in the order of its intentions. Nothing else is to pass. */
export function compileIntentions(federation: Federation): PermittedPath[] {
    const services = new Map(federation.services.map((service) => [service.name, service]));
    const nodes = new Map(federationNodes(federation).map((node) => [node.name, node]));
    const nodesOf = (service: FederationService) => service.nodes.map((node) => known(nodes, node));
    return federation.intentions.map((intention) => {
        const [from, to] = [known(services, intention.from), known(services, intention.to)];
        if (to.port === undefined) throw new Error(`service ${JSON.stringify(to.name)} has no port`);
        return { from, to, port: to.port, fromNodes: nodesOf(from), toNodes: nodesOf(to) };
    });
}

/** Every node of a federation with its site, in the order in which they are written. */
export function federationNodes({ sites }: Federation): FederationNode[] {
    return sites.flatMap(({ name: site, nodes }) => nodes.map((node) => ({ ...node, site })));
}

function known<T>(all: ReadonlyMap<string, T>, name: string): T {
    const found = all.get(name);
    if (found === undefined) throw new Error(`${JSON.stringify(name)} is not in the federation`);
    return found;
}
