import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "./manifest.ts";

type KubernetesResource = new (name: string, args: never, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

const CLASSES: Readonly<Record<Manifest["kind"], KubernetesResource>> = {
    Namespace,
    Secret,
    ConfigMap,
    Deployment,
    PodDisruptionBudget,
    NetworkPolicy,
    ClusterRoleBinding,
    RoleBinding,
};

/** The resource of an object; its class sets kind and version by itself. */
export function resourceOf(
    name: string,
    { apiVersion: _version, kind, ...args }: Manifest,
    opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
    return new CLASSES[kind](name, args as never, opts);
}
