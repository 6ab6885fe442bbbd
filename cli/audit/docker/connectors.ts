import type { IngressDocument, IngressRule } from "../account/ingressRules.ts";
import type { RunningRules } from "../account/tokenDemand.ts";
import { visit } from "../namespace/visit.ts";
import type { AuditedTunnel } from "../target.ts";
import type { AuditedContainer, DockerView } from "./view.ts";

/**
 * The Swarm service of a tunnel's connectors; none where they are no service.
 *
 * @throws Error when it should be there and is not.
 */
export function connectorService({ services }: Pick<DockerView, "services">, { service }: AuditedTunnel) {
    const found = services.find(({ name }) => name === service);
    if (found === undefined && service !== undefined) {
        throw new Error(`the connectors' service ${service} is gone`);
    }
    return found;
}

/** The rules of a locally managed tunnel, in the file that the Swarm ships to its connectors. */
export async function shippedRules(
    view: Pick<DockerView, "services" | "configFileOf">,
    tunnel: AuditedTunnel,
): Promise<readonly IngressRule[]> {
    const service = connectorService(view, tunnel);
    const text = service === undefined ? undefined : await view.configFileOf(service);
    if (text === undefined) {
        throw new Error("no file of rules is shipped to the connectors");
    }
    return (JSON.parse(text) as IngressDocument["config"])?.ingress ?? [];
}

/** Where cloudflared tells of itself when nobody said where (its metrics package's own default). */
const DEFAULT_METRICS = "127.0.0.1:20241";

/** Where a connector's figures are asked for from inside its own network namespace. */
function metricsAddress({ TUNNEL_METRICS = DEFAULT_METRICS }: AuditedContainer["environment"]): string {
    return TUNNEL_METRICS.replace(/^0\.0\.0\.0:/, "127.0.0.1:");
}

/**
 * The port on which a container serves figures because its stack says that connectors do; none where it is no connector, or says nothing.
 *
 * What the container itself was told is not enough: whoever changed it would have changed that as well.
 */
export function declaredMetricsPort(
    { serviceId, environment }: AuditedContainer,
    view: Pick<DockerView, "services">,
    tunnels: readonly AuditedTunnel[],
): number | undefined {
    const names = new Set(tunnels.filter(({ servesMetrics }) => servesMetrics).map(({ service }) => service));
    const isDeclared = view.services.some(({ id, name }) => id === serviceId && names.has(name));
    return isDeclared ? Number(metricsAddress(environment).split(":").at(-1)) : undefined;
}

/** The containers that run the tunnels' connectors. */
export function connectorContainers(view: DockerView, tunnels: readonly AuditedTunnel[]): AuditedContainer[] {
    const names = new Set(tunnels.map(({ service }) => service));
    const services = new Set(view.services.filter(({ name }) => names.has(name)).map(({ id }) => id));
    return view.containers.filter(({ serviceId }) => serviceId !== undefined && services.has(serviceId));
}

/**
 * What the connectors run with, asked of each from inside its own network namespace: its metrics listen on loopback there,
 * and `/config` shows the rules that it goes by.
 */
export async function runningRules(
    view: DockerView,
    tunnels: readonly AuditedTunnel[],
): Promise<RunningRules[] | { reason: string }> {
    if (view.namespaceObstacle !== undefined) {
        return { reason: view.namespaceObstacle };
    }
    const containers = connectorContainers(view, tunnels);
    if (containers.length === 0) {
        return { reason: "none of them runs on this machine" };
    }
    return Promise.all(
        containers.map(async ({ name, pid, environment }) => {
            const { body } = await visit(pid, { kind: "http", url: `http://${metricsAddress(environment)}/config` });
            const { config } = JSON.parse(body) as IngressDocument;
            return { connector: name, rules: config?.ingress ?? [] };
        }),
    );
}
