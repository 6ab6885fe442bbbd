import type { Checks } from "../opening.ts";
import { type Permissions, permissions } from "../permissions.ts";

const securityRule: Permissions = {
    only: { access: ["Allow"], direction: ["Inbound"] },
    sources: ["sourceAddressPrefix", "sourceAddressPrefixes"],
    // Service tags of the virtual network itself and of the probes of Azure's load balancers
    // (learn.microsoft.com/azure/virtual-network/service-tags-overview).
    insideWords: ["VirtualNetwork", "AzureLoadBalancer"],
    ports: ["destinationPortRange", "destinationPortRanges[]"],
};
const securityGroup = permissions({ ...securityRule, list: "securityRules" });

/** Network security groups, by the schemas of `@pulumi/azure` 6.40 and `@pulumi/azure-native` 3.28. */
export const azureFirewalls: Checks = {
    "azure:network/networkSecurityGroup:NetworkSecurityGroup": securityGroup,
    "azure:network/networkSecurityRule:NetworkSecurityRule": permissions(securityRule),
    "azure-native:network:NetworkSecurityGroup": securityGroup,
    "azure-native:network:SecurityRule": permissions(securityRule),
};
