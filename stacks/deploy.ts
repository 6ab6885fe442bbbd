import { getZoneOutput } from "@pulumi/cloudflare/getZone.js";
import type { Provider as CloudflareProvider } from "@pulumi/cloudflare/provider.js";
import * as pulumi from "@pulumi/pulumi";
import {
    type LabelledService,
    type NamedTunnel,
    ServiceToken,
    TunnelIngress,
    TunnelManagement,
} from "../components/index.ts";
import type { Backend } from "./backend.ts";
import { clustersOf } from "./clusters/deploy.ts";
import { type Environment, LocalRuntime } from "./config/environment.ts";
import { swarmOf } from "./discovery.ts";
import { federationParts } from "./federation.ts";
import { clientsOf, guardOf } from "./guard.ts";
import { identityOf } from "./identity.ts";
import { deviceProfilesOf, privateNetworksOf } from "./privateNetworks.ts";
import { runAsProcesses } from "./processes.ts";
import { cloudflareProvider } from "./providers.ts";
import { required } from "./required.ts";
import { generationsOf } from "./rotation/standing.ts";
import { runOnSwarm } from "./swarm.ts";
import { tunnelOf } from "./tunnel.ts";

/**
 * One environment: tunnel, Access before every app, proxy and connector, in fail-closed order.
 *
 * @param apiToken what Cloudflare's API is asked with; `CLOUDFLARE_API_TOKEN` where omitted.
 * @param services labelled services that are to be a part of this very stack; none where omitted.
 */
export function deploy(
    environment: Environment,
    apiToken?: pulumi.Input<string>,
    services: readonly LabelledService[] = [],
) {
    const { stack, accountId, team } = environment;
    const cloudflare = cloudflareProvider(environment, apiToken);
    const opts = { providers: { cloudflare } };
    const zoneId = environment.zone.id ?? zoneIdOf(environment, cloudflare);

    const tokens = new Map(
        environment.serviceTokens.map(({ name, duration, rotation }) => [
            name,
            new ServiceToken(name, { accountId, tokenName: `${stack}-${name}`, duration, rotation }, opts),
        ]),
    );
    const { audiences, outputs: identity } = identityOf(environment, { tokens, zoneId }, opts);

    const tunnel = tunnelOf(environment, zoneId, opts);
    const exposures = environment.apps.map((app) => {
        const policyIds = pulumi
            .all(app.audience.map((who) => required(audiences, who).policyIds))
            .apply((lists) => lists.flat());
        const access = guardOf(app, { accountId, policyIds, applicationName: `${stack}-${app.name}` }, opts);
        return { app, access };
    });
    const privateNetworks = privateNetworksOf(environment, tunnel, opts);
    deviceProfilesOf(environment, opts);
    const backend = backendOf(environment, tunnel);
    const federation = federationParts(environment, opts);
    const { management = TunnelManagement.Remote } = environment.tunnel;
    const ingress = new TunnelIngress(
        "ingress",
        {
            accountId,
            zoneId,
            tunnelId: tunnel.tunnelId,
            team,
            management,
            routes: [
                ...exposures.map(({ app, access }) => ({
                    hostname: app.hostname,
                    path: app.path,
                    service: backend.originOf(app),
                    audience: access.audience,
                })),
                ...federation.routes,
            ],
        },
        opts,
    );

    const service = backend.connect(management === TunnelManagement.Local ? ingress.configFile : undefined);

    const swarm = swarmOf(environment, { services, zoneId, audiences, backend }, opts);

    const clusters = clustersOf(environment, { zoneId, audiences }, opts);

    const outputs = {
        hostnames: exposures.map(({ app, access }) => ({
            hostname: app.hostname,
            path: app.path ?? "",
            service: app.service,
            audience: app.audience,
            aud: access.audience,
        })),
        tunnels: [
            {
                name: tunnel.tunnelName,
                id: tunnel.tunnelId,
                management,
                service,
                ...(environment.metrics?.connectors ? { servesMetrics: true } : {}),
            },
        ],
        serviceTokens: Object.fromEntries(
            [...tokens].map(([name, { clientId, clientSecret }]) => [name, { clientId, clientSecret }]),
        ),
        // By name of a TCP app: how a laptop reaches it.
        clients: clientsOf(new Map(exposures.map(({ app, access }) => [app.name, access]))),
        privateNetworks,
        ...backend.outputs,
        ...swarm,
        ...clusters,
        ...federation.outputs,
        ...identity,
    };
    const generations = generationsOf(environment, new Date());
    return { ...outputs, rotations: onceDeployed(generations, [outputs, backend.settled]) };
}

/** Tells which generation of each secret is in use only once everything that uses it was deployed: an update that was interrupted leaves what it told before. */
function onceDeployed<T extends object>(generations: T, users: unknown[]): pulumi.Output<T> {
    return pulumi.unsecret(pulumi.output(users).apply(() => generations)) as pulumi.Output<T>;
}

/** Services of a Swarm or, on a machine without Docker, processes that the stack only describes. */
function backendOf(environment: Environment, tunnel: NamedTunnel): Backend {
    const runtime = environment.emulator?.runtime;
    return runtime?.kind === LocalRuntime.Processes
        ? runAsProcesses(environment, runtime, tunnel)
        : runOnSwarm(environment, tunnel);
}

function zoneIdOf({ zone, accountId }: Environment, provider: CloudflareProvider): pulumi.Output<string> {
    return getZoneOutput({ filter: { name: zone.name, account: { id: accountId } } }, { provider }).apply(
        ({ zoneId, id }) => zoneId ?? id,
    );
}
