import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems, text } from "../../values.ts";

/** What each lets a process do to the machine that it runs on (capabilities(7)). */
const CAPABILITIES: Readonly<Record<string, string>> = {
    BPF: "load programs into the kernel",
    DAC_READ_SEARCH: "open every file of the host by its handle",
    PERFMON: "watch the kernel and every process",
    SYS_ADMIN: "mount file systems and enter namespaces",
    SYS_BOOT: "restart the host",
    SYS_MODULE: "load modules into the kernel",
    SYS_PTRACE: "read and steer other processes",
    SYS_RAWIO: "write to the host's disks and memory",
};

/** With one of these a process gets out of its container, or takes the host down. */
export const noHostCapability: ResourceRule = {
    name: "no-host-capability",
    description: "A container holds no capability with which it could take over its host.",
    severity: "high",
    remediationSteps: "Remove the capability; what needs it belongs on a machine of its own.",
    type: [Token.service, Token.container],
    judge: (resource) => {
        const { subject, property, added } = additions(resource);
        return knownItems(added).flatMap((capability): Finding[] => {
            const name = (text(capability) ?? "").toUpperCase().replace(/^CAP_/, "");
            const power = Object.hasOwn(CAPABILITIES, name) ? CAPABILITIES[name] : undefined;
            if (power === undefined) return [];
            return [
                {
                    wrong: `${subject} adds CAP_${name} in \`${property}\`, with which a process may ${power}.`,
                    instead: "Remove it.",
                },
            ];
        });
    },
};

function additions({ type, name, props }: Resource): { subject: string; property: string; added: unknown } {
    return type === Token.service
        ? {
              subject: `Service '${name}'`,
              property: "taskSpec.containerSpec.capAdds",
              added: at(props, "taskSpec", "containerSpec", "capAdds"),
          }
        : {
              subject: `Container '${name}'`,
              property: "capabilities.adds",
              added: at(props, "capabilities", "adds"),
          };
}
