import { at, UNKNOWN } from "../../values.ts";
import { both, type Check, type Checks, type Opening } from "../opening.ts";
import { isOneOf } from "../paths.ts";
import { type Permissions, permissions } from "../permissions.ts";

/** Scaleway's rules are for every address where they name none (`ipRange` in the schema). */
const scalewayRules = permissions({
    list: "inboundRules",
    only: { action: ["accept"] },
    sources: ["ip", "ipRange"],
    anybodyIfOmitted: true,
    ports: ["port", "portRange"],
});
const scalewayGroup = both(policyDrops("inboundDefaultPolicy", "drop"), scalewayRules);
/** A port of the gateway's public address that leads to a machine behind it. */
const scalewayForward: Permissions = { sources: [], anybodyIfOmitted: true, ports: ["publicPort"] };

/**
 * The firewalls of Hetzner, DigitalOcean, Scaleway, OVH, Vultr and Linode, by the schemas of `@pulumi/hcloud` 1.41,
 * `@pulumi/digitalocean` 4.80, `@pulumiverse/scaleway` 1.54, `@ovhcloud/pulumi-ovh` 2.19, `@ediri/vultr` 2.21 and
 * `@pulumi/linode` 5.1.
 */
export const hosterFirewalls: Checks = {
    "hcloud:index/firewall:Firewall": permissions({
        list: "rules",
        only: { direction: ["in"] },
        sources: ["sourceIps"],
        ports: ["port"],
    }),
    "digitalocean:index/firewall:Firewall": permissions({
        list: "inboundRules",
        ifSaid: { action: ["allow"] },
        sources: ["sourceAddresses"],
        ports: ["portRange"],
    }),
    "scaleway:instance/securityGroup:SecurityGroup": scalewayGroup,
    "scaleway:index/instanceSecurityGroup:InstanceSecurityGroup": scalewayGroup,
    "scaleway:instance/securityGroupRules:SecurityGroupRules": scalewayRules,
    "scaleway:index/instanceSecurityGroupRules:InstanceSecurityGroupRules": scalewayRules,
    "scaleway:network/publicGatewayPatRule:PublicGatewayPatRule": permissions(scalewayForward),
    "scaleway:index/vpcPublicGatewayPatRule:VpcPublicGatewayPatRule": permissions(scalewayForward),
    "ovh:Ip/firewallRule:FirewallRule": permissions({
        only: { action: ["permit"] },
        sources: ["source"],
        anybodyIfOmitted: true,
        ports: ["destinationPort"],
    }),
    "ovh:index/cloudSecurityGroup:CloudSecurityGroup": permissions({
        list: "rules",
        only: { direction: ["ingress"] },
        sources: ["remoteIpPrefix"],
        insiders: ["remoteGroupId"],
        anybodyIfOmitted: true,
        portSpan: ["portRangeMin", "portRangeMax"],
    }),
    "vultr:index/firewallRule:FirewallRule": permissions({
        sources: [{ network: "subnet", length: "subnetSize" }],
        ports: ["port"],
    }),
    "linode:index/firewall:Firewall": both(
        policyDrops("inboundPolicy", "DROP"),
        isEnforced,
        permissions({
            list: "inbounds",
            only: { action: ["ACCEPT"] },
            sources: ["ipv4s", "ipv6s"],
            anybodyIfOmitted: true,
            ports: ["ports"],
        }),
    ),
};

/** What no rule of a firewall is about has to be dropped; what a preview does not know yet is left to the update. */
function policyDrops(property: string, word: string): Check {
    return (props) => {
        const policy = at(props, property);
        if (policy === UNKNOWN || isOneOf(policy, [word])) return [];
        return [{ does: "lets in what no rule of it is about", instead: `Set \`${property}\` to "${word}".` }];
    };
}

function isEnforced(props: Parameters<Check>[0]): readonly Opening[] {
    if (!isOneOf(at(props, "disabled"), [true])) return [];
    return [{ does: "is disabled, so that every port is open", instead: "Remove `disabled`." }];
}
