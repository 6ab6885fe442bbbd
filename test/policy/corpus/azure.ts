import type { Specimen } from "./specimen.ts";

const rule = "no-open-firewall";

const ssh = {
    name: "ssh",
    priority: 100,
    access: "Allow",
    direction: "Inbound",
    protocol: "Tcp",
    sourcePortRange: "*",
    destinationPortRange: "22",
    destinationAddressPrefix: "*",
};

/** Azure's network security groups, by both of Pulumi's packages. */
export const azureFirewalls: readonly Specimen[] = [
    {
        what: "a security group whose rule is for every source",
        type: "azure:network/networkSecurityGroup:NetworkSecurityGroup",
        rule,
        props: { resourceGroupName: "rg", securityRules: [{ ...ssh, sourceAddressPrefix: "*" }] },
        safe: [
            { what: "that denies", set: { "securityRules.0.access": "Deny" } },
            { what: "for outgoing traffic", set: { "securityRules.0.direction": "Outbound" } },
            { what: "for the virtual network", set: { "securityRules.0.sourceAddressPrefix": "VirtualNetwork" } },
        ],
    },
    {
        what: "a rule for the Internet, on a list of ports",
        type: "azure:network/networkSecurityRule:NetworkSecurityRule",
        rule,
        props: {
            ...ssh,
            resourceGroupName: "rg",
            networkSecurityGroupName: "nsg",
            destinationPortRanges: ["80", "443", "8000-8999"],
            sourceAddressPrefix: "Internet",
        },
        safe: [
            { what: "for probes of the load balancer", set: { sourceAddressPrefix: "AzureLoadBalancer" } },
            { what: "for a private range", set: { sourceAddressPrefix: "10.0.0.0/8" } },
        ],
    },
    {
        what: "a rule for several sources, one of them public",
        type: "azure:network/networkSecurityRule:NetworkSecurityRule",
        rule,
        props: {
            ...ssh,
            resourceGroupName: "rg",
            networkSecurityGroupName: "nsg",
            sourceAddressPrefixes: ["10.0.0.0/24", "203.0.113.0/24"],
        },
        safe: [{ what: "without that one", set: { sourceAddressPrefixes: ["10.0.0.0/24"] } }],
    },
    {
        what: "a rule for a service of Azure's that others rent as well",
        type: "azure-native:network:SecurityRule",
        rule,
        props: {
            ...ssh,
            resourceGroupName: "rg",
            networkSecurityGroupName: "nsg",
            sourceAddressPrefix: "AzureFrontDoor.Backend",
        },
        safe: [
            {
                what: "for machines of an application security group",
                set: { sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [{ id: "/asg/web" }] },
            },
        ],
    },
    {
        what: "a security group by the API's own schema",
        type: "azure-native:network:NetworkSecurityGroup",
        rule,
        props: { resourceGroupName: "rg", securityRules: [{ ...ssh, sourceAddressPrefix: "Any" }] },
        safe: [{ what: "for one machine", set: { "securityRules.0.sourceAddressPrefix": "10.0.0.4" } }],
    },
    {
        what: "a rule by an older version of the API",
        type: "azure-native:network/v20250301:SecurityRule",
        rule,
        props: {
            ...ssh,
            resourceGroupName: "rg",
            networkSecurityGroupName: "nsg",
            sourceAddressPrefix: "0.0.0.0/0",
        },
        safe: [{ what: "that denies", set: { access: "Deny" } }],
    },
];
