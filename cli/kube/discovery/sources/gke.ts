import type { SourceOf } from "../../../../stacks/config/clusterSources.ts";
import type { Reading } from "../cluster.ts";
import { type TaggedCluster, withHostnames } from "../hostnameTag.ts";

/**
 * The clusters of a project, with Google's application default credentials. It needs `container.clusters.list`. The client speaks REST,
 * which passes the proxies that stop gRPC.
 */
export async function readGke(
    { zone, project, location, endpoint }: SourceOf<"gke">,
    limitMs: number,
): Promise<Reading> {
    const { ClusterManagerClient } = await import("@google-cloud/container");
    const client = new ClusterManagerClient({ fallback: true, projectId: project, ...addressOf(endpoint) });
    const parent = `projects/${project}/locations/${location}`;
    try {
        // Its calls do this as well, but throw what comes of it where nobody catches it, which would end this process.
        await client.initialize();
        // The promise that the client gives cannot be cancelled: its own limit ends the call, and what it would try again.
        const [{ clusters, missingZones }] = await client.listClusters({ parent }, { timeout: limitMs });
        const read = withHostnames((clusters ?? []).map(taggedOf), zone);
        // GKE answers with what it has when a zone does not, and says which.
        const missing = (missingZones ?? []).map((place) => `${place} does not answer: its clusters are missing`);
        return { clusters: read.clusters, problems: [...missing, ...read.problems] };
    } finally {
        await client.close();
    }
}

/** Of `ICluster`, what is read. */
interface Answered {
    readonly name?: string | null;
    readonly endpoint?: string | null;
    readonly masterAuth?: { readonly clusterCaCertificate?: string | null } | null;
    readonly resourceLabels?: Readonly<Record<string, string>> | null;
}

function taggedOf({ name, endpoint, masterAuth, resourceLabels }: Answered): TaggedCluster {
    const authority = masterAuth?.clusterCaCertificate;
    return {
        name: name ?? "",
        tags: resourceLabels ?? {},
        ...(endpoint ? { server: `https://${endpoint}` } : {}),
        ...(authority ? { certificateAuthorityData: authority } : {}),
    };
}

function addressOf(endpoint: string | undefined) {
    if (endpoint === undefined) {
        return {};
    }
    const { hostname, port, protocol } = new URL(endpoint);
    const scheme = protocol.slice(0, -1);
    return { apiEndpoint: hostname, protocol: scheme, port: Number(port) || (scheme === "https" ? 443 : 80) };
}
