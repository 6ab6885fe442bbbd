import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment.ts";
import type { ExposureConfig } from "../config/exposure.ts";
import { discover } from "../discovery.ts";
import { cloudflareProvider, dockerProvider } from "../providers.ts";

/**
 * One labelled service in a stack of its own: what it takes to publish it, and nothing else. Labels that the rules do not allow leave the stack
 * empty, so that what it published goes.
 *
 * @param apiToken what Cloudflare's API is asked with; `CLOUDFLARE_API_TOKEN` where omitted.
 */
export function deployExposure(
    environment: Environment,
    { service, rules, policyIds, revision, originCa }: ExposureConfig,
    apiToken?: pulumi.Input<string>,
) {
    const { id: zoneId } = environment.zone;
    if (zoneId === undefined) {
        throw new pulumi.RunError("sallyport:zoneId is missing: let `sallyport swarm` write the stack file");
    }
    const providers = { cloudflare: cloudflareProvider(environment, apiToken), docker: dockerProvider(environment) };
    const { hostnames, refused } = discover(
        environment,
        { services: [service], rules, zoneId, policyIds, revision, originCaPem: originCa },
        { providers },
    );
    return { hostnames, refused };
}
