import { check, type Finding } from "../finding.ts";
import type { DockerView } from "./view.ts";

/** What Docker really publishes and runs, whatever the program said. */
export function serviceChecks({ services, containers }: DockerView): Promise<Finding[]> {
    return Promise.all([
        ...services.flatMap(({ name, publishedPorts, replicas: { running, desired } }) => [
            check("no-published-port", name, async () => portsVerdict(publishedPorts)),
            check("every-replica-runs", name, async () => ({
                ok: running >= desired,
                detail: `${running} of ${desired}`,
            })),
        ]),
        ...containers.map(({ name, publishedPorts }) =>
            check("no-published-port", name, async () => portsVerdict(publishedPorts)),
        ),
    ]);
}

function portsVerdict(ports: readonly number[]) {
    return { ok: ports.length === 0, detail: ports.length === 0 ? "none" : `publishes ${ports.join(", ")}` };
}
