import type { AccessDirectory, AccessRule } from "../../../accessDirectory.ts";
import { isWithin } from "./addresses.ts";
import { externalKey } from "./externalRules.ts";
import { evaluateLists } from "./lists.ts";
import type { Identity, Subject } from "./subject.ts";
import { any, Truth, truthOf } from "./truth.ts";

/** What rules look up: groups, lists and applications, and the names of what they refer to. */
export type RuleDirectory = Pick<AccessDirectory, "group" | "listValues" | "applications" | "nameOf">;

/** What a rule is checked against, and the groups that are being looked into already. */
export interface RuleContext {
    readonly directory: RuleDirectory;
    readonly subject: Subject;
    readonly openGroups?: ReadonlySet<string> | undefined;
}

type Kind = keyof AccessRule;
type Check<K extends Kind> = (value: NonNullable<AccessRule[K]>, context: RuleContext) => Truth;

/**
 * One check for each kind of rule (Cloudflare's selectors, developers.cloudflare.com/cloudflare-one/access-controls/policies).
 * What depends on an identity is unknown without one; so is what only a service of Cloudflare's could tell.
 */
const checks: { readonly [K in Kind]-?: Check<K> } = {
    everyone: () => Truth.True,
    email: ({ email }, context) => ofIdentity(context, (identity) => sameText(identity.email, email)),
    email_domain: ({ domain }, context) =>
        ofIdentity(context, ({ email }) => sameText(email.slice(email.lastIndexOf("@") + 1), domain.replace(/^@/, ""))),
    email_list: ({ id }, context) =>
        ofList(context, id, (values) =>
            ofIdentity(context, ({ email }) => values.some((value) => sameText(email, value))),
        ),
    group: ({ id }, context) => ofGroup(id, context),
    ip: ({ ip }, { subject }) => truthOf(isWithin(subject.clientIp, ip)),
    ip_list: ({ id }, context) =>
        ofList(context, id, (values) => any(values.map((value) => truthOf(isWithin(context.subject.clientIp, value))))),
    geo: ({ country_code: code }, { subject: { country } }) =>
        country === undefined ? Truth.Unknown : truthOf(sameText(country, code)),
    service_token: ({ token_id: id }, { subject }) => truthOf(subject.serviceToken?.id === id),
    any_valid_service_token: (_, { subject }) => truthOf(subject.serviceToken !== undefined),
    certificate: (_, { subject }) => truthOf(subject.certificate !== undefined),
    common_name: ({ common_name: name }, { subject }) => truthOf(subject.certificate?.commonName === name),
    device_posture: ({ integration_uid: id }, context) =>
        ofIdentity(context, ({ devicePosture }) => devicePosture.includes(id)),
    login_method: ({ id }, context) => ofIdentity(context, ({ provider }) => provider.id === id),
    auth_method: ({ auth_method: method }, context) =>
        ofIdentity(context, ({ authMethods }) => authMethods.includes(method)),
    azureAD: ({ id, identity_provider_id: provider }, context) => inGroup(context, provider, id, sameText),
    "github-organization": ({ name, team, identity_provider_id: provider }, context) =>
        inGroup(context, provider, team ? `${name}/${team}` : name),
    gsuite: ({ email, identity_provider_id: provider }, context) => inGroup(context, provider, email, sameText),
    okta: ({ name, identity_provider_id: provider }, context) => inGroup(context, provider, name),
    saml: ({ attribute_name: name, attribute_value: value, identity_provider_id: provider }, context) =>
        hasClaim(context, provider, name, value),
    oidc: ({ claim_name: name, claim_value: value, identity_provider_id: provider }, context) =>
        hasClaim(context, provider, name, value),
    auth_context: ({ ac_id: context, identity_provider_id: id }, ruleContext) =>
        ofIdentity(
            ruleContext,
            ({ provider, authContexts = [] }) => provider.id === id && authContexts.includes(context),
        ),
    external_evaluation: (rule, context) =>
        ofIdentity(context, () => context.subject.externalAnswers?.get(externalKey(rule))?.truth ?? Truth.Unknown),
    // A SaaS application's tokens would come from an authorization server that is not here, so nothing can be known of them.
    linked_app_token: ({ app_uid: uid }, { directory, subject }) =>
        directory.applications().some(({ id }) => id === uid)
            ? truthOf(subject.linkedApplication?.id === uid)
            : Truth.Unknown,
    user_risk_score: ({ user_risk_score: scores }, context) =>
        ofIdentity(context, ({ riskScore }) =>
            riskScore === undefined ? Truth.Unknown : truthOf(scores.includes(riskScore)),
        ),
};

