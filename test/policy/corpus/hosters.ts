import type { Specimen } from "./specimen.ts";

const rule = "no-open-firewall";

/** The firewalls of Hetzner, DigitalOcean, Scaleway, OVH, Vultr and Linode. */
export const hosterFirewalls: readonly Specimen[] = [
    {
        what: "Hetzner: HTTPS for everybody",
        type: "hcloud:index/firewall:Firewall",
        rule,
        props: { rules: [{ direction: "in", protocol: "tcp", port: "443", sourceIps: ["0.0.0.0/0", "::/0"] }] },
        safe: [
            {
                what: "for outgoing traffic",
                set: {
                    "rules.0.direction": "out",
                    "rules.0.sourceIps": undefined,
                    "rules.0.destinationIps": ["0.0.0.0/0", "::/0"],
                },
            },
            { what: "for a private network", set: { "rules.0.sourceIps": ["10.0.0.0/16"] } },
            { what: "no rule, which lets nobody in", set: { rules: [] } },
        ],
    },
    {
        what: "Hetzner: pings from everywhere",
        type: "hcloud:index/firewall:Firewall",
        rule,
        props: { rules: [{ direction: "in", protocol: "icmp", sourceIps: ["0.0.0.0/0"] }] },
        safe: [{ what: "from one private machine", set: { "rules.0.sourceIps": ["10.0.0.2/32"] } }],
    },
    {
        what: "DigitalOcean: SSH for everybody",
        type: "digitalocean:index/firewall:Firewall",
        rule,
        props: {
            dropletIds: [1],
            inboundRules: [{ protocol: "tcp", portRange: "22", sourceAddresses: ["0.0.0.0/0", "::/0"] }],
            outboundRules: [{ protocol: "tcp", portRange: "all", destinationAddresses: ["0.0.0.0/0", "::/0"] }],
        },
        safe: [
            { what: "that denies", set: { "inboundRules.0.action": "deny" } },
            {
                what: "for tagged machines",
                set: { "inboundRules.0.sourceAddresses": undefined, "inboundRules.0.sourceTags": ["bastion"] },
            },
        ],
    },
    {
        what: "Scaleway: a group that accepts HTTP",
        type: "scaleway:instance/securityGroup:SecurityGroup",
        rule,
        props: { inboundDefaultPolicy: "drop", inboundRules: [{ action: "accept", port: 80 }] },
        safe: [
            { what: "that drops it", set: { "inboundRules.0.action": "drop" } },
            { what: "from a private range", set: { "inboundRules.0.ipRange": "10.0.0.0/8" } },
        ],
    },
    {
        what: "Scaleway: a group that says nothing about everything else",
        type: "scaleway:instance/securityGroup:SecurityGroup",
        rule,
        props: { inboundRules: [{ action: "accept", port: 22, ipRange: "192.168.0.0/24" }] },
        safe: [{ what: "that drops everything else", set: { inboundDefaultPolicy: "drop" } }],
    },
    {
        what: "Scaleway: a group by its former name that accepts what comes",
        type: "scaleway:index/instanceSecurityGroup:InstanceSecurityGroup",
        rule,
        props: { inboundDefaultPolicy: "accept" },
        safe: [{ what: "that drops it", set: { inboundDefaultPolicy: "drop" } }],
    },
    {
        what: "Scaleway: rules by themselves",
        type: "scaleway:instance/securityGroupRules:SecurityGroupRules",
        rule,
        props: {
            securityGroupId: "sg",
            inboundRules: [{ action: "accept", portRange: "3000-3999", ipRange: "0.0.0.0/0" }],
        },
        safe: [{ what: "for a private range", set: { "inboundRules.0.ipRange": "172.20.0.0/16" } }],
    },
    {
        what: "Scaleway: rules by themselves, by their former name",
        type: "scaleway:index/instanceSecurityGroupRules:InstanceSecurityGroupRules",
        rule,
        props: { securityGroupId: "sg", inboundRules: [{ action: "accept", port: 443, ip: "203.0.113.9" }] },
        safe: [{ what: "for a private address", set: { "inboundRules.0.ip": "10.0.0.9" } }],
    },
    {
        what: "OVH: a rule of an address's firewall",
        type: "ovh:Ip/firewallRule:FirewallRule",
        rule,
        props: {
            ip: "192.0.2.1",
            ipOnFirewall: "192.0.2.1",
            action: "permit",
            protocol: "tcp",
            destinationPort: 22,
            sequence: 0,
        },
        safe: [
            { what: "that denies", set: { action: "deny" } },
            { what: "for a private range", set: { source: "10.0.0.0/8" } },
        ],
    },
    {
        what: "OVH: a security group of the public cloud",
        type: "ovh:index/cloudSecurityGroup:CloudSecurityGroup",
        rule,
        props: {
            region: "GRA11",
            serviceName: "project",
            rules: [
                { direction: "ingress", ethernetType: "IPv4", protocol: "tcp", portRangeMin: 80, portRangeMax: 80 },
            ],
        },
        safe: [
            { what: "for outgoing traffic", set: { "rules.0.direction": "egress" } },
            { what: "from another group", set: { "rules.0.remoteGroupId": "group" } },
            { what: "from a private range", set: { "rules.0.remoteIpPrefix": "10.1.0.0/16" } },
        ],
    },
    {
        what: "Vultr: a rule for everybody",
        type: "vultr:index/firewallRule:FirewallRule",
        rule,
        props: { firewallGroupId: "g", protocol: "tcp", ipType: "v4", subnet: "0.0.0.0", subnetSize: 0, port: "8090" },
        safe: [{ what: "for a private network", set: { subnet: "10.0.0.0", subnetSize: 8 } }],
    },
    {
        what: "Vultr: a rule that reaches beyond the private network",
        type: "vultr:index/firewallRule:FirewallRule",
        rule,
        props: { firewallGroupId: "g", protocol: "tcp", ipType: "v4", subnet: "10.0.0.0", subnetSize: 7, port: "22" },
        safe: [{ what: "that stays within", set: { subnetSize: 16 } }],
    },
    {
        what: "Linode: a rule that accepts HTTPS",
        type: "linode:index/firewall:Firewall",
        rule,
        props: {
            label: "web",
            inboundPolicy: "DROP",
            outboundPolicy: "ACCEPT",
            inbounds: [{ label: "https", action: "ACCEPT", protocol: "TCP", ports: "443", ipv4s: ["0.0.0.0/0"] }],
        },
        safe: [
            { what: "that drops it", set: { "inbounds.0.action": "DROP" } },
            { what: "from a private range", set: { "inbounds.0.ipv4s": ["192.168.128.0/17"] } },
        ],
    },
    {
        what: "Linode: a firewall that accepts what no rule is about",
        type: "linode:index/firewall:Firewall",
        rule,
        props: { label: "web", inboundPolicy: "ACCEPT", outboundPolicy: "ACCEPT" },
        safe: [{ what: "that drops it", set: { inboundPolicy: "DROP" } }],
    },
    {
        what: "Linode: a firewall that is switched off",
        type: "linode:index/firewall:Firewall",
        rule,
        props: { label: "web", inboundPolicy: "DROP", outboundPolicy: "ACCEPT", disabled: true },
        safe: [{ what: "that is on", set: { disabled: false } }],
    },
    {
        what: "Scaleway: a port of a gateway that leads inside",
        type: "scaleway:network/publicGatewayPatRule:PublicGatewayPatRule",
        rule,
        props: { gatewayId: "gw", privateIp: "192.168.1.2", privatePort: 22, publicPort: 2222 },
        safe: [],
    },
    {
        what: "Scaleway: a port of a gateway, by its former name",
        type: "scaleway:index/vpcPublicGatewayPatRule:VpcPublicGatewayPatRule",
        rule,
        props: { gatewayId: "gw", privateIp: "192.168.1.2", privatePort: 80, publicPort: 80 },
        safe: [],
    },
];
