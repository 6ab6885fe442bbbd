import type { Problem } from "../../internal/problems.ts";
import { portProblem } from "../../validation/index.ts";
import { compileIntentions, type PermittedPath } from "../federation/intentions.ts";
import { problemAt, unknownProblem } from "../federation/names.ts";
import { federationProblems } from "../federation/problems.ts";
import { sourcesOf } from "../federation/sources.ts";
import type { Federation, FederationNode, FederationService } from "../federation.ts";

/** What is judged of a service's part in a federation. */
export interface ServicePart {
    federation: Federation;
    service: string;
    upstream?: string;
    localPorts?: Readonly<Record<string, number>>;
}

/** Every mistake in them, by path. */
export function partProblems(part: ServicePart): Problem[] {
    const problems = federationProblems(part.federation);
    const names = part.federation.services.map(({ name }) => name);
    const unknown = unknownProblem(part.service, names, "a service");
    // Who uses whom can be told of a whole federation only.
    if (problems.length > 0 || unknown !== undefined) return [...problems, ...problemAt("service", unknown)];
    const { incoming, outgoing, service } = pathsOf(part.federation, part.service);
    const unused = service.port === undefined && outgoing.length === 0;
    return [
        ...problemAt(
            "service",
            unused
                ? `${JSON.stringify(part.service)} has no port and uses nobody. Write an intention from it.`
                : undefined,
        ),
        ...problemAt("upstream", upstreamProblem(part.upstream, service)),
        ...incoming.flatMap(({ toNodes }) =>
            toNodes.flatMap((node) => problemAt(nodePath(part, node), dialledProblem(node))),
        ),
        ...incoming.flatMap(({ fromNodes }) =>
            fromNodes.flatMap((node) => problemAt(nodePath(part, node), sourceProblem(part.federation, node))),
        ),
        ...localPortProblems(part, outgoing),
    ];
}

/** What a service lets in and where it goes. */
export function pathsOf(federation: Federation, name: string) {
    const paths = compileIntentions(federation);
    const service = federation.services.find((one) => one.name === name) as FederationService;
    return {
        service,
        incoming: paths.filter(({ to }) => to.name === name),
        outgoing: paths.filter(({ from }) => from.name === name),
    };
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]):(\d+)$/;

/** What a proxy and its service say to each other is in clear, so it stays on the node. */
function upstreamProblem(upstream: string | undefined, { name, port }: FederationService): string | undefined {
    if (upstream === undefined) return undefined;
    const quoted = JSON.stringify(upstream);
    if (port === undefined) return `${quoted} is of no use: ${JSON.stringify(name)} has no port. Leave it out.`;
    const own = LOOPBACK.exec(upstream)?.[3];
    if (own === undefined) return `${quoted} is not on loopback. Write address and port, such as "127.0.0.1:389".`;
    return portProblem(own);
}

function dialledProblem({ name, address }: FederationNode): string | undefined {
    if (address !== undefined) return undefined;
    return `${JSON.stringify(name)} has no address at which it could be dialled. Write one, run the service elsewhere, or use TunnelLink or WireGuardMesh.`;
}

function sourceProblem(federation: Federation, node: FederationNode): string | undefined {
    if (sourcesOf(federation, node).length > 0) return undefined;
    const way = node.roaming === true ? "it roams" : "its site is behind NAT";
    return `${JSON.stringify(node.name)} comes from nobody knows where: ${way}. Write the site's "egress", run the service elsewhere, or use TunnelLink or WireGuardMesh.`;
}

function localPortProblems({ localPorts = {} }: ServicePart, outgoing: readonly PermittedPath[]): Problem[] {
    const used = outgoing.map(({ to }) => to.name);
    const entries = Object.entries(localPorts);
    const ports = entries.map(([, port]) => port);
    return entries.flatMap(([service, port], index) => {
        const first = entries[ports.indexOf(port)]?.[0];
        const unused = used.includes(service)
            ? undefined
            : `is for a service that no intention lets it use. Write an intention, or one of ${used.join(", ") || "none"}.`;
        const taken =
            ports.indexOf(port) === index
                ? undefined
                : `${port} is that of localPorts.${first} already. Write another.`;
        return problemAt(`localPorts.${service}`, unused ?? portProblem(port) ?? taken);
    });
}

function nodePath({ federation }: ServicePart, { name }: FederationNode): string {
    const site = federation.sites.findIndex(({ nodes }) => nodes.some((node) => node.name === name));
    const node = federation.sites[site]?.nodes.findIndex((one) => one.name === name);
    return `federation.sites[${site}].nodes[${node}].address`;
}
