import type { RuleConfig } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";
import type { Opening } from "../opening.ts";
import { isOneOf, isSet } from "../paths.ts";
import { permissions } from "../permissions.ts";
import { type ObjectCheck, objectChecks } from "./objects.ts";

/**
 * Annotations by which clouds keep a load balancer inside their network
 * (kubernetes.io/docs/concepts/services-networking/service, internal load balancer).
 */
const INTERNAL: Readonly<Record<string, readonly string[]>> = {
    "networking.gke.io/load-balancer-type": ["Internal"],
    "cloud.google.com/load-balancer-type": ["Internal"],
    "service.beta.kubernetes.io/aws-load-balancer-internal": ["true"],
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ["internal"],
    "service.beta.kubernetes.io/azure-load-balancer-internal": ["true"],
    "service.beta.kubernetes.io/openstack-internal-load-balancer": ["true"],
};

const CLUSTER_IP = 'Leave `type` at "ClusterIP" and let a tunnel connector in the cluster reach the service.';

const sourceRanges = permissions({ sources: ["loadBalancerSourceRanges"], anybodyIfOmitted: true });

/** What a Service opens: its `spec` and annotations, which a chart's values have side by side. */
export function serviceOpenings(spec: unknown, annotations: unknown, config: RuleConfig): readonly Opening[] {
    const openings: Opening[] = [];
    const type = at(spec, "type");
    if (isOneOf(type, ["NodePort"])) {
        openings.push({ does: "opens a port on every node (NodePort)", instead: CLUSTER_IP });
    }
    if (isOneOf(type, ["LoadBalancer"]) && !isInternal(annotations) && letsAnybodyIn(spec, config)) {
        openings.push({ does: "asks for a public load balancer (LoadBalancer)", instead: CLUSTER_IP });
    }
    const external = at(spec, "externalIPs");
    if (isSet(external) && external !== UNKNOWN) {
        openings.push({
            does: "answers on the nodes' own addresses in `externalIPs`",
            instead: "Remove `externalIPs`.",
        });
    }
    return openings;
}

/** An annotation that a preview does not know yet may be the one that keeps it inside. */
function isInternal(annotations: unknown): boolean {
    if (annotations === UNKNOWN) return true;
    return Object.entries(INTERNAL).some(([name, words]) => {
        const value = at(annotations, name);
        return value === UNKNOWN || isOneOf(value, words);
    });
}

function letsAnybodyIn(spec: unknown, config: RuleConfig): boolean {
    return sourceRanges(spec as Record<string, unknown>, config).length > 0;
}

const check: ObjectCheck = ({ kind, object, where }, config) => {
    if (kind !== "Service") return [];
    const openings = serviceOpenings(at(object, "spec"), at(object, "metadata", "annotations"), config);
    return openings.map(({ does, instead }) => ({ does: `${does}${where}`, instead }));
};

export const kubernetesServices = objectChecks({ Service: ["core/v1"] }, check);
