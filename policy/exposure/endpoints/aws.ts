import { at, UNKNOWN } from "../../values.ts";
import type { Check, Checks } from "../opening.ts";
import { isOneOf } from "../paths.ts";
import { permissions } from "../permissions.ts";
import { switches } from "../switches.ts";

const accessible = switches({
    at: "publiclyAccessible",
    opens: [true],
    does: "is publicly accessible",
    instead: "Remove `publiclyAccessible` and let a tunnel connector in its network reach it.",
});

/** The endpoint of an EKS cluster is public unless it is told not to be, and then to everybody (`vpcConfig` in the schema). */
function cluster(block: string): Check {
    const lets = permissions({ list: block, sources: ["publicAccessCidrs"], anybodyIfOmitted: true });
    return (props, config) => {
        const isPublic = at(props, block, "endpointPublicAccess");
        if (isPublic === UNKNOWN || isOneOf(isPublic, [false])) return [];
        return lets(props, config).map(() => ({
            does: "has a public API endpoint",
            instead: `Set \`${block}.endpointPublicAccess\` to false and reach the API through a tunnel.`,
        }));
    };
}

/** Managed services of AWS, by the schemas of `@pulumi/aws` 7.48 and `@pulumi/aws-native` 1.79. */
export const awsEndpoints: Checks = {
    "aws:rds/instance:Instance": accessible,
    "aws:rds/clusterInstance:ClusterInstance": accessible,
    "aws:neptune/clusterInstance:ClusterInstance": accessible,
    "aws:redshift/cluster:Cluster": accessible,
    "aws:redshiftserverless/workgroup:Workgroup": accessible,
    "aws:lightsail/database:Database": accessible,
    "aws:dms/replicationInstance:ReplicationInstance": accessible,
    "aws:mq/broker:Broker": accessible,
    "aws-native:rds:DbInstance": accessible,
    "aws-native:redshift:Cluster": accessible,
    "aws-native:lightsail:Database": accessible,
    "aws-native:amazonmq:Broker": accessible,
    "aws:eks/cluster:Cluster": cluster("vpcConfig"),
    "aws-native:eks:Cluster": cluster("resourcesVpcConfig"),
    "aws:lambda/functionUrl:FunctionUrl": switches({
        at: "authorizationType",
        opens: ["NONE"],
        does: "answers everybody",
        instead: 'Set `authorizationType` to "AWS_IAM", or serve the name through a tunnel.',
    }),
};
