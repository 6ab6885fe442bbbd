import { readFile, readlink } from "node:fs/promises";
import { listenersOf } from "../../sockets/listeners.ts";
import { localAddressesOf } from "../../sockets/localAddresses.ts";
import { check, type Finding, notChecked, type Verdict } from "../finding.ts";
import type { AuditedTunnel } from "../target.ts";
import { declaredMetricsPort } from "./connectors.ts";
import { reachabilityVerdict } from "./reachability.ts";
import type { AuditedContainer, AuditedNetwork, DockerView } from "./view.ts";

/**
 * What listens inside the containers, as their kernel tells it.
 *
 * @param tunnels those of the stack, of which some may have connectors that serve figures; none where omitted.
 */
export async function listenerChecks(view: DockerView, tunnels: readonly AuditedTunnel[] = []): Promise<Finding[]> {
    const { services, containers, networks, tasksElsewhere, namespaceObstacle } = view;
    if (namespaceObstacle !== undefined) {
        return services.map(({ name }) => notChecked("no-reachable-listener", name, namespaceObstacle));
    }
    return Promise.all([
        ...containers.map((container) =>
            check("no-reachable-listener", container.name, () =>
                containerVerdict(container, networks, declaredMetricsPort(container, view, tunnels)),
            ),
        ),
        ...[...tasksElsewhere].map(([service, tasks]) =>
            notChecked(
                "no-reachable-listener",
                service,
                `${tasks} of its tasks run on other nodes of the Swarm; run the audit there as root`,
            ),
        ),
    ]);
}

async function containerVerdict(
    container: AuditedContainer,
    networks: readonly AuditedNetwork[],
    metricsPort: number | undefined,
): Promise<Verdict | { reason: string }> {
    const { id, pid } = container;
    // The engine's numbering of processes is ours unless this runs in a container itself.
    if (!(await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")).includes(id)) {
        return { reason: `its process ${pid} is not to be seen from here; run the audit on the engine's own machine` };
    }
    const [listeners, addresses, its, ours] = await Promise.all([
        listenersOf(pid),
        localAddressesOf(pid),
        readlink(`/proc/${pid}/ns/net`),
        readlink("/proc/self/ns/net"),
    ]);
    const sharesHostNetwork = container.sharesHostNetwork || its === ours;
    return reachabilityVerdict({ ...container, sharesHostNetwork }, { listeners, addresses, metricsPort }, networks);
}
