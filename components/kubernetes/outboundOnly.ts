import type { ConnectorSpec } from "./connectorManifests.ts";

/** Ports of the edge: 7844 for the tunnel, over QUIC or HTTP/2, and 443 for the keys of the Access team. */
const EDGE_PORTS = [
    { protocol: "TCP", port: 7844 },
    { protocol: "UDP", port: 7844 },
    { protocol: "TCP", port: 443 },
];

/** Labels of the cluster's own name servers, which kubeadm, the clouds and k3s all give them. */
const DNS_LABELS = { "k8s-app": "kube-dns" };

/**
 * The spec of a NetworkPolicy for the connectors: nothing comes in, and out go questions to the cluster's name servers, the tunnel, and what is for the
 * API server. Whatever rules somebody sends a connector, it reaches nothing else in the cluster. It takes a network plugin that enforces policies.
 */
export function outboundOnly(
    labels: Record<string, string>,
    { edge, edgeRanges, apiServerRanges, apiServerPort }: ConnectorSpec,
): object {
    const blocks = (ranges: readonly string[]) => ranges.map((cidr) => ({ ipBlock: { cidr } }));
    return {
        podSelector: { matchLabels: labels },
        // "Ingress" without a rule for it: nothing.
        policyTypes: ["Ingress", "Egress"],
        egress: [
            {
                to: [{ namespaceSelector: {}, podSelector: { matchLabels: DNS_LABELS } }],
                ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })),
            },
            // An edge of one's own listens where it likes.
            { to: blocks(edgeRanges), ...(edge === undefined && { ports: EDGE_PORTS }) },
            { to: blocks(apiServerRanges), ports: [{ protocol: "TCP", port: apiServerPort }] },
        ],
    };
}
