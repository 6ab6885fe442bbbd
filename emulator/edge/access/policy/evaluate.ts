import type { DirectoryPolicy } from "../../../accessDirectory.ts";
import { evaluateLists, explainLists } from "./lists.ts";
import { describeRule, type RuleContext, type RuleDirectory } from "./rules.ts";
import type { Subject } from "./subject.ts";
import { Truth } from "./truth.ts";

/** What the policies of an application make of a subject. */
export interface Verdict {
    /** `deny` also when no policy said anything: nobody gets in by default. */
    readonly decision: "bypass" | "non_identity" | "allow" | "deny";
    /** The policy that decided; undefined when none did. */
    readonly policy?: DirectoryPolicy | undefined;
    /** Policy and rule in words, for the log and the block page. */
    readonly reason: string;
}

/**
 * The policies that ask for no login, Bypass and Service Auth, in order of precedence; the first that matches decides.
 * They take no notice of an identity, so a rule about one never matches here. Undefined when none matches.
 */
export function evaluateUnattended(
    policies: readonly DirectoryPolicy[],
    subject: Subject,
    directory: RuleDirectory,
): Verdict | undefined {
    const anonymous = { ...subject, identity: undefined };
    return firstMatch(policies.filter(isUnattended), anonymous, directory);
}

/** The policies for people, Allow and Block, in order of precedence; the first that matches decides, and without one it is no. */
export function evaluateForPeople(
    policies: readonly DirectoryPolicy[],
    subject: Subject,
    directory: RuleDirectory,
): Verdict {
    const forPeople = policies.filter((policy) => !isUnattended(policy));
    return firstMatch(forPeople, subject, directory) ?? refusal(forPeople, subject, directory);
}

/** Nobody's yes: a no that says for each policy why it did not match. */
export function refusal(policies: readonly DirectoryPolicy[], subject: Subject, directory: RuleDirectory): Verdict {
    const reasons = inOrder(policies)
        .filter(({ decision }) => decision !== "deny")
        .map((policy) => `policy "${policy.name}": ${explain(policy, { directory, subject })}`);
    return { decision: "deny", reason: reasons.length === 0 ? "no policy lets anybody in" : reasons.join("; ") };
}

/** Whether a policy decides without anybody having logged in. */
export function isUnattended({ decision }: DirectoryPolicy): boolean {
    return decision === "bypass" || decision === "non_identity";
}

function firstMatch(
    policies: readonly DirectoryPolicy[],
    subject: Subject,
    directory: RuleDirectory,
): Verdict | undefined {
    const context = { directory, subject };
    const policy = inOrder(policies).find((candidate) => {
        const truth = evaluateLists(candidate, context);
        if (candidate.decision === "deny") return truth !== Truth.False;
        return truth === Truth.True && !awaitsApproval(candidate);
    });
    return (
        policy && {
            decision: policy.decision,
            policy,
            reason: `policy "${policy.name}" (${labels[policy.decision]}): ${explainLists(policy, context)}`,
        }
    );
}

/** Nobody can agree here, so a policy that waits for somebody to agree lets nobody in. */
function awaitsApproval({ decision, approval_required: required }: DirectoryPolicy): boolean {
    return decision === "allow" && required === true;
}

function explain(policy: DirectoryPolicy, context: RuleContext): string {
    return awaitsApproval(policy) && evaluateLists(policy, context) === Truth.True
        ? "the approval that it asks for cannot be given here"
        : explainLists(policy, context);
}

/** A policy in words, for people: `staff (Allow): include email_domain example.com`. */
export function describePolicy(policy: DirectoryPolicy, directory: RuleDirectory): string {
    const lists = (["include", "require", "exclude"] as const)
        .map((list) => [list, (policy[list] ?? []).map((rule) => describeRule(rule, directory)).join(", ")])
        .filter(([, rules]) => rules !== "");
    return `${policy.name} (${labels[policy.decision]}): ${lists.map((words) => words.join(" ")).join("; ")}`;
}

const inOrder = (policies: readonly DirectoryPolicy[]): DirectoryPolicy[] =>
    policies.toSorted((one, other) => one.precedence - other.precedence);

/** The dashboard's names of the decisions. */
const labels = { allow: "Allow", deny: "Block", bypass: "Bypass", non_identity: "Service Auth" } as const;
