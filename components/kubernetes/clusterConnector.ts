import type { ConnectorLogLevel, TunnelProtocol } from "../tunnel/connectorSettings.ts";

/** Where the connectors of a cluster run, and who puts them there. */
export const ClusterConnectorKind = {
    /** In the cluster, deployed through the Kubernetes provider that the component is given. */
    Deployment: "deployment",
    /** In the cluster, as manifests that something else applies (Argo CD, Flux); the credentials are handed out apart from them. */
    Manifests: "manifests",
    /** On a machine beside the cluster, as the files of a systemd unit. */
    Host: "host",
} as const;
export type ClusterConnectorKind = (typeof ClusterConnectorKind)[keyof typeof ClusterConnectorKind];

/** The connectors of a cluster. */
export interface ClusterConnector {
    /** Where they run. In the cluster, as a Deployment, if omitted. */
    kind?: ClusterConnectorKind;
    /** Namespace that they have for themselves; made with them. `sallyport` if omitted. Only in the cluster. */
    namespace?: string;
    /** How many, 1 to 25. 2 if omitted, so that neither a node nor an update takes the last one. Only in the cluster. */
    replicas?: number;
    /** Image with `cloudflared` on its PATH, pinned. `cloudflare/cloudflared:2025.2.0` if omitted. Only in the cluster. */
    image?: string;
    /** Ranges of the edge. Cloudflare's published ones if omitted; an edge of one's own has none. */
    edgeRanges?: string[];
    /** How to reach the edge. `auto` if omitted, and always `http2` with an edge of one's own. */
    protocol?: TunnelProtocol;
    /** What the connectors write to their log. `info` if omitted. */
    logLevel?: ConnectorLogLevel;
}
