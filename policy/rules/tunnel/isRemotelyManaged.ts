import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, shown, UNKNOWN } from "../../values.ts";

/**
 * A locally managed tunnel takes its ingress from a file beside the connector, which no plan shows and no rule of
 * this pack sees. The provider's default is `local` (`zero_trust_tunnel_cloudflared` of terraform-provider-cloudflare
 * 5.19), so leaving it out counts.
 */
export const tunnelIsRemotelyManaged: ResourceRule = {
    name: "tunnel-is-remotely-managed",
    description: "A tunnel takes its ingress rules from Cloudflare, where the plan and this pack see them.",
    severity: "high",
    remediationSteps: 'Set `configSrc` to "cloudflare" and declare a `ZeroTrustTunnelCloudflaredConfig`.',
    type: Token.tunnel,
    judge: ({ name, props }) => {
        const source = at(props, "configSrc");
        if (source === "cloudflare" || source === UNKNOWN) return [];
        return [
            {
                wrong: `Tunnel '${name}' is locally managed: 'configSrc' is ${shown(source)}.`,
                instead: 'Write "cloudflare".',
            },
        ];
    },
};
