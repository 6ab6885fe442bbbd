import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { isA, Token } from "../../tokens.ts";
import { at, isOn, knownItems } from "../../values.ts";

/** A privileged process can open the host's ports, read every other container's secrets and change the firewall. */
export const noPrivilegedContainer: ResourceRule = {
    name: "no-privileged-container",
    description: "A container is not privileged and does not hold every capability.",
    severity: "high",
    remediationSteps: "Remove `privileged` and add the single capabilities that the program needs.",
    types: [...Token.dockerService, ...Token.dockerContainer],
    judge: (resource) => (isA(resource, Token.dockerService) ? judgeService(resource) : judgeContainer(resource)),
};

function judgeService({ name, props }: Resource): Finding[] {
    const added = at(props, "taskSpec", "containerSpec", "capAdds");
    return addsAll(added) ? [allCapabilities(`Service '${name}'`, "taskSpec.containerSpec.capAdds")] : [];
}

function judgeContainer({ name, props }: Resource): Finding[] {
    const findings: Finding[] = [];
    if (isOn(at(props, "privileged"))) {
        findings.push({
            wrong: `Container '${name}' sets 'privileged' to true.`,
            instead: "Remove it and add the single capabilities that the program needs to `capabilities.adds`.",
        });
    }
    const added = at(props, "capabilities", "adds");
    if (addsAll(added)) findings.push(allCapabilities(`Container '${name}'`, "capabilities.adds"));
    return findings;
}

function allCapabilities(subject: string, property: string): Finding {
    return {
        wrong: `${subject} adds all capabilities in \`${property}\`.`,
        instead: 'Name the ones that the program needs, such as "CAP_NET_ADMIN".',
    };
}

function addsAll(capabilities: unknown): boolean {
    return knownItems(capabilities).some((name) => name === "ALL" || name === "CAP_ALL");
}
