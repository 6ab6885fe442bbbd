import type { Problem } from "../../internal/problems.ts";
import { memberProblem, portProblem } from "../../validation/index.ts";
import { repeatedProblem } from "../../validation/repeated.ts";
import { FederationProtocol, type FederationService, type FederationSite, type Intention } from "../federation.ts";
import { problemAt, unknownProblem } from "./names.ts";

/** Mistakes in services, but for their names. */
export function serviceProblems(services: readonly FederationService[], sites: readonly FederationSite[]): Problem[] {
    const siteNames = sites.map(({ name }) => name);
    return services.flatMap((service, index) => {
        const path = `services[${index}]`;
        const { port, protocol } = service;
        return [
            ...problemAt(`${path}.site`, unknownProblem(service.site, siteNames, "a site")),
            ...placementProblems(service, sites).map((problem) => ({ ...problem, path: `${path}.${problem.path}` })),
            ...problemAt(`${path}.port`, port === undefined ? undefined : portProblem(port)),
            ...problemAt(`${path}.port`, sharedPortProblem(services, index)),
            ...problemAt(
                `${path}.protocol`,
                protocol === undefined ? undefined : memberProblem(protocol, Object.values(FederationProtocol)),
            ),
        ];
    });
}

/** Mistakes in intentions. */
export function intentionProblems(intentions: readonly Intention[], services: readonly FederationService[]): Problem[] {
    const names = services.map(({ name }) => name);
    const pairs = intentions.map(({ from, to }) => `${from} → ${to}`);
    return intentions.flatMap((intention, index) => {
        const path = `intentions[${index}]`;
        const { from, to } = intention;
        return [
            ...problemAt(`${path}.from`, unknownProblem(from, names, "a service")),
            ...problemAt(`${path}.to`, unknownProblem(to, names, "a service")),
            ...problemAt(
                `${path}.to`,
                from === to ? `${JSON.stringify(to)} is the service itself. Remove the intention.` : undefined,
            ),
            ...problemAt(path, repeatedProblem(pairs, index, "intentions")),
            ...portOfIntention(intention, services).map((problem) => ({ ...problem, path: `${path}.${problem.path}` })),
        ];
    });
}

function placementProblems({ site, nodes }: FederationService, sites: readonly FederationSite[]): Problem[] {
    if (nodes.length === 0)
        return problemAt("nodes", "is empty. Write at least one node on which the service may run.");
    const own = sites.find(({ name }) => name === site);
    return nodes.flatMap((node, index) => {
        const others = sites.filter((other) => other.nodes.some(({ name }) => name === node));
        const elsewhere = own !== undefined && others.length > 0 && !others.includes(own);
        return [
            ...problemAt(`nodes[${index}]`, repeatedProblem(nodes, index, "nodes")),
            ...problemAt(
                `nodes[${index}]`,
                elsewhere
                    ? `${JSON.stringify(node)} is a node of the site ${JSON.stringify(others[0]?.name)}. Write nodes of ${JSON.stringify(site)} only.`
                    : unknownProblem(node, (own === undefined ? sites : [own]).flatMap(nodeNames), "a node"),
            ),
        ];
    });
}

/** A port of a node belongs to one service: whoever may use it could use both. */
function sharedPortProblem(services: readonly FederationService[], index: number): string | undefined {
    const service = services[index];
    if (service?.port === undefined) return undefined;
    const first = services
        .slice(0, index)
        .findIndex(({ port, nodes }) => port === service.port && nodes.some((node) => service.nodes.includes(node)));
    const shared = services[first]?.nodes.find((node) => service.nodes.includes(node));
    return shared === undefined
        ? undefined
        : `${service.port} is that of services[${first}] on the node ${JSON.stringify(shared)} already. Give each its own port, or other nodes.`;
}

function portOfIntention({ to, port }: Intention, services: readonly FederationService[]): Problem[] {
    const used = services.find(({ name }) => name === to);
    if (used === undefined) return [];
    if (used.port === undefined) {
        return problemAt("to", `${JSON.stringify(to)} has no port, so nobody can use it. Give the service a port.`);
    }
    return problemAt(
        "port",
        port === undefined || port === used.port
            ? undefined
            : `${port} is not the port of ${JSON.stringify(to)}, ${used.port}. Write that one, or leave it out.`,
    );
}

function nodeNames({ nodes }: FederationSite): string[] {
    return nodes.map(({ name }) => name);
}
