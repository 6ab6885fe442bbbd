import { isObject } from "../../plugin/provider.ts";
import type { LiveObject } from "./cluster.ts";

/** The annotation by which a program says that it does not wait; the official provider's own. */
const SKIP_AWAIT = "pulumi.com/skipAwait";

/** Why a Deployment does not serve as it is declared; undefined once it does, or where nobody waits for it. */
export function rolloutProblem({ metadata, spec, status }: LiveObject): string | undefined {
    if (metadata?.annotations?.[SKIP_AWAIT] === "true") return undefined;
    const wanted = isObject(spec) && typeof spec.replicas === "number" ? spec.replicas : 1;
    const { observedGeneration, updatedReplicas = 0, availableReplicas = 0 } = isObject(status) ? status : {};
    const name = `Deployment "${metadata?.name}"`;
    if (Number(observedGeneration ?? 0) < Number(metadata?.generation ?? 1)) {
        return `${name} was not taken note of by the cluster's controllers`;
    }
    const serving = Math.min(Number(updatedReplicas), Number(availableReplicas));
    if (serving >= wanted) return undefined;
    return `${name} has ${serving} of ${wanted} replicas available; see "kubectl describe" of its pods`;
}
