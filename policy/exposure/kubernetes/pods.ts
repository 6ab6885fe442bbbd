import { at, isOn, shown, UNKNOWN } from "../../values.ts";
import type { Opening } from "../opening.ts";
import { valuesAt } from "../paths.ts";
import { type ObjectCheck, objectChecks } from "./objects.ts";

const WORKLOADS: readonly string[] = [
    "Deployment",
    "DaemonSet",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
];

/** Where a kind keeps the specification of its pods; `undefined` for a kind without any. */
function podSpec(kind: string, object: unknown): unknown {
    if (kind === "Pod") return at(object, "spec");
    if (kind === "PodTemplate") return at(object, "template", "spec");
    if (kind === "CronJob") return at(object, "spec", "jobTemplate", "spec", "template", "spec");
    return WORKLOADS.includes(kind) ? at(object, "spec", "template", "spec") : undefined;
}

const check: ObjectCheck = ({ kind, object, where }) => {
    const spec = podSpec(kind, object);
    const openings: Opening[] = [];
    if (isOn(at(spec, "hostNetwork"))) {
        openings.push({
            does: `puts its pods on the network of their nodes by \`hostNetwork\`${where}`,
            instead: "Remove `hostNetwork`.",
        });
    }
    const ports = ["containers[].ports[]", "initContainers[].ports[]"].flatMap((path) => valuesAt(spec, path));
    for (const port of ports) {
        const host = at(port, "hostPort");
        // What stands here is a port, known or not; 0 is how some write that there is none.
        if (port === UNKNOWN || host === undefined || host === 0) continue;
        openings.push({
            does: `opens port ${shown(host)} of its nodes by \`hostPort\`${where}`,
            instead: "Remove `hostPort` and let a tunnel connector in the cluster reach the pods through a service.",
        });
    }
    return openings;
};

export const kubernetesPods = objectChecks(
    {
        Pod: ["core/v1"],
        PodTemplate: ["core/v1"],
        ReplicationController: ["core/v1"],
        Deployment: ["apps/v1", "apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"],
        DaemonSet: ["apps/v1", "apps/v1beta2", "extensions/v1beta1"],
        StatefulSet: ["apps/v1", "apps/v1beta1", "apps/v1beta2"],
        ReplicaSet: ["apps/v1", "apps/v1beta2", "extensions/v1beta1"],
        Job: ["batch/v1"],
        CronJob: ["batch/v1", "batch/v1beta1", "batch/v2alpha1"],
    },
    check,
);
