import type { Checks } from "../opening.ts";
import { type Permissions, permissions } from "../permissions.ts";

/** Of the ways to name a source, tags and service accounts are the network's own machines. */
const rule: Permissions = {
    ifSaid: { direction: ["INGRESS"], disabled: [false] },
    sources: ["sourceRanges"],
    insiders: ["sourceTags", "sourceServiceAccounts"],
    anybodyIfOmitted: true,
};
/** A firewall policy can name outsiders by country, name or reputation as well. */
const policyRule: Permissions = {
    only: { action: ["allow"] },
    ifSaid: { direction: ["INGRESS"], disabled: [false] },
    sources: [
        "match.srcIpRanges",
        "match.srcAddressGroups",
        "match.srcFqdns",
        "match.srcRegionCodes",
        "match.srcThreatIntelligences",
    ],
    insiders: ["match.srcSecureTags", "match.srcNetworks"],
    anybodyIfOmitted: true,
    ports: ["match.layer4Configs[].ports[]"],
};
const policy = permissions({ ...policyRule, list: "rules" });

/** Google Cloud's firewalls, by the schemas of `@pulumi/gcp` 9.37 and `@pulumi/google-native` 0.32. */
export const googleFirewalls: Checks = {
    "gcp:compute/firewall:Firewall": permissions({ ...rule, needs: ["allows"], ports: ["allows[].ports[]"] }),
    "google-native:compute/v1:Firewall": permissions({ ...rule, needs: ["allowed"], ports: ["allowed[].ports[]"] }),
    "gcp:compute/firewallPolicyRule:FirewallPolicyRule": permissions(policyRule),
    "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule": permissions(policyRule),
    "gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule": permissions(policyRule),
    "gcp:compute/firewallPolicyWithRules:FirewallPolicyWithRules": policy,
    "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules": policy,
    "gcp:compute/regionNetworkFirewallPolicyWithRules:RegionNetworkFirewallPolicyWithRules": policy,
};
