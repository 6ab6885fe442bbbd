import type { StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, shown, UNKNOWN } from "../../values.ts";

/**
 * The ingress rules of a locally managed tunnel stand in a file beside each connector. Where the stack ships that file, as a Swarm config
 * made from the tunnel, the plan and this pack see them; a file on some machine nobody sees, and it may serve names that no Access
 * application guards.
 *
 * The provider's default is `local` (`zero_trust_tunnel_cloudflared` of terraform-provider-cloudflare 5.19), so leaving it out counts.
 */
export const tunnelIsManagedInSight: StackRule = {
    name: "tunnel-is-remotely-managed",
    description:
        "A tunnel's ingress rules come from Cloudflare or a Swarm config of the stack, where this pack sees them.",
    severity: "high",
    remediationSteps:
        'Set `configSrc` to "cloudflare" and declare a `ZeroTrustTunnelCloudflaredConfig`, or ship the connectors\' file as a `docker.ServiceConfig` made from the tunnel.',
    judgeStack: (resources) => {
        const shipped = new Set(resources.filter(({ type }) => type === Token.serviceConfig).flatMap(tunnelsIn));
        return resources
            .filter(({ type, urn }) => type === Token.tunnel && !shipped.has(urn))
            .flatMap((resource) => {
                const source = at(resource.props, "configSrc");
                if (source === "cloudflare" || source === UNKNOWN) return [];
                return [
                    {
                        resource,
                        wrong: `Tunnel '${resource.name}' is locally managed, and the stack ships no rules for it: 'configSrc' is ${shown(source)}.`,
                        instead: 'Write "cloudflare", or ship the connectors\' file as a Swarm config.',
                    },
                ];
            });
    },
};

/** The tunnels whose outputs went into a Swarm config. Known even where the text is not. */
function tunnelsIn({ propertyDependencies }: StackResource): string[] {
    return ["data", "dataRaw"]
        .flatMap((property) => propertyDependencies[property] ?? [])
        .filter(({ type }) => type === Token.tunnel)
        .map(({ urn }) => urn);
}
