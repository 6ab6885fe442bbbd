import { Token } from "../../policy/tokens.ts";
import { at, isOn, items, knownItems, text, UNKNOWN } from "../../policy/values.ts";
import { type Admitted, admitted } from "./conditions.ts";
import { type Condition, type Selector, SelectorKind, type Way } from "./model.ts";
import type { DeclaredResource, ResourceIndex } from "./resources.ts";
import { type RuleLists, shownValue, titleOf, unknownSelector } from "./selectors.ts";
import { conditionWords, whoWords } from "./words.ts";

/** How long a login lasts where neither the policy nor the application says it: Access's own default. */
const DEFAULT_SESSION = "24h";

/** One policy of an application, reusable or its own. */
interface Policy {
    readonly title: string;
    readonly decision: unknown;
    readonly lists: RuleLists;
    readonly props: unknown;
    /** Place among the application's policies; undefined where a preview cannot tell. */
    readonly precedence: number | undefined;
}

/** Somebody whom an application lets in, and the way. */
export interface Entrance {
    readonly who: Selector;
    readonly way: Way;
}

/**
 * Whom an application lets in. Policies without a login come first, then the others, each in their order; the first that matches decides
 * (developers.cloudflare.com, cloudflare-one, "Access policies", order of execution). So who is refused by an earlier policy is an
 * exception of every later one.
 */
export function entrancesOf(index: ResourceIndex, application: DeclaredResource): Entrance[] {
    const policies = policiesOf(index, application);
    const providers = loginProviders(index, application);
    return policies.flatMap((policy) => {
        if (policy.decision === "deny") return [];
        const refusals = policies.filter((other) => other.decision === "deny" && mayComeBefore(other, policy));
        const common = [
            ...demandsOf(policy),
            ...(policy.decision === "allow" ? providers : []),
            ...refusals.flatMap((refusal) => exceptions(index, refusal)),
        ];
        const session = text(at(policy.props, "sessionDuration")) ?? text(at(application.props, "sessionDuration"));
        return admittedBy(index, policy).map(({ who, conditions }) => ({
            who,
            way: {
                rule: `policy ${policy.title}`,
                session: policy.decision === "bypass" ? "without logging in" : (session ?? DEFAULT_SESSION),
                conditions: [...conditions, ...common],
            },
        }));
    });
}

function policiesOf(index: ResourceIndex, application: DeclaredResource): Policy[] {
    const entries = items(at(application.props, "policies"));
    if (entries === UNKNOWN) {
        const reusable = index.dependenciesOf(application, "policies", Token.accessPolicy);
        return reusable.length === 0
            ? [unknownPolicy(application)]
            : reusable.map((policy) => reusablePolicy(policy, undefined));
    }
    return entries.flatMap((entry, place): Policy[] => {
        const given = at(entry, "precedence");
        const precedence = typeof given === "number" ? given : place + 1;
        if (entry !== UNKNOWN && at(entry, "id") === undefined) {
            const decision = at(entry, "decision");
            const lists = { owner: application, holder: entry, property: "policies" };
            const title = text(at(entry, "name")) ?? `${precedence} of ${titleOf(application)}`;
            return [{ title, decision, lists, props: entry, precedence }];
        }
        const id = entry === UNKNOWN ? UNKNOWN : at(entry, "id");
        if (id !== UNKNOWN) {
            const policy = index.withId(Token.accessPolicy, String(id));
            return [policy === undefined ? foreignPolicy(application, id) : reusablePolicy(policy, precedence)];
        }
        const candidates = index.candidates(application, "policies", Token.accessPolicy);
        return candidates.length === 0
            ? [unknownPolicy(application)]
            : candidates.map((policy) => reusablePolicy(policy, undefined));
    });
}

function reusablePolicy(policy: DeclaredResource, precedence: number | undefined): Policy {
    const { props } = policy;
    return { title: titleOf(policy), decision: at(props, "decision"), lists: { owner: policy }, props, precedence };
}

