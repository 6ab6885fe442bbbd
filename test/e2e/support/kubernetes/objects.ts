/** Names of the one pod that every cluster has. */
export const POD = { namespace: "default", name: "web", container: "web" } as const;

const NODE = "node-1";

/** A node whose kubelet listens at the address, and a pod that runs on it as far as the API server knows. */
export function nodeAndPod(address: string, kubeletPort: number): object[] {
    return [
        {
            apiVersion: "v1",
            kind: "Node",
            metadata: { name: NODE },
            status: {
                addresses: [{ type: "InternalIP", address }],
                daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
            },
        },
        {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: POD.name, namespace: POD.namespace },
            spec: { nodeName: NODE, containers: [{ name: POD.container, image: "example.com/web" }] },
            status: {
                phase: "Running",
                containerStatuses: [
                    {
                        name: POD.container,
                        image: "example.com/web",
                        imageID: "",
                        ready: true,
                        restartCount: 0,
                        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
                    },
                ],
            },
        },
    ];
}
