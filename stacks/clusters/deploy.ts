import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { type AccessAudience, CLUSTER_CATALOGUE_VERSION, ClusterAccess } from "../../components/index.ts";
import { type ClusterConfig, subjectsOf } from "../config/clusters.ts";
import type { Environment } from "../config/environment.ts";
import { required } from "../required.ts";
import { CLUSTERS_OUTPUT } from "./catalogueSchema.ts";

/** What clusters are made from beside the environment. */
export interface ClusterDependencies {
    zoneId: pulumi.Input<string>;
    audiences: ReadonlyMap<string, AccessAudience>;
}

/** The stack's Kubernetes clusters, each with a tunnel and an Access application of its own; nothing at all where there is none. */
export function clustersOf(
    environment: Environment,
    { zoneId, audiences }: ClusterDependencies,
    opts: pulumi.ComponentResourceOptions,
) {
    const { stack, accountId, team, clusters } = environment;
    if (clusters.length === 0) return {};
    const declared = new Map(environment.audiences.map((audience) => [audience.name, audience]));
    const providers = providersOf(clusters);
    const made = clusters.map((cluster) => {
        const { name, certificateAuthority: caPem, connector, grants, ...settings } = cluster;
        const { context, image = environment.connector.image, ...connectors } = connector;
        const kubernetes = context === undefined ? undefined : required(providers, context);
        const access = new ClusterAccess(
            name,
            {
                ...{ ...settings, accountId, zoneId, team, caPem },
                applicationName: `${stack}-${name}`,
                tunnelName: `sallyport-${stack}-${name}`,
                policyIds: pulumi
                    .all(settings.audience.map((who) => required(audiences, who).policyIds))
                    .apply((lists) => lists.flat()),
                grants: grants.map(({ audience, ...granted }) => ({
                    ...granted,
                    ...subjectsOf(required(declared, audience)),
                })),
                connector: { ...connectors, ...(connector.kind === "host" ? {} : { image }) },
            },
            kubernetes === undefined ? opts : pulumi.mergeOptions(opts, { providers: { kubernetes } }),
        );
        return { name, access };
    });
    return {
        [CLUSTERS_OUTPUT]: {
            version: CLUSTER_CATALOGUE_VERSION,
            clusters: made.map(({ access }) => access.catalogueEntry),
        },
        // By name of the cluster: what whoever runs it puts in place by hand or by GitOps.
        clusterSetup: Object.fromEntries(
            made.map(({ name, access }) => [
                name,
                {
                    manifests: access.manifests,
                    secretManifest: access.secretManifest,
                    files: access.files,
                    secretFiles: access.secretFiles,
                    oidcFlags: access.oidcFlags,
                    authenticationConfiguration: access.authenticationConfiguration,
                },
            ]),
        ),
    };
}

/** One provider for each context that is deployed to: never the one that happens to be current. */
function providersOf(clusters: readonly ClusterConfig[]): Map<string, KubernetesProvider> {
    const contexts = new Set(
        clusters.flatMap(({ connector: { context } }) => (context === undefined ? [] : [context])),
    );
    return new Map(
        [...contexts].map((context) => [context, new KubernetesProvider(`kubernetes-${context}`, { context })]),
    );
}
