import type { ClusterSource, FoundCluster, SourceAnswer } from "../../../cli/kube/discovery/cluster.ts";
import { ClusterSourceKind } from "../../../stacks/config/clusterSources.ts";

/** A cluster that a catalogue tells of. */
export const catalogued = {
    name: "orders",
    hostname: "orders-k8s.example.com",
    aud: "a".repeat(64),
    team: "example",
    server: "https://10.0.0.1:6443",
    certificateAuthorityData: "LS0tLS1CRUdJTg==",
    mode: "socks",
    audience: ["staff"],
    policyIds: [],
    tags: {},
    kubernetesAuth: {},
} as const satisfies FoundCluster;

/** A source that reads as `read` does. */
export function sourceThat(name: string, read: ClusterSource["read"]): ClusterSource {
    return { name, kind: ClusterSourceKind.Vault, read };
}

/** What a source of some kind said. */
export function said(
    source: string,
    kind: ClusterSourceKind,
    clusters: readonly FoundCluster[],
): Pick<SourceAnswer, "source" | "kind" | "clusters"> {
    return { source, kind, clusters };
}
