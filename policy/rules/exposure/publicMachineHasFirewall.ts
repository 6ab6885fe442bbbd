import { isOpen } from "../../exposure/guards.ts";
import { subjectOf } from "../../exposure/opening.ts";
import { PUBLIC_BY_DEFAULT } from "../../exposure/publicByDefault.ts";
import type { StackRule } from "../../rule.ts";

/**
 * Some clouds give a machine or load balancer a public address unless told otherwise, and let everybody in until a
 * firewall is put before it. Only the whole stack shows whether one is.
 */
export const publicMachineHasFirewall: StackRule = {
    name: "public-machine-has-firewall",
    description: "What a cloud makes public by itself stands behind a firewall, or has no public address.",
    severity: "critical",
    remediationSteps:
        "Put a firewall before it that lets nobody in, or take its public address away: a connector only dials out.",
    judgeStack: (resources) =>
        resources.flatMap((resource) => {
            const kind = PUBLIC_BY_DEFAULT[resource.type];
            if (kind === undefined || !isOpen(resource, kind, resources)) return [];
            const wrong = `${subjectOf(resource)} has a public address and no firewall before it.`;
            return [{ resource, wrong, instead: kind.instead }];
        }),
};
