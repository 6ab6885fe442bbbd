import { inlineDecisions, ownDecision, standsBefore } from "../../access.ts";
import type { Resource, StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, items, knownItems, shown, UNKNOWN } from "../../values.ts";

/**
 * An application that names no provider takes a login at any of the account's: whoever is added for guests, or by one-time PIN, opens
 * everything that goes by an address alone. One provider leaves no choice, so the rule asks where a stack declares more.
 */
export const providersAreNamed: StackRule = {
    name: "access-application-names-its-providers",
    description: "Where an account has several identity providers, an application says which of them it takes.",
    severity: "medium",
    level: "advisory",
    remediationSteps:
        "Set `allowedIdps` of the application, or require the provider (`loginMethod`) in each of its policies that lets people in.",
    configSchema: {
        always: {
            description:
                "Whether to ask also where the stack declares fewer than two providers, for accounts whose providers are declared elsewhere.",
            type: "boolean",
            default: false,
        },
    },
    judgeStack: (resources, config) => {
        const providers = resources.filter(({ type }) => type === Token.identityProvider);
        if (providers.length < 2 && !isOn(config.always)) return [];
        const narrow = new Set(
            resources
                .filter(({ type }) => type === Token.accessPolicy)
                .filter(requiresProvider)
                .map(({ urn }) => urn),
        );
        return resources
            .filter((resource) => resource.type === Token.accessApplication && isOpenToAll(resource, narrow))
            .map((resource) => ({
                resource,
                wrong: `Access application '${resource.name}' for ${shown(at(resource.props, "domain"))} takes a login at any identity provider of the account.`,
                instead: "List the ids of its providers in `allowedIdps`.",
            }));
    },
};

function isOpenToAll(application: StackResource, narrow: ReadonlySet<string>): boolean {
    const { props, propertyDependencies } = application;
    const type = at(props, "type");
    const named = items(at(props, "allowedIdps"));
    if (type === UNKNOWN || !standsBefore(type) || named === UNKNOWN || named.length > 0) return false;
    const shared = (propertyDependencies.policies ?? []).filter((policy) => policy.type === Token.accessPolicy);
    const inline = inlineDecisions(application).filter(({ decision }) => decision === "allow");
    // Policies that are named by their id alone are judged nowhere here, and may say so.
    if (shared.length + inline.length === 0) return false;
    return (
        shared.some((policy) => letsPeopleIn(policy) && !narrow.has(policy.urn)) ||
        inline.some(({ policy }) => !asksForProvider(policy))
    );
}

function letsPeopleIn(policy: Resource): boolean {
    return ownDecision(policy).some(({ decision }) => decision === "allow");
}

function requiresProvider({ props, propertyDependencies }: StackResource): boolean {
    const groups = (propertyDependencies.requires ?? []).filter((from) => from.type === Token.accessGroup);
    return asksForProvider(props) || groups.some((group) => isVouchedFor(at(group.props, "includes")));
}

/** A policy asks for a provider where it requires one, or where everybody whom it names is vouched for by one. */
function asksForProvider(policy: unknown): boolean {
    const requires = items(at(policy, "requires"));
    if (requires === UNKNOWN || requires.some((rule) => rule === UNKNOWN || at(rule, "loginMethod") !== undefined)) {
        return true;
    }
    return isVouchedFor(at(policy, "includes"));
}

function isVouchedFor(includes: unknown): boolean {
    const rules = knownItems(includes);
    return rules.length > 0 && rules.every((rule) => VOUCHED.some((kind) => at(rule, kind) !== undefined));
}

/** Kinds of rule that name the provider themselves. */
const VOUCHED = ["loginMethod", "gsuite", "okta", "azureAd", "githubOrganization", "saml", "oidc", "authContext"];
