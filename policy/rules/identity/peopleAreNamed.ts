import { type Decision, inlineDecisions, ownDecision } from "../../access.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, keys, knownItems } from "../../values.ts";

/** Kinds of rule that say where, when or how somebody comes, each with what it says. Whoever meets one may be anybody. */
const NOBODY: Readonly<Record<string, string>> = {
    ip: "where somebody is",
    ipList: "where somebody is",
    geo: "where somebody is",
    authMethod: "how somebody logged in",
    devicePosture: "what device somebody has",
};

const REMEDY =
    "Move networks, countries, ways of authenticating and device checks from `includes` to `requires`, and name addresses, domains or groups in `includes`.";

/**
 * A rule in `includes` lets in by itself. A network or a country lets in every identity from it, with a login by one-time PIN the owner of
 * any mailbox; a way of authenticating or a device check lets in everybody who has it, at any provider of the account.
 */
export const peopleAreNamedInPolicy: ResourceRule = {
    name: "people-are-named-in-access-policy",
    description: "A reusable Access policy lets people in for who they are, not for where or how they come.",
    severity: "high",
    remediationSteps: REMEDY,
    type: Token.accessPolicy,
    judge: (policy) => judgeDecisions(ownDecision(policy)),
};

/** As for a reusable policy. */
export const peopleAreNamedInApplication: ResourceRule = {
    name: "people-are-named-in-access-application",
    description: "A policy that an Access application carries itself lets people in for who they are.",
    severity: "high",
    remediationSteps: REMEDY,
    type: Token.accessApplication,
    judge: (application) => judgeDecisions(inlineDecisions(application)),
};

function judgeDecisions(decisions: readonly Decision[]): Finding[] {
    return decisions
        .filter(({ decision }) => decision === "allow")
        .flatMap(({ subject, policy }) =>
            knownItems(at(policy, "includes"))
                .flatMap(keys)
                .filter((kind) => Object.hasOwn(NOBODY, kind))
                .map((kind) => ({
                    wrong: `${subject} includes \`${kind}\`, which says ${NOBODY[kind]} and not who.`,
                    instead: "Move it to `requires`, and name addresses, domains or groups in `includes`.",
                })),
        );
}
