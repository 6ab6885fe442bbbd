import { decisions } from "../../access.ts";
import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";

/** A bypassed path is open to whoever finds it, unlogged. Nothing in Sallyport's model needs one. */
export const noAccessBypass: ResourceRule = {
    name: "no-access-bypass",
    description: "No Access policy switches Access off.",
    severity: "critical",
    remediationSteps:
        "Use the decision `allow` for people and `non_identity` with a service token for machines; a health check needs no public host name.",
    types: [...Token.accessPolicy, ...Token.accessApplication],
    judge: (resource) =>
        decisions(resource)
            .filter(({ decision }) => decision === "bypass")
            .map(({ subject }) => ({
                wrong: `${subject} has the decision "bypass", which switches Access off for whoever matches.`,
                instead: 'Write "allow" for people, or "non_identity" with a service token for machines.',
            })),
};
