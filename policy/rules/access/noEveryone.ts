import { type Decision, inlineDecisions, ownDecision } from "../../access.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems, text } from "../../values.ts";

/** Address ranges that leave nobody out. */
const WHOLE_INTERNET: ReadonlySet<string> = new Set(["0.0.0.0/0", "::/0"]);

/** Domains where anybody can get an address. */
export const PUBLIC_MAIL: ReadonlySet<string> = new Set(
    (
        "163.com aol.com gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.com mail.ru " +
        "me.com msn.com outlook.com pm.me proton.me protonmail.com qq.com web.de yahoo.com yandex.com yandex.ru zoho.com"
    ).split(" "),
);

const REMEDY =
    "Replace `everyone` (and the range 0.0.0.0/0) in `includes` by groups, e-mail domains, addresses or service tokens.";

/**
 * A policy that lets everyone in is a public host name with a login page before it, or without one (`bypass`,
 * `non_identity`).
 *
 * `requires` narrows such a policy in fact, but it turns public when somebody removes a line there: who may enter
 * belongs in `includes`.
 */
export const noEveryoneInPolicy: ResourceRule = {
    name: "no-everyone-in-access-policy",
    description: "A reusable Access policy that lets people or machines in says who they are.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.accessPolicy,
    judge: (policy) => judgeDecisions(ownDecision(policy)),
};

/** As for a reusable policy. */
export const noEveryoneInApplication: ResourceRule = {
    name: "no-everyone-in-access-application",
    description: "A policy that an Access application carries itself says who may enter.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.accessApplication,
    judge: (application) => judgeDecisions(inlineDecisions(application)),
};

/** A group is written to be let in somewhere. */
export const noEveryoneInGroup: ResourceRule = {
    name: "no-everyone-in-access-group",
    description: "An Access group says who belongs to it.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.accessGroup,
    judge: ({ name, props }) => judgeIncludes(`Access group '${name}' includes`, at(props, "includes")),
};

function judgeDecisions(decisions: readonly Decision[]): Finding[] {
    return decisions
        .filter(({ decision }) => decision !== "deny")
        .flatMap(({ subject, decision, policy }) =>
            judgeIncludes(`${subject} (decision "${decision}") includes`, at(policy, "includes")),
        );
}

function judgeIncludes(subject: string, includes: unknown): Finding[] {
    return knownItems(includes).flatMap((rule) => {
        const who = anybody(rule);
        if (who === undefined) return [];
        return [{ wrong: `${subject} ${who}.`, instead: "Name groups, e-mail domains, addresses or service tokens." }];
    });
}

/** Whom a rule lets in, where that may be anybody. */
function anybody(rule: unknown): string | undefined {
    if (at(rule, "everyone") !== undefined) return "everyone";
    if (at(rule, "anyValidServiceToken") !== undefined) return "every service token of the account";
    const range = text(at(rule, "ip", "ip"));
    if (range !== undefined && WHOLE_INTERNET.has(range)) return range;
    const domain = text(at(rule, "emailDomain", "domain"))?.toLowerCase();
    return domain !== undefined && PUBLIC_MAIL.has(domain) ? `whoever opens a mailbox at ${domain}` : undefined;
}
