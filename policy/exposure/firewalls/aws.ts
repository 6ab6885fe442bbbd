import type { Checks } from "../opening.ts";
import { type Permissions, permissions } from "../permissions.ts";

/** The source of a security group's rule that is another group, or the group itself, is inside. */
const groupRule: Permissions = {
    sources: ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"],
    portSpan: ["fromPort", "toPort"],
};
const nativeRule: Permissions = {
    sources: ["cidrIp", "cidrIpv6", "sourcePrefixListId"],
    portSpan: ["fromPort", "toPort"],
};
/** Lightsail opens a port to everybody where a rule names nobody. */
const lightsailPort: Permissions = {
    sources: ["cidrs", "ipv6Cidrs", "cidrListAliases"],
    anybodyIfOmitted: true,
    portSpan: ["fromPort", "toPort"],
};

/**
 * AWS's security groups and Lightsail's ports, by the schemas of `@pulumi/aws` 7.48 and `@pulumi/aws-native` 1.79.
 * Network ACLs keep no state and have to let answers in from everywhere, so they say nothing about who may connect.
 */
export const awsFirewalls: Checks = {
    "aws:ec2/securityGroup:SecurityGroup": permissions({ ...groupRule, list: "ingress" }),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": permissions({ ...groupRule, list: "ingress" }),
    "aws:ec2/securityGroupRule:SecurityGroupRule": permissions({ ...groupRule, only: { type: ["ingress"] } }),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": permissions({
        sources: ["cidrIpv4", "cidrIpv6", "prefixListId"],
        portSpan: ["fromPort", "toPort"],
    }),
    "aws:lightsail/instancePublicPorts:InstancePublicPorts": permissions({ ...lightsailPort, list: "portInfos" }),
    "aws-native:ec2:SecurityGroup": permissions({ ...nativeRule, list: "securityGroupIngress" }),
    "aws-native:ec2:SecurityGroupIngress": permissions(nativeRule),
    "aws-native:lightsail:Instance": permissions({
        ...lightsailPort,
        list: "networking.ports",
        ifSaid: { accessDirection: ["inbound"] },
    }),
};
