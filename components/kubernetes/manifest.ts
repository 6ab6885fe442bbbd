import type * as pulumi from "@pulumi/pulumi";

/** An object of Kubernetes as its API takes it. */
export interface Manifest {
    apiVersion: string;
    kind: keyof typeof API_VERSIONS;
    metadata: {
        name: pulumi.Input<string>;
        namespace?: string;
        labels: Record<string, string>;
    };
    [property: string]: unknown;
}

/** The kinds that we make, each in the version that Kubernetes has had since 1.21 at the latest. */
export const API_VERSIONS = {
    Namespace: "v1",
    Secret: "v1",
    ConfigMap: "v1",
    Deployment: "apps/v1",
    PodDisruptionBudget: "policy/v1",
    NetworkPolicy: "networking.k8s.io/v1",
    ClusterRoleBinding: "rbac.authorization.k8s.io/v1",
    RoleBinding: "rbac.authorization.k8s.io/v1",
} as const;

/** Labels of everything that belongs to a cluster's access. */
export function labelsOf(clusterName: string): Record<string, string> {
    return {
        "app.kubernetes.io/name": "cloudflared",
        "app.kubernetes.io/instance": clusterName,
        "app.kubernetes.io/managed-by": "sallyport",
    };
}
