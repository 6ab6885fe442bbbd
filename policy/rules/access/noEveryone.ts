import { decisions } from "../../access.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { isA, Token } from "../../tokens.ts";
import { at, knownItems, text } from "../../values.ts";

/** Address ranges that leave nobody out. */
const WHOLE_INTERNET: ReadonlySet<string> = new Set(["0.0.0.0/0", "::/0"]);

/**
 * A policy that lets everyone in is a public host name with a login page before it, or without one (`bypass`, `non_identity`).
 *
 * `requires` narrows such a policy in fact, but it turns public when somebody removes a line there: who may enter belongs in `includes`.
 */
export const noEveryone: ResourceRule = {
    name: "no-everyone-in-access-policy",
    description: "An Access policy that lets people or machines in says who they are.",
    severity: "critical",
    remediationSteps:
        "Replace `everyone` (and the range 0.0.0.0/0) in `includes` by groups, e-mail domains, addresses or service tokens.",
    types: [...Token.accessPolicy, ...Token.accessGroup, ...Token.accessApplication],
    judge: (resource) => {
        if (isA(resource, Token.accessGroup)) {
            return judgeIncludes(`Access group '${resource.name}' includes`, at(resource.props, "includes"));
        }
        return decisions(resource)
            .filter(({ decision }) => decision !== "deny")
            .flatMap(({ subject, decision, policy }) =>
                judgeIncludes(`${subject} (decision "${decision}") includes`, at(policy, "includes")),
            );
    },
};

function judgeIncludes(subject: string, includes: unknown): Finding[] {
    return knownItems(includes).flatMap((rule) => {
        const range = text(at(rule, "ip", "ip"));
        const who =
            at(rule, "everyone") !== undefined ? "everyone" : range && WHOLE_INTERNET.has(range) ? range : undefined;
        if (who === undefined) return [];
        return [{ wrong: `${subject} ${who}.`, instead: "Name groups, e-mail domains, addresses or service tokens." }];
    });
}
