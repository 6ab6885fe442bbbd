import type { FederationService } from "../federation.ts";
import { hostPort } from "../hostPort.ts";
import { CONSUL_PORTS } from "./ports.ts";
import type { PlannedNode, SitePlan } from "./sitePlan.ts";
import { spread } from "./spread.ts";

/** Name of every site's mesh gateway in the catalogue. */
export const GATEWAY = "mesh-gateway";

/**
 * A service and its sidecar, for the agent of each machine on which the service may run: where nothing answers on its port it is left out of DNS and
 * of the mesh, so that it moves without a change here. The service itself listens on loopback alone.
 */
export function serviceDefinition(
    plan: SitePlan,
    { node, service, token }: { node: PlannedNode; service: FederationService; token: string },
): object {
    const sidecarPort = sidecarPortOf(node, service);
    const upstreams = plan.upstreams.filter(({ from }) => from === service.name);
    return {
        service: {
            name: service.name,
            token,
            ...(service.port !== undefined && {
                port: service.port,
                checks: [{ name: "answers", tcp: `127.0.0.1:${service.port}`, interval: "2s", timeout: "1s" }],
            }),
            connect: {
                sidecar_service: {
                    token,
                    port: sidecarPort,
                    checks: [
                        {
                            name: "sidecar answers",
                            tcp: hostPort(node.address, sidecarPort),
                            interval: "2s",
                            timeout: "1s",
                        },
                        { name: "service answers", alias_service: service.name },
                    ],
                    proxy: {
                        // Unless it is told, Envoy binds every address of IPv4, and none of IPv6.
                        config: { bind_address: node.address },
                        upstreams: upstreams.map(({ to, peer, address, port }) => ({
                            destination_name: to,
                            ...(peer !== undefined && { destination_peer: peer }),
                            local_bind_address: address,
                            local_bind_port: port,
                        })),
                    },
                },
            },
        },
    };
}

/** The site's gateway, on a machine that runs one. */
export function gatewayDefinition({ address, gatewayAddress }: PlannedNode, token: string): object {
    const port = CONSUL_PORTS.gateway;
    return {
        service: {
            kind: "mesh-gateway",
            name: GATEWAY,
            token,
            address,
            port,
            tagged_addresses: { lan: { address, port }, wan: { address: gatewayAddress, port } },
            checks: [{ name: "answers", tcp: hostPort(address, port), interval: "5s" }],
        },
    };
}

/** Sidecars listen where Consul would put them, each service's on a port that stays its own. */
function sidecarPortOf({ services }: PlannedNode, { name }: FederationService): number {
    const { first, count } = CONSUL_PORTS.sidecars;
    const offsets = spread(
        services.map((service) => service.name),
        count,
    );
    return first + (offsets.get(name) ?? 0);
}
