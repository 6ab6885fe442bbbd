import type { ManagedCluster } from "@azure/arm-containerservice";
import type { SourceOf } from "../../../../stacks/config/clusterSources.ts";
import type { Reading } from "../cluster.ts";
import { type TaggedCluster, withHostnames } from "../hostnameTag.ts";

/**
 * The clusters of a subscription, with Azure's default chain of credentials. It needs `Microsoft.ContainerService/managedClusters/read`. The
 * authority of the API server's certificate is not in the list: Azure hands it out with a person's credentials alone, which are not asked for.
 */
export async function readAks(
    { zone, subscription, endpoint }: SourceOf<"aks">,
    signal: AbortSignal,
): Promise<Reading> {
    const [{ ContainerServiceClient }, { DefaultAzureCredential }] = await Promise.all([
        import("@azure/arm-containerservice"),
        import("@azure/identity"),
    ]);
    const credential = new DefaultAzureCredential();
    const client = new ContainerServiceClient(credential, subscription, endpoint === undefined ? {} : { endpoint });
    const clusters: TaggedCluster[] = [];
    // What the client throws for a page tells the status alone; why it was refused stands in the answer.
    let refusal: string | undefined;
    const onResponse = ({ status, parsedBody }: { status: number; parsedBody?: unknown }) => {
        refusal = status < 400 ? undefined : (parsedBody as Refused | undefined)?.error?.message;
    };
    try {
        for await (const cluster of client.managedClusters.list({ abortSignal: signal, onResponse })) {
            clusters.push(taggedOf(cluster));
        }
    } catch (error) {
        throw refusal === undefined ? error : new Error(refusal, { cause: error });
    }
    return withHostnames(clusters, zone);
}

/** An error of Azure Resource Manager. */
interface Refused {
    readonly error?: { readonly message?: string };
}

function taggedOf({ name, tags = {}, privateFqdn, fqdn }: ManagedCluster): TaggedCluster {
    const host = privateFqdn ?? fqdn;
    return { name: name ?? "", tags, ...(host === undefined ? {} : { server: `https://${host}:443` }) };
}
