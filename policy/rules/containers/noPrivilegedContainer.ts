import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, knownItems } from "../../values.ts";

/**
 * With every capability a process can open the host's ports, read other containers' secrets and change the firewall.
 */
export const noPrivilegedService: ResourceRule = {
    name: "no-privileged-service",
    description: "A Swarm service does not hold every capability.",
    severity: "high",
    remediationSteps: "Name the single capabilities that the program needs in `taskSpec.containerSpec.capAdds`.",
    type: Token.service,
    judge: judgeService,
};

/** As for a service; a privileged container has the host's devices as well. */
export const noPrivilegedContainer: ResourceRule = {
    name: "no-privileged-container",
    description: "A container is not privileged and does not hold every capability.",
    severity: "high",
    remediationSteps:
        "Remove `privileged` and name the single capabilities that the program needs in `capabilities.adds`.",
    type: Token.container,
    judge: judgeContainer,
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
