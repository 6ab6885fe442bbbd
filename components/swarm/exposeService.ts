import { Network } from "@pulumi/docker/network.js";
import * as pulumi from "@pulumi/pulumi";
import { ZeroTrustApp } from "../access/zeroTrustApp.ts";
import { labelList } from "../internal/swarm.ts";
import { PROXY_ALIAS } from "../proxy/traefik/defaults.ts";
import type { TunnelEdge } from "../tunnel/connectorEnvironment.ts";
import { NamedTunnel } from "../tunnel/namedTunnel.ts";
import { SwarmTunnelSidecar } from "../tunnel/swarmTunnelSidecar.ts";
import { TunnelIngress } from "../tunnel/tunnelIngress.ts";
import { parseService, usesTls } from "../validation/index.ts";
import { publisherText } from "./exposureName.ts";
import { proxyBefore } from "./exposureProxy.ts";
import type { ExposedRoute, SwarmExposure } from "./exposures.ts";
import { OWN_LABELS } from "./labelledService.ts";
import type { SwarmDiscoveryArgs } from "./swarmDiscovery.ts";

/**
 * Everything for one labelled service: a tunnel, an Access application before each of its routes, the ingress document with its DNS records, and
 * connectors on the service's own network, or on that of its proxy where it asks for what only a proxy does. Nothing is shared with another service, so that each comes, changes and goes for itself.
 */
export function exposeService(
    exposure: SwarmExposure,
    args: SwarmDiscoveryArgs,
    parent: pulumi.Resource,
): { hostnames: pulumi.Output<string[]> } {
    const { accountId, zoneId, team, owner, revision, originCaPem, connector = {} } = args;
    const { name, serviceName, network, routes } = exposure;
    const labels = { [OWN_LABELS.stack]: owner, [OWN_LABELS.exposure]: name };
    const child = { parent };

    const tunnel = new NamedTunnel(name, { accountId, tunnelName: `sallyport-${owner}-${name}` }, child);
    const guarded = routes.map((route) => {
        const place = `${route.hostname}${route.path ?? ""}`;
        const application = new ZeroTrustApp(
            `${name}-${place}`,
            {
                accountId,
                hostname: route.hostname,
                ...(route.path === undefined ? {} : { path: route.path }),
                policyIds: policiesOf(route, args.policyIds),
                sessionDuration: route.session,
                applicationName: routes.length === 1 ? `${owner}-${serviceName}` : `${owner}-${serviceName} ${place}`,
            },
            child,
        );
        return { route, audience: application.audience };
    });
    const direct = exposure.proxied ? routes.filter(({ service }) => !isHttp(service)) : routes;
    const proxied = routes.filter((route) => !direct.includes(route));
    const proxy =
        proxied.length === 0 ? undefined : proxyBefore({ ...exposure, routes: proxied }, args, labels, parent);
    const ingress = new TunnelIngress(
        name,
        {
            accountId,
            zoneId,
            team,
            tunnelId: tunnel.tunnelId,
            publisher: publisherText({ owner, exposure: name, ...(revision === undefined ? {} : { revision }) }),
            routes: guarded.map(({ route, audience }) => ({
                hostname: route.hostname,
                ...(route.path === undefined ? {} : { path: route.path }),
                ...(proxy === undefined || direct.includes(route) ? originOf(route) : { service: proxy.endpoint }),
                audience,
            })),
        },
        child,
    );
    const tlsOrigins = [...(proxy === undefined ? [] : [PROXY_ALIAS]), ...tlsHostsOf(direct)];
    const authorities = [
        ...(proxy === undefined ? [] : [proxy.caPem]),
        ...(originCaPem === undefined || tlsHostsOf(direct).length === 0 ? [] : [originCaPem]),
    ];
    const hasWayOut = direct.length > 0 && !network.internal;
    const networkIds = [
        ...(proxy === undefined ? [] : [proxy.networkId]),
        ...(direct.length === 0 ? [] : [network.id]),
        ...(hasWayOut ? [] : [egressNetwork(name, owner, labels, parent).id]),
    ];
    new SwarmTunnelSidecar(
        name,
        {
            tunnelId: tunnel.tunnelId,
            credentials: tunnel.credentials,
            networkIds,
            ...connector,
            ...(authorities.length === 0
                ? {}
                : { originCaPem: pulumi.all(authorities).apply((pems) => pems.join("")) }),
            ...(args.edge === undefined ? {} : { edge: edgeFor(args.edge, tlsOrigins) }),
            labels,
        },
        child,
    );
    return { hostnames: ingress.hostnames };
}

function isHttp(service: string): boolean {
    return /^https?:/.test(service);
}

/** The service itself as origin. */
function originOf({ service, originServerName }: ExposedRoute) {
    return { service, ...(originServerName === undefined ? {} : { originRequest: { originServerName } }) };
}

function policiesOf({ audiences }: ExposedRoute, policyIds: SwarmDiscoveryArgs["policyIds"]): pulumi.Output<string[]> {
    const lists = audiences.map((audience) => pulumi.output(policyIds[audience] ?? []));
    return pulumi.all(lists).apply((all) => (all as string[][]).flat());
}

/** A way out for connectors on networks that have none; each has its own, so that they do not see each other. */
function egressNetwork(
    name: string,
    owner: string,
    labels: Readonly<Record<string, string>>,
    parent: pulumi.Resource,
): Network {
    return new Network(
        `${name}-egress`,
        {
            name: `sallyport-${owner}-${name}-egress`,
            driver: "overlay",
            internal: false,
            attachable: false,
            labels: labelList(labels),
        },
        { parent },
    );
}

/** Hosts of the origins that the connector speaks TLS to. */
function tlsHostsOf(routes: readonly ExposedRoute[]): string[] {
    const hosts = routes.flatMap(({ service }) => (usesTls(service) ? (parseService(service)?.host ?? []) : []));
    return [...new Set(hosts)];
}

/** The edge, with hosts that the connector asks itself instead of the proxy to the team's keys. */
function edgeFor(edge: TunnelEdge, directHosts: string[]): TunnelEdge {
    const { teamProxy } = edge;
    if (teamProxy === undefined || directHosts.length === 0) return edge;
    return { ...edge, teamProxy: { ...teamProxy, directHosts } };
}
