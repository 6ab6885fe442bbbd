import type { Checks } from "../opening.ts";
import { always, switches } from "../switches.ts";

const DOES = "faces the Internet";
const ALWAYS = "Remove it and serve the name through a tunnel's ingress.";

const byInternal = switches({
    at: "internal",
    opens: [false],
    opensIfOmitted: true,
    // A Gateway Load Balancer hands packets to appliances inside its network.
    ifSaid: { loadBalancerType: ["application", "network"] },
    does: DOES,
    instead: "Set `internal` to true, or remove it and let a tunnel connector reach the targets.",
});
const byScheme = switches({
    at: "scheme",
    opens: ["internet-facing"],
    opensIfOmitted: true,
    ifSaid: { type: ["application", "network"] },
    does: DOES,
    instead: 'Set `scheme` to "internal", or remove it and let a tunnel connector reach the targets.',
});

/** AWS's load balancers, by the schemas of `@pulumi/aws` 7.48 and `@pulumi/aws-native` 1.79. */
export const awsLoadBalancers: Checks = {
    "aws:lb/loadBalancer:LoadBalancer": byInternal,
    "aws:alb/loadBalancer:LoadBalancer": byInternal,
    "aws:elb/loadBalancer:LoadBalancer": byInternal,
    "aws:lightsail/lb:Lb": always({ does: DOES, instead: ALWAYS }),
    "aws:globalaccelerator/accelerator:Accelerator": switches({
        at: "enabled",
        opens: [true],
        opensIfOmitted: true,
        does: DOES,
        instead: ALWAYS,
    }),
    "aws-native:elasticloadbalancingv2:LoadBalancer": byScheme,
    "aws-native:elasticloadbalancing:LoadBalancer": byScheme,
    "aws-native:lightsail:LoadBalancer": always({ does: DOES, instead: ALWAYS }),
};

const forwarding = switches({
    at: "loadBalancingScheme",
    opens: ["EXTERNAL", "EXTERNAL_MANAGED"],
    opensIfOmitted: true,
    does: DOES,
    instead: 'Set `loadBalancingScheme` to "INTERNAL" or "INTERNAL_MANAGED".',
});

/** Google's forwarding rules, by the schemas of `@pulumi/gcp` 9.37 and `@pulumi/google-native` 0.32. */
export const googleLoadBalancers: Checks = {
    "gcp:compute/forwardingRule:ForwardingRule": forwarding,
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": forwarding,
    "google-native:compute/v1:ForwardingRule": forwarding,
    "google-native:compute/v1:GlobalForwardingRule": forwarding,
};

const AZURE = "Give the frontend a `subnet` and no public address.";

/** Any of these makes a frontend public, and what is about to be made counts. */
function frontends(...paths: readonly string[]) {
    return switches(
        ...paths.map((at) => ({
            at,
            opens: "set" as const,
            does: `has a public address in \`${at.split("[]").join("")}\``,
            instead: AZURE,
        })),
    );
}

/** Azure's load balancers and application gateways, by the schemas of `@pulumi/azure` 6.40 and `@pulumi/azure-native` 3.28. */
export const azureLoadBalancers: Checks = {
    "azure:lb/loadBalancer:LoadBalancer": frontends(
        "frontendIpConfigurations[].publicIpAddressId",
        "frontendIpConfigurations[].publicIpPrefixId",
    ),
    "azure:network/applicationGateway:ApplicationGateway": frontends("frontendIpConfigurations[].publicIpAddressId"),
    "azure-native:network:LoadBalancer": frontends(
        "frontendIPConfigurations[].publicIPAddress",
        "frontendIPConfigurations[].publicIPPrefix",
    ),
    "azure-native:network:ApplicationGateway": frontends("frontendIPConfigurations[].publicIPAddress"),
};
