/**
 * Stands in for pulumi-kubernetes: the kinds that our components make, by server-side apply through Kubernetes' own client. Left out: every other
 * kind, Patch resources, Helm, Kustomize and YAML files.
 */
import npmPackage from "@pulumi/kubernetes/package.json" with { type: "json" };
import type { ResourceProvider } from "../../plugin/provider.ts";
import { Cluster, checkClusterConfig } from "./cluster.ts";
import { objectHandler } from "./objectHandler.ts";

/** Kinds by the token of their resource, with what of them cannot be changed in place beside their name. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
    "kubernetes:core/v1:Namespace": [],
    "kubernetes:core/v1:Secret": ["type", "immutable"],
    "kubernetes:core/v1:ConfigMap": ["immutable"],
    "kubernetes:apps/v1:Deployment": ["spec.selector"],
    "kubernetes:policy/v1:PodDisruptionBudget": [],
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": [],
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
};

/** A provider of its own connection. */
export function kubernetesProvider(): ResourceProvider {
    const cluster = new Cluster();
    return {
        name: "kubernetes",
        version: npmPackage.version,
        resources: Object.fromEntries(
            Object.entries(KINDS).map(([token, fixed]) => [token, objectHandler(cluster, token, fixed)]),
        ),
        secretConfig: ["kubeconfig"],
        replaceOnConfigChange: ["context"],
        checkConfig: checkClusterConfig,
        configure: (config, host) => cluster.configure(config, host),
    };
}

export const createProvider = kubernetesProvider;
