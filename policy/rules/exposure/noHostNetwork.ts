import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems } from "../../values.ts";

/** On the host's network every port that a process opens is open on the host, without being published. */
export const noHostNetworkForService: ResourceRule = {
    name: "no-host-network-for-service",
    description:
        "A Swarm service is on networks of its own: on the host's, whatever it listens on is open to the outside.",
    severity: "critical",
    remediationSteps: "Attach the service and its tunnel connector to an overlay network instead of `host`.",
    type: Token.service,
    judge: serviceNetwork,
};

/** As for a service. */
export const noHostNetworkForContainer: ResourceRule = {
    name: "no-host-network-for-container",
    description: "A container is on networks of its own: on the host's, whatever it listens on is open to the outside.",
    severity: "critical",
    remediationSteps: "Attach the container and its tunnel connector to a bridge network instead of `host`.",
    type: Token.container,
    judge: containerNetwork,
};

function serviceNetwork({ name, props }: Resource): Finding[] {
    if (!attachesToHost(at(props, "taskSpec", "networksAdvanceds"))) return [];
    return [
        {
            wrong: `Service '${name}' is attached to the network 'host' in \`taskSpec.networksAdvanceds\`.`,
            instead: "Attach it to an overlay network of its own.",
        },
    ];
}

function containerNetwork({ name, props }: Resource): Finding[] {
    if (at(props, "networkMode") === "host") {
        return [
            {
                wrong: `Container '${name}' sets 'networkMode' to "host".`,
                instead: "Remove it and name a network in `networksAdvanced`.",
            },
        ];
    }
    if (!attachesToHost(at(props, "networksAdvanced"))) return [];
    return [
        {
            wrong: `Container '${name}' is attached to the network 'host' in \`networksAdvanced\`.`,
            instead: "Attach it to a bridge network of its own.",
        },
    ];
}

function attachesToHost(networks: unknown): boolean {
    return knownItems(networks).some((network) => at(network, "name") === "host" || at(network, "id") === "host");
}
