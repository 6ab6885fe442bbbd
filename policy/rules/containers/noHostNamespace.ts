import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at } from "../../values.ts";

/** Properties that can hand a container one of the host's own namespaces. The network has a rule to itself. */
const NAMESPACES = {
    pidMode: "processes",
    ipcMode: "shared memory",
    usernsMode: "users",
    cgroupnsMode: "control groups",
} as const;

/**
 * A container in the host's namespaces sees, and with the right user controls, what runs beside it. Swarm offers none
 * of them.
 */
export const noHostNamespace: ResourceRule = {
    name: "no-host-namespace",
    description: "A container shares neither processes, shared memory, users nor control groups with its host.",
    severity: "high",
    remediationSteps: "Remove `pidMode`, `ipcMode`, `usernsMode` and `cgroupnsMode` where they say `host`.",
    type: Token.container,
    judge: ({ name, props }) =>
        Object.entries(NAMESPACES)
            .filter(([property]) => at(props, property) === "host")
            .map(([property, what]) => ({
                wrong: `Container '${name}' sets '${property}' to "host" and shares the host's ${what}.`,
                instead: "Remove the property.",
            })),
};
