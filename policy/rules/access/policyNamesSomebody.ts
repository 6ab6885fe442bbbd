import { inlineDecisions } from "../../access.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, items, UNKNOWN } from "../../values.ts";

const REMEDY = "List groups, e-mail domains, addresses or service tokens in `includes`, or remove the policy.";

/**
 * Nobody meets a list without an entry. A policy that lets in keeps everybody out, until somebody helps with a line in the dashboard that
 * the stack knows nothing of; one that refuses refuses nobody.
 */
export const policyNamesSomebody: ResourceRule = {
    name: "access-policy-names-somebody",
    description: "An Access policy or group says whom it is about.",
    severity: "medium",
    remediationSteps: REMEDY,
    type: [Token.accessPolicy, Token.accessGroup, Token.accessApplication],
    judge: (resource) => {
        const { type, name, props } = resource;
        if (type === Token.accessPolicy) return judgeIncludes(`Access policy '${name}'`, at(props, "includes"));
        if (type === Token.accessGroup) return judgeIncludes(`Access group '${name}'`, at(props, "includes"));
        return inlineDecisions(resource).flatMap(({ subject, policy }) =>
            judgeIncludes(subject, at(policy, "includes")),
        );
    },
};

function judgeIncludes(subject: string, includes: unknown): Finding[] {
    const rules = items(includes);
    if (rules === UNKNOWN || rules.length > 0) return [];
    return [{ wrong: `${subject} includes nobody.`, instead: REMEDY }];
}
