import { rangeOf } from "../../addresses.ts";
import type { Finding, ResourceRule, RuleConfig } from "../../rule.ts";
import { ComponentToken } from "../../tokens.ts";
import { at, knownItems, shown, text } from "../../values.ts";

const CURE = "Write the addresses that the site's router has, or the prefix that was assigned to the site.";

/**
 * The ports that a federation opens let in what its sites come from: a range that is more than a site's lets strangers as far as the handshake. Certificates and keys
 * still tell who is who; the firewall is what keeps everybody else from trying.
 */
export const federationSiteIsBounded: ResourceRule = {
    name: "federation-site-is-bounded",
    description: "The addresses from which a federation's site comes are those of one site.",
    severity: "high",
    remediationSteps: CURE,
    type: [ComponentToken.MutualTlsService, ComponentToken.WireGuardMesh, ComponentToken.ConsulMesh],
    configSchema: {
        widestIpv4: {
            type: "integer",
            description: "Shortest prefix of a site's IPv4 addresses.",
            minimum: 1,
            maximum: 32,
            default: 24,
        },
        widestIpv6: {
            type: "integer",
            description: "Shortest prefix of a site's IPv6 addresses.",
            minimum: 1,
            maximum: 128,
            default: 40,
        },
    },
    judge: ({ name, props }, config) =>
        knownItems(at(props, "federation", "sites")).flatMap((site) => {
            const ranges = [...knownItems(at(site, "egress")), at(site, "ipv6Prefix")];
            return ranges.flatMap((range) => judgeRange(name, text(at(site, "name")) ?? "", text(range), config));
        }),
};

function judgeRange(component: string, site: string, written: string | undefined, config: RuleConfig): Finding[] {
    const range = written === undefined ? undefined : rangeOf(written);
    if (range === undefined) return [];
    const widest = Number(range.family === "ipv4" ? config.widestIpv4 : config.widestIpv6);
    if (range.prefix >= widest) return [];
    return [
        {
            wrong: `Federation of '${component}' lets in ${shown(written)} as the site '${site}', which is wider than /${widest}.`,
            instead: CURE,
        },
    ];
}
