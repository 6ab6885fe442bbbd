import { awsAddresses } from "../../exposure/addresses/aws.ts";
import { otherAddresses } from "../../exposure/addresses/others.ts";
import { awsEndpoints } from "../../exposure/endpoints/aws.ts";
import { otherEndpoints } from "../../exposure/endpoints/others.ts";
import { awsLoadBalancers, azureLoadBalancers, googleLoadBalancers } from "../../exposure/loadBalancers/clouds.ts";
import { hosterLoadBalancers } from "../../exposure/loadBalancers/hosters.ts";
import { exposureRule, joined } from "../../exposure/opening.ts";
import { allowedSourcesSchema } from "../../exposure/sources.ts";

/** A connector dials out through NAT; a public address only helps those who want to come in. */
export const noPublicAddress = exposureRule({
    name: "no-public-address",
    description: "A machine has no public address.",
    severity: "high",
    remediationSteps: "Put the machine into a private network with a way out, and its connector on it.",
    checks: joined(awsAddresses, otherAddresses),
});

/** What a load balancer spreads comes from a tunnel's replicas already. */
export const noPublicLoadBalancer = exposureRule({
    name: "no-public-load-balancer",
    description: "A load balancer takes nothing from the Internet.",
    severity: "critical",
    remediationSteps: "Make it internal, or remove it and let the connectors of a tunnel reach the services behind it.",
    configSchema: allowedSourcesSchema,
    checks: joined(awsLoadBalancers, googleLoadBalancers, azureLoadBalancers, hosterLoadBalancers),
});

/** Databases, clusters and other managed services are reached over a private route or a TCP application of Access. */
export const noPublicEndpoint = exposureRule({
    name: "no-public-endpoint",
    description: "A managed database, cluster or function is reached from private addresses only.",
    severity: "critical",
    remediationSteps:
        "Switch the public endpoint off and reach the service through a tunnel, or list ranges that are yours in `allowedSources`.",
    configSchema: allowedSourcesSchema,
    checks: joined(awsEndpoints, otherEndpoints),
});
