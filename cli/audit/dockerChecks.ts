import type Docker from "dockerode";
import { connect, objectsOf, STACK_LABEL } from "../../toolchain/docker/index.ts";
import type { CheckId } from "./catalogue.ts";
import { check, type Finding, notChecked } from "./finding.ts";
import type { AuditTarget } from "./target.ts";

/** What only Docker can tell. */
const DOCKER_CHECKS: readonly CheckId[] = ["no-published-port", "every-replica-runs"];

/** What Docker really publishes, whatever the program said. */
export async function dockerChecks({
    stack,
    dockerHost,
    runsInDocker,
}: Pick<AuditTarget, "stack" | "dockerHost" | "runsInDocker">): Promise<Finding[]> {
    if (!runsInDocker) {
        return DOCKER_CHECKS.map((id) => notChecked(id, "Docker", "the environment runs without Docker"));
    }
    const connection = await connect(dockerHost === undefined ? {} : { host: dockerHost });
    if (connection.state !== "running") {
        const silent = async () => ({ ok: false, detail: `cannot be asked: it is ${connection.state}` });
        return [await check("no-published-port", "Docker", silent)];
    }
    const { docker } = connection;
    const { services } = await objectsOf(docker, stack);
    const found = await Promise.all([
        ...services.flatMap(({ name, publishedPorts, replicas }) => [
            check("no-published-port", name, async () => ({
                ok: publishedPorts.length === 0,
                detail: portsText(publishedPorts),
            })),
            check("every-replica-runs", name, async () => ({
                ok: replicas.running >= replicas.desired,
                detail: `${replicas.running} of ${replicas.desired}`,
            })),
        ]),
        containerChecks(docker, new Set(services.map(({ id }) => id)), stack),
    ]);
    return found.flat();
}

/** Ports that containers of ours publish on their host, past what Swarm says. */
async function containerChecks(docker: Docker, services: ReadonlySet<string>, stack: string): Promise<Finding[]> {
    const containers = await docker.listContainers();
    const ours = containers.filter(
        ({ Labels }) => services.has(Labels["com.docker.swarm.service.id"] ?? "") || Labels[STACK_LABEL] === stack,
    );
    return Promise.all(
        ours.map(({ Names, Ports }) =>
            check("no-published-port", Names[0]?.slice(1) ?? "container", async () => {
                const published = Ports.flatMap(({ PublicPort }) => (PublicPort === undefined ? [] : [PublicPort]));
                return { ok: published.length === 0, detail: portsText(published) };
            }),
        ),
    );
}

function portsText(ports: readonly number[]): string {
    return ports.length === 0 ? "none" : `publishes ${ports.join(", ")}`;
}
