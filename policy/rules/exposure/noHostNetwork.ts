import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { isA, Token } from "../../tokens.ts";
import { at, knownItems } from "../../values.ts";

/** On the host's network every port that a process opens is open on the host, without being published. */
export const noHostNetwork: ResourceRule = {
    name: "no-host-network",
    description: "A container has a network of its own: on the host's, whatever it listens on is open to the outside.",
    severity: "critical",
    remediationSteps:
        "Attach the container to a bridge or overlay network, and its tunnel connector to the same one. Remove `networkMode: host` and the network `host`.",
    types: [...Token.dockerService, ...Token.dockerContainer],
    judge: (resource) => {
        const network = isA(resource, Token.dockerService) ? serviceNetwork(resource) : containerNetwork(resource);
        return network === undefined ? [] : [network];
    },
};

function serviceNetwork({ name, props }: Resource): Finding | undefined {
    if (!attachesToHost(at(props, "taskSpec", "networksAdvanceds"))) return undefined;
    return {
        wrong: `Service '${name}' is attached to the network 'host' in \`taskSpec.networksAdvanceds\`.`,
        instead: "Attach it to an overlay network of its own.",
    };
}

function containerNetwork({ name, props }: Resource): Finding | undefined {
    if (at(props, "networkMode") === "host") {
        return {
            wrong: `Container '${name}' sets 'networkMode' to "host".`,
            instead: "Remove it and name a network in `networksAdvanced`.",
        };
    }
    if (!attachesToHost(at(props, "networksAdvanced"))) return undefined;
    return {
        wrong: `Container '${name}' is attached to the network 'host' in \`networksAdvanced\`.`,
        instead: "Attach it to a bridge network of its own.",
    };
}

function attachesToHost(networks: unknown): boolean {
    return knownItems(networks).some((network) => at(network, "name") === "host" || at(network, "id") === "host");
}