/** Whether a rule holds for the subject. A kind that nobody here has heard of is unknown. */
export function evaluateRule(rule: AccessRule, context: RuleContext): Truth {
    const [entry] = Object.entries(rule);
    const check = entry && Object.hasOwn(checks, entry[0]) ? checks[entry[0] as Kind] : undefined;
    // The table gives each kind the check for its own value; the compiler cannot follow the pair through `Object.entries`.
    return check === undefined ? Truth.Unknown : (check as Check<Kind>)(entry?.[1] as never, context);
}

/** Why it is not known whether a rule holds, where that can be said. */
export function doubtAbout(
    { external_evaluation: external }: AccessRule,
    { subject }: RuleContext,
): string | undefined {
    return external && subject.externalAnswers?.get(externalKey(external))?.doubt;
}

/** The rule in words, for logs and pages: `email_domain example.com`, `everyone`; what it names by an id by its name: `group "staff"`. */
export function describeRule(rule: AccessRule, directory: RuleDirectory): string {
    const [kind = "rule", value = {}] = Object.entries(rule)[0] ?? [];
    const details = Object.entries(value)
        .filter(([key]) => key !== "identity_provider_id")
        .map(([key, detail]) => {
            const name = REFERENCES.has(key) ? directory.nameOf(String(detail)) : undefined;
            return name === undefined ? String(detail) : `"${name}"`;
        });
    return [kind, ...details].join(" ");
}

/** Fields of rules that hold the id of another object. */
const REFERENCES: ReadonlySet<string> = new Set(["id", "token_id", "integration_uid", "app_uid"]);

function ofIdentity({ subject }: RuleContext, test: (identity: Identity) => boolean | Truth): Truth {
    if (subject.identity === undefined) {
        return Truth.Unknown;
    }
    const result = test(subject.identity);
    return typeof result === "boolean" ? truthOf(result) : result;
}

/** A list that is gone says nothing about anybody. */
function ofList({ directory }: RuleContext, id: string, test: (values: readonly string[]) => Truth): Truth {
    const values = directory.listValues(id);
    return values === undefined ? Truth.Unknown : test(values);
}

/** A group that is gone, or that is reached again through itself, says nothing about anybody. */
function ofGroup(id: string, context: RuleContext): Truth {
    const group = context.directory.group(id);
    if (group === undefined || context.openGroups?.has(id)) {
        return Truth.Unknown;
    }
    return evaluateLists(group, { ...context, openGroups: new Set(context.openGroups).add(id) });
}

function inGroup(context: RuleContext, providerId: string, group: string, isSame = Object.is): Truth {
    return ofIdentity(
        context,
        ({ provider, groups }) => provider.id === providerId && groups.some((own) => isSame(own, group)),
    );
}

function hasClaim(context: RuleContext, providerId: string, name: string, value: string): Truth {
    return ofIdentity(context, ({ provider, claims, groups }) => {
        const values = Object.hasOwn(claims, name) ? claims[name] : name === "groups" ? groups : undefined;
        return provider.id === providerId && (values ?? []).includes(value);
    });
}

/** Equal but for the case of ASCII letters: Unicode's case mapping makes equal what is not (the Kelvin sign and k). */
function sameText(one: string, other: string): boolean {
    return lowerAscii(one) === lowerAscii(other);
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
