import * as pulumi from "@pulumi/pulumi";
import {
    type AccessAudience,
    type LabelledService,
    type LabelRules,
    SwarmDiscovery,
    type SwarmDiscoveryArgs,
} from "../components/index.ts";
import type { Backend } from "./backend.ts";
import type { Environment } from "./config/environment.ts";
import { labelRulesOf } from "./config/swarm.ts";
import { edgeOf, localSwarm } from "./localEdge.ts";
import { required } from "./required.ts";

/** What exposing labelled services takes beside the environment. */
export interface DiscoveryArgs {
    services: LabelledService[];
    rules: LabelRules;
    zoneId: pulumi.Input<string>;
    policyIds: SwarmDiscoveryArgs["policyIds"];
    /** What the services are exposed from; omitted means that nothing tells it. */
    revision?: string | undefined;
    /** Authority of TLS origins, in PEM; omitted means the system's alone. */
    originCaPem?: pulumi.Input<string> | undefined;
}

/** Exposes the labelled services of an environment: all of them in one stack, or one in a stack of its own. */
export function discover(
    environment: Environment,
    { services, rules, zoneId, policyIds, revision, originCaPem }: DiscoveryArgs,
    opts: pulumi.ComponentResourceOptions,
): SwarmDiscovery {
    const { accountId, team, stack: owner, connector, proxy } = environment;
    const edge = edgeOf(environment, []);
    const local = localSwarm(environment)?.images;
    const image = connector.image ?? local?.cloudflared;
    const traefik = proxy.image ?? local?.traefik;
    return new SwarmDiscovery(
        "swarm",
        {
            accountId,
            zoneId,
            team,
            owner,
            ...(revision === undefined ? {} : { revision }),
            services,
            rules,
            policyIds,
            connector: { ...connector, ...(image === undefined ? {} : { image }) },
            proxy: { ...proxy, ...(traefik === undefined ? {} : { image: traefik }) },
            ...(originCaPem === undefined ? {} : { originCaPem }),
            ...(edge === undefined ? {} : { edge }),
        },
        opts,
    );
}

/** What labelled services take of the stack that declares what labels may ask for. */
export interface SwarmDependencies {
    /** The services that are a part of the stack itself. */
    services: readonly LabelledService[];
    zoneId: pulumi.Input<string>;
    audiences: ReadonlyMap<string, AccessAudience>;
    backend: Backend;
}

/**
 * What the stack does about labelled services: it exposes them itself (`inStack`), or tells what the small stacks are made from that
 * `sallyport swarm` gives each of them.
 */
export function swarmOf(
    environment: Environment,
    { services, zoneId, audiences, backend }: SwarmDependencies,
    opts: { providers: Record<string, pulumi.ProviderResource> },
): { swarm?: object } {
    const { swarm, zone, apps, clusters } = environment;
    if (swarm === undefined) return {};
    const rules = labelRulesOf(swarm, { zone: zone.name, apps, clusters, audiences: environment.audiences });
    const policyIds = Object.fromEntries(swarm.audiences.map((name) => [name, required(audiences, name).policyIds]));
    if (!swarm.inStack) return { swarm: { zoneId, policyIds } };
    const { docker, originCa: originCaPem } = backend;
    if (docker === undefined) {
        throw new pulumi.RunError(
            "sallyport:swarm.inStack is true, but without Docker there are no services; remove the key",
        );
    }
    const { hostnames, refused } = discover(
        environment,
        { services: [...services], rules, zoneId, policyIds, originCaPem },
        { providers: { ...opts.providers, docker } },
    );
    return { swarm: { hostnames, refused } };
}
