import { setTimeout as pause } from "node:timers/promises";
import type { KubeApiServer } from "./kubeApiServer.ts";

/** How often the objects are looked at, in milliseconds. */
const EVERY_MS = 100;

interface Seen {
    kind: string;
    metadata: { name: string; namespace?: string; generation?: number };
    spec: { replicas?: number; finalizers?: string[] };
    status: { phase?: string; observedGeneration?: number };
}

/**
 * Stands in for the controllers of a cluster that has none: Deployments are available as soon as they are declared, and namespaces that are to go, go. Disposing
 * stops it.
 */
export function actAsControllers(cluster: KubeApiServer): AsyncDisposable {
    const end = new AbortController();
    const acting = (async () => {
        while (!end.signal.aborted) {
            for (const seen of await objectsOf(cluster)) {
                if (seen.kind === "Deployment") await makeAvailable(cluster, seen);
                else if (seen.status.phase === "Terminating") await finalize(cluster, seen);
            }
            await pause(EVERY_MS);
        }
    })();
    return {
        async [Symbol.asyncDispose]() {
            end.abort();
            await acting;
        },
    };
}

async function objectsOf(cluster: KubeApiServer): Promise<Seen[]> {
    const { stdout } = await cluster.asAdmin(["get", "deployments,namespaces", "--all-namespaces", "-o", "json"]);
    return (JSON.parse(stdout) as { items: Seen[] }).items;
}

async function makeAvailable(cluster: KubeApiServer, { metadata, spec, status }: Seen): Promise<void> {
    if (status.observedGeneration === metadata.generation) return;
    const { replicas } = spec;
    const available = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    const patch = JSON.stringify({ status: { ...available, observedGeneration: metadata.generation } });
    const target = [`--namespace=${metadata.namespace}`, "deployment", metadata.name];
    // One that has gone meanwhile is none to be made available.
    await cluster.asAdmin(["patch", ...target, "--subresource=status", "--type=merge", "--patch", patch]);
}

async function finalize(cluster: KubeApiServer, namespace: Seen): Promise<void> {
    const path = `/api/v1/namespaces/${namespace.metadata.name}/finalize`;
    const input = JSON.stringify({ apiVersion: "v1", ...namespace, spec: { finalizers: [] } });
    await cluster.asAdmin(["replace", "--raw", path, "-f", "-"], { input });
}
