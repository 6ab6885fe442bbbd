import { ClusterSourceKind } from "../../../stacks/config/clusterSources.ts";
import type { DiscoveredCluster, FoundCluster, SourceAnswer } from "./cluster.ts";

/** Sources that tell of access: what they say counts before what a cloud says. */
const AUTHORITATIVE: ReadonlySet<string> = new Set([ClusterSourceKind.Stack, ClusterSourceKind.Catalogue]);

/**
 * All clusters, each once. Two sources mean the same one where they tell the same host name, or the same API server where one of them knows no
 * host name; a catalogue's word counts before a cloud's, and an earlier source's before a later one's.
 */
export function mergeClusters(
    answers: readonly Pick<SourceAnswer, "source" | "kind" | "clusters">[],
): DiscoveredCluster[] {
    const inOrder = answers.toSorted((a, b) => Number(AUTHORITATIVE.has(b.kind)) - Number(AUTHORITATIVE.has(a.kind)));
    const merged: DiscoveredCluster[] = [];
    for (const { source, clusters } of inOrder) {
        for (const cluster of clusters) {
            const index = merged.findIndex((known) => isSame(known, cluster));
            const known = merged[index];
            if (known === undefined) {
                merged.push({ ...cluster, sources: [source] });
            } else {
                merged[index] = {
                    ...cluster,
                    ...known,
                    tags: { ...cluster.tags, ...known.tags },
                    sources: [...new Set([...known.sources, source])],
                };
            }
        }
    }
    return merged;
}

function isSame(a: FoundCluster, b: FoundCluster): boolean {
    if (a.hostname !== undefined && b.hostname !== undefined) {
        return a.hostname === b.hostname;
    }
    return a.server !== undefined && b.server !== undefined && hostOf(a.server) === hostOf(b.server);
}

/** Clouds differ in whether they write a default port and a closing slash. */
function hostOf(server: string): string {
    return URL.parse(server)?.host ?? server;
}

/** What tells a cluster from all others, for as long as it is reached in the same way. */
export function identityOf({
    hostname,
    name,
    sources,
}: Pick<DiscoveredCluster, "hostname" | "name" | "sources">): string {
    return hostname ?? `${sources[0]}/${name}`;
}

/** The clusters that were not there before. */
export function newClusters(
    before: readonly DiscoveredCluster[],
    after: readonly DiscoveredCluster[],
): DiscoveredCluster[] {
    const known = new Set(before.map(identityOf));
    return after.filter((cluster) => !known.has(identityOf(cluster)));
}

/** Finds clusters by what people call them: several are an ambiguous name, which {@link isCalled} by source or host name tells apart. */
export function clustersNamed(clusters: readonly DiscoveredCluster[], asked: string): DiscoveredCluster[] {
    return clusters.filter((cluster) => isCalled(cluster, asked));
}

/** Whether a cluster is meant: by its name, its host name or, where sources share a name, `SOURCE/NAME`. */
export function isCalled({ hostname, name, sources }: DiscoveredCluster, asked: string): boolean {
    return asked === name || asked === hostname || sources.some((source) => asked === `${source}/${name}`);
}
