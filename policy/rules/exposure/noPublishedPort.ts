import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, items, shown, UNKNOWN } from "../../values.ts";

/**
 * A published port listens on the host's interfaces, in Swarm's ingress mode even on every node of the cluster.
 *
 * Omissions count: a port without `publishedPort` gets one from 30000 on, one without `publishMode` is published
 * through the ingress network.
 */
export const noPublishedServicePort: ResourceRule = {
    name: "no-published-service-port",
    description: "A Swarm service publishes no port: traffic arrives through the tunnel that its connector dials.",
    severity: "critical",
    remediationSteps: "Remove `endpointSpec.ports` and put a tunnel connector on the service's network.",
    type: Token.service,
    judge: servicePorts,
};

/**
 * As for a service. A port without `external` gets one of Docker's choice, one without `ip` is bound to every
 * address.
 */
export const noPublishedContainerPort: ResourceRule = {
    name: "no-published-container-port",
    description: "A container publishes no port: traffic arrives through the tunnel that its connector dials.",
    severity: "critical",
    remediationSteps: "Remove `ports` and `publishAllPorts` and put a tunnel connector on the container's network.",
    type: Token.container,
    judge: containerPorts,
};

function servicePorts({ name, props }: Resource): Finding[] {
    return elements(at(props, "endpointSpec", "ports")).map((port) => {
        const mode = at(port, "publishMode") ?? "ingress";
        const target = shown(at(port, "targetPort"));
        const published = at(port, "publishedPort");
        const asked = published === undefined ? "a port of Docker's choice" : `port ${shown(published)}`;
        return {
            wrong: `Service '${name}' publishes ${asked} for its port ${target} (publishMode ${shown(mode)}).`,
            instead: "Remove the entry from `endpointSpec.ports` and let a tunnel connector on its network reach it.",
        };
    });
}

function containerPorts({ name, props }: Resource): Finding[] {
    const findings: Finding[] = elements(at(props, "ports")).map((port) => {
        const external = at(port, "external");
        const asked = external === undefined ? "a port of Docker's choice" : `port ${shown(external)}`;
        const ip = at(port, "ip") ?? "0.0.0.0";
        return {
            wrong: `Container '${name}' publishes ${asked} on ${shown(ip)} for its port ${shown(at(port, "internal"))}.`,
            instead: "Remove the entry from `ports` and let a tunnel connector on its network reach it.",
        };
    });
    if (isOn(at(props, "publishAllPorts"))) {
        findings.push({
            wrong: `Container '${name}' sets 'publishAllPorts' to true, which publishes every port that its image exposes.`,
            instead: "Remove `publishAllPorts` and let a tunnel connector on its network reach it.",
        });
    }
    return findings;
}

/**
 * The entries of a list of ports. An entry publishes whatever it says, so one that is not known yet counts as well.
 */
function elements(list: unknown): readonly unknown[] {
    const ports = items(list);
    return ports === UNKNOWN ? [] : ports;
}
