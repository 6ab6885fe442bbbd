import type { Checks } from "../opening.ts";
import { type Switch, switches } from "../switches.ts";

const INSTEAD = "Leave it in a private subnet: a connector dials out through a NAT gateway.";

const assigned = (at: string, opens: Switch["opens"] = [true]): Switch => ({
    at,
    opens,
    does: `gets a public address by \`${at.replaceAll("[]", "")}\``,
    instead: INSTEAD,
});

/** An address of its own belongs to a NAT gateway, or to nobody yet, until it is given to a machine. */
const attached = (at: string): Switch => ({
    at,
    opens: "set",
    does: `gives a machine a public address by \`${at}\``,
    instead: "Remove it: a connector dials out through a NAT gateway.",
});

/** Public addresses of AWS's machines, by the schemas of `@pulumi/aws` 7.48 and `@pulumi/aws-native` 1.79. */
export const awsAddresses: Checks = {
    "aws:ec2/instance:Instance": switches(assigned("associatePublicIpAddress")),
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": switches(assigned("associatePublicIpAddress")),
    "aws:ec2/launchConfiguration:LaunchConfiguration": switches(assigned("associatePublicIpAddress")),
    "aws:ec2/launchTemplate:LaunchTemplate": switches(assigned("networkInterfaces[].associatePublicIpAddress")),
    "aws:ec2/subnet:Subnet": switches(assigned("mapPublicIpOnLaunch")),
    "aws:ec2/defaultSubnet:DefaultSubnet": switches(assigned("mapPublicIpOnLaunch")),
    "aws:ec2/eip:Eip": switches(attached("instance"), attached("networkInterface")),
    "aws:ec2/eipAssociation:EipAssociation": switches(attached("instanceId"), attached("networkInterfaceId")),
    "aws:ecs/service:Service": switches(assigned("networkConfiguration.assignPublicIp")),
    "aws:lightsail/staticIpAttachment:StaticIpAttachment": switches(attached("instanceName")),
    "aws-native:ec2:Instance": switches(assigned("networkInterfaces[].associatePublicIpAddress")),
    "aws-native:ec2:LaunchTemplate": switches(
        assigned("launchTemplateData.networkInterfaces[].associatePublicIpAddress"),
    ),
    "aws-native:ec2:Subnet": switches(assigned("mapPublicIpOnLaunch")),
    "aws-native:ec2:Eip": switches(attached("instanceId")),
    "aws-native:ec2:EipAssociation": switches(attached("instanceId"), attached("networkInterfaceId")),
    "aws-native:ecs:Service": switches(
        assigned("networkConfiguration.awsvpcConfiguration.assignPublicIp", ["ENABLED"]),
    ),
};
