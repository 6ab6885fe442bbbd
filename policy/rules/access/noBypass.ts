import { type Decision, inlineDecisions, ownDecision } from "../../access.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";

const REMEDY =
    "Use the decision `allow` for people and `non_identity` with a service token for machines; a health check needs no public host name.";

/** A bypassed path is open to whoever finds it, unlogged. Nothing in Sallyport's model needs one. */
export const noBypassInPolicy: ResourceRule = {
    name: "no-bypass-in-access-policy",
    description: "No reusable Access policy switches Access off.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.accessPolicy,
    judge: (policy) => judgeDecisions(ownDecision(policy)),
};

/** As for a reusable policy. */
export const noBypassInApplication: ResourceRule = {
    name: "no-bypass-in-access-application",
    description: "No policy that an Access application carries itself switches Access off.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.accessApplication,
    judge: (application) => judgeDecisions(inlineDecisions(application)),
};

function judgeDecisions(decisions: readonly Decision[]): Finding[] {
    return decisions
        .filter(({ decision }) => decision === "bypass")
        .map(({ subject }) => ({
            wrong: `${subject} has the decision "bypass", which switches Access off for whoever matches.`,
            instead: 'Write "allow" for people, or "non_identity" with a service token for machines.',
        }));
}
