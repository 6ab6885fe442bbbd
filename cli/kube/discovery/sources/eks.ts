import type { Cluster } from "@aws-sdk/client-eks";
import type { SourceOf } from "../../../../stacks/config/clusterSources.ts";
import type { Reading } from "../cluster.ts";
import { type TaggedCluster, withHostnames } from "../hostnameTag.ts";
import { readEach } from "../readEach.ts";

/**
 * The clusters of a region and account, with AWS's own chain of credentials (environment, profile, SSO, instance role). It needs
 * `eks:ListClusters` and `eks:DescribeCluster`. The SDK tries again where it is throttled, and goes where `AWS_ENDPOINT_URL_EKS` leads.
 */
export async function readEks(
    { zone, region, profile, endpoint }: SourceOf<"eks">,
    signal: AbortSignal,
): Promise<Reading> {
    const { DescribeClusterCommand, EKSClient, ListClustersCommand } = await import("@aws-sdk/client-eks");
    const client = new EKSClient({
        region,
        ...(profile === undefined ? {} : { profile }),
        ...(endpoint === undefined ? {} : { endpoint }),
    });
    const options = { abortSignal: signal };
    try {
        const names: string[] = [];
        let nextToken: string | undefined;
        do {
            const page = await client.send(new ListClustersCommand({ nextToken }), options);
            names.push(...(page.clusters ?? []));
            nextToken = page.nextToken;
        } while (nextToken);
        const { entries, problems } = await readEach(names, signal, async (name) => {
            const { cluster = {} } = await client.send(new DescribeClusterCommand({ name }), options);
            return taggedOf(name, cluster);
        });
        const found = withHostnames(entries, zone);
        return { clusters: found.clusters, problems: [...problems, ...found.problems] };
    } finally {
        client.destroy();
    }
}

function taggedOf(name: string, { endpoint, certificateAuthority, tags = {} }: Cluster): TaggedCluster {
    const { data } = certificateAuthority ?? {};
    return {
        name,
        tags,
        ...(endpoint === undefined ? {} : { server: endpoint }),
        ...(data === undefined ? {} : { certificateAuthorityData: data }),
    };
}
