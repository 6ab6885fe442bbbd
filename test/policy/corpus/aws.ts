import type { Specimen } from "./specimen.ts";

const rule = "no-open-firewall";
const ANYBODY = ["0.0.0.0/0"];

/** AWS's firewalls, by both of Pulumi's packages. */
export const awsFirewalls: readonly Specimen[] = [
    {
        what: "a security group that lets everybody reach SSH",
        type: "aws:ec2/securityGroup:SecurityGroup",
        rule,
        props: {
            description: "bastion",
            vpcId: "vpc-1",
            ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ANYBODY }],
            egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ANYBODY }],
        },
        safe: [
            { what: "from a private range", set: { "ingress.0.cidrBlocks": ["10.0.0.0/8", "172.16.4.0/24"] } },
            { what: "no inbound rule at all", set: { ingress: [] } },
        ],
    },
    {
        what: "a security group that lets IPv6 in on a range of ports",
        type: "aws:ec2/securityGroup:SecurityGroup",
        rule,
        props: { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8999, ipv6CidrBlocks: ["::/0"] }] },
        safe: [{ what: "from unique local addresses", set: { "ingress.0.ipv6CidrBlocks": ["fd00:10::/64"] } }],
    },
    {
        what: "a security group open on every port to half of the Internet",
        type: "aws:ec2/securityGroup:SecurityGroup",
        rule,
        props: { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/1"] }] },
        safe: [{ what: "only to itself", set: { "ingress.0.cidrBlocks": undefined, "ingress.0.self": true } }],
    },
    {
        what: "a public address hidden behind a private one",
        type: "aws:ec2/securityGroup:SecurityGroup",
        rule,
        props: {
            ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.1.0.0/16", "203.0.113.7/32"] }],
        },
        safe: [{ what: "the private one alone", set: { "ingress.0.cidrBlocks": ["10.1.0.0/16"] } }],
    },
    {
        what: "a range that is wider than the private one",
        type: "aws:ec2/securityGroup:SecurityGroup",
        rule,
        props: { ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["10.0.0.0/7"] }] },
        safe: [{ what: "the private one itself", set: { "ingress.0.cidrBlocks": ["10.0.0.0/8"] } }],
    },
    {
        what: "a prefix list, whose ranges nobody sees",
        type: "aws:ec2/securityGroup:SecurityGroup",
        rule,
        props: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-3b927c52"] }] },
        safe: [
            {
                what: "another group",
                set: { "ingress.0.prefixListIds": undefined, "ingress.0.securityGroups": ["sg-0a1b2c3d"] },
            },
        ],
    },
    {
        what: "the default group of a network, opened",
        type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        rule,
        props: { vpcId: "vpc-1", ingress: [{ protocol: "tcp", fromPort: 3389, toPort: 3389, cidrBlocks: ANYBODY }] },
        safe: [
            {
                what: "the same ports for outgoing traffic",
                set: { ingress: [], egress: [{ protocol: "tcp", fromPort: 3389, toPort: 3389, cidrBlocks: ANYBODY }] },
            },
        ],
    },
    {
        what: "a rule by itself that lets everybody in",
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        rule,
        props: {
            type: "ingress",
            protocol: "tcp",
            fromPort: 80,
            toPort: 80,
            cidrBlocks: ANYBODY,
            securityGroupId: "sg-1",
        },
        safe: [
            { what: "for outgoing traffic", set: { type: "egress" } },
            { what: "from a shared address space", set: { cidrBlocks: ["100.64.0.0/10"] } },
        ],
    },
    {
        what: "a rule by itself for IPv6",
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        rule,
        props: {
            type: "ingress",
            protocol: "udp",
            fromPort: 51820,
            toPort: 51820,
            ipv6CidrBlocks: ["2000::/3"],
            securityGroupId: "sg-1",
        },
        safe: [{ what: "from another group", set: { ipv6CidrBlocks: undefined, sourceSecurityGroupId: "sg-2" } }],
    },
    {
        what: "an inbound rule of a VPC",
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        rule,
        props: { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" },
        safe: [
            { what: "from one machine of the network", set: { cidrIpv4: "192.168.4.7/32" } },
            { what: "from another group", set: { cidrIpv4: undefined, referencedSecurityGroupId: "sg-2" } },
        ],
    },
    {
        what: "an inbound rule of a VPC on every port, by IPv6",
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        rule,
        props: { securityGroupId: "sg-1", ipProtocol: "-1", cidrIpv6: "::/0" },
        safe: [{ what: "from unique local addresses", set: { cidrIpv6: "fc00::/7" } }],
    },
    {
        what: "ports of a Lightsail instance",
        type: "aws:lightsail/instancePublicPorts:InstancePublicPorts",
        rule,
        props: { instanceName: "blog", portInfos: [{ protocol: "tcp", fromPort: 443, toPort: 443 }] },
        safe: [{ what: "for private addresses", set: { "portInfos.0.cidrs": ["10.0.0.0/8"] } }],
    },
    {
        what: "a security group by CloudFormation's schema",
        type: "aws-native:ec2:SecurityGroup",
        rule,
        props: {
            groupDescription: "web",
            securityGroupIngress: [{ ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIp: "0.0.0.0/0" }],
        },
        safe: [
            { what: "from a private range", set: { "securityGroupIngress.0.cidrIp": "10.20.0.0/16" } },
            {
                what: "from another group",
                set: {
                    "securityGroupIngress.0.cidrIp": undefined,
                    "securityGroupIngress.0.sourceSecurityGroupId": "sg-2",
                },
            },
        ],
    },
    {
        what: "an inbound rule by CloudFormation's schema",
        type: "aws-native:ec2:SecurityGroupIngress",
        rule,
        props: { groupId: "sg-1", ipProtocol: "tcp", fromPort: 6379, toPort: 6379, cidrIpv6: "::/0" },
        safe: [{ what: "by unique local addresses", set: { cidrIpv6: "fd12:3456::/32" } }],
    },
    {
        what: "a Lightsail instance with a port for everybody, by CloudFormation's schema",
        type: "aws-native:lightsail:Instance",
        rule,
        props: {
            blueprintId: "debian_12",
            bundleId: "nano_3_0",
            networking: { ports: [{ protocol: "tcp", fromPort: 80, toPort: 80 }] },
        },
        safe: [
            { what: "for private addresses", set: { "networking.ports.0.cidrs": ["172.16.0.0/12"] } },
            { what: "for outgoing traffic", set: { "networking.ports.0.accessDirection": "outbound" } },
        ],
    },
];