/** A policy that is not part of the stack: it may let in anybody. */
function foreignPolicy(application: DeclaredResource, id: unknown): Policy {
    return { ...unknownPolicy(application), title: `${shownValue(id)} outside this stack` };
}

function unknownPolicy(application: DeclaredResource): Policy {
    return {
        title: `of ${titleOf(application)}`,
        decision: UNKNOWN,
        lists: { owner: application },
        props: {},
        precedence: undefined,
    };
}

function admittedBy(index: ResourceIndex, { decision, lists, title }: Policy): Admitted[] {
    if (typeof decision === "string") return admitted(index, lists);
    return [{ who: { kind: SelectorKind.Unknown, value: `policy ${title}` }, conditions: [] }];
}

/** Unattended policies are asked first; among equals the lower number. Where the place is not known, a refusal may come first. */
function mayComeBefore(refusal: Policy, policy: Policy): boolean {
    if (policy.decision === "bypass" || policy.decision === "non_identity") return false;
    return (
        refusal.precedence === undefined || policy.precedence === undefined || refusal.precedence < policy.precedence
    );
}

/** Whom a refusal keeps out; where it is narrowed itself, by its name, for nobody can tell whom it strikes. */
function exceptions(index: ResourceIndex, refusal: Policy): Condition[] {
    return admittedBy(index, refusal).map(({ who, conditions }) => ({
        demand: "except",
        anyOf: [
            conditions.length === 0
                ? who
                : {
                      kind: SelectorKind.Expression,
                      value: `policy ${refusal.title} refuses ${whoWords(who)} (${conditions.map(conditionWords).join(", ")})`,
                  },
        ],
    }));
}

/** What a policy demands beside its lists. */
function demandsOf({ props, decision }: Policy): Condition[] {
    if (decision !== "allow") return [];
    const only = (kind: SelectorKind, value: string): Condition => ({ demand: "only", anyOf: [{ kind, value }] });
    const approvals = knownItems(at(props, "approvalGroups")).map((group) => {
        const approvers = knownItems(at(group, "emailAddresses")).map(String).toSorted();
        return `${shownValue(at(group, "approvalsNeeded"))} of ${approvers.join(", ") || shownValue(at(group, "emailListUuid"))}`;
    });
    const authenticators = knownItems(at(props, "mfaConfig", "allowedAuthenticators")).map(String);
    return [
        ...(isOn(at(props, "approvalRequired"))
            ? (approvals.length === 0 ? ["somebody"] : approvals).map((one) => only(SelectorKind.Approval, one))
            : []),
        ...(isOn(at(props, "purposeJustificationRequired")) ? [only(SelectorKind.Justification, "")] : []),
        ...(isOn(at(props, "isolationRequired")) ? [only(SelectorKind.Isolation, "")] : []),
        ...(authenticators.length === 0
            ? []
            : [
                  {
                      demand: "only" as const,
                      anyOf: authenticators.map((value) => ({ kind: SelectorKind.AuthMethod, value })),
                  },
              ]),
    ];
}

/** The ways to log in that an application leaves; none where it leaves all of the account's. */
function loginProviders(index: ResourceIndex, application: DeclaredResource): Condition[] {
    const allowed = items(at(application.props, "allowedIdps"));
    if (allowed !== UNKNOWN && allowed.length === 0) return [];
    const known = allowed === UNKNOWN ? [UNKNOWN] : allowed;
    const anyOf = known.flatMap((id): Selector[] => {
        const found =
            id === UNKNOWN
                ? index.candidates(application, "allowedIdps", Token.identityProvider)
                : [index.withId(Token.identityProvider, String(id))];
        if (found.length === 0) return [unknownSelector(application)];
        return found.map((one) => ({
            kind: SelectorKind.LoginMethod,
            value: one === undefined ? String(id) : titleOf(one),
        }));
    });
    return [{ demand: "only", anyOf }];
}
