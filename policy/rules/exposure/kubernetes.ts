import { chartIngresses, chartPods, chartServices } from "../../exposure/kubernetes/charts.ts";
import { kubernetesIngresses, tunnelClassesSchema } from "../../exposure/kubernetes/ingresses.ts";
import { kubernetesPods } from "../../exposure/kubernetes/pods.ts";
import { kubernetesServices } from "../../exposure/kubernetes/services.ts";
import { exposureRule, joined } from "../../exposure/opening.ts";
import { allowedSourcesSchema } from "../../exposure/sources.ts";

/** A service for a tunnel's connector is reached inside the cluster. */
export const noPublicKubernetesService = exposureRule({
    name: "no-public-kubernetes-service",
    description: "A Kubernetes service is reached inside its cluster alone.",
    severity: "critical",
    remediationSteps:
        "Leave the service's type at ClusterIP and run a tunnel connector in the cluster, or keep the load balancer inside the cloud's network.",
    configSchema: allowedSourcesSchema,
    checks: joined(kubernetesServices, chartServices),
});

/** On a node's network, or with a port of it, a pod is reached where the node is. */
export const noHostPortInPod = exposureRule({
    name: "no-host-port-in-pod",
    description: "A pod listens on addresses of its own, not on those of its node.",
    severity: "critical",
    remediationSteps: "Remove `hostPort` and `hostNetwork`, and reach the pods through a service.",
    checks: joined(kubernetesPods, chartPods),
});

/** An Ingress or a Gateway tells a controller to take connections from outside, unless a tunnel leads to the controller. */
export const noPublicKubernetesIngress = exposureRule({
    name: "no-public-kubernetes-ingress",
    description: "An Ingress or a Gateway is of a class that a tunnel leads to.",
    severity: "high",
    remediationSteps:
        "Name a class of a tunnel's controller, or list the class in `tunnelClasses` if its controller is reached through a tunnel.",
    configSchema: tunnelClassesSchema,
    checks: joined(kubernetesIngresses, chartIngresses),
});
