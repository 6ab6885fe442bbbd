import { destinations, inlineDecisions } from "../../access.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, items, UNKNOWN } from "../../values.ts";

/** Rules of an application or group (developers.cloudflare.com/cloudflare-one/account-limits). */
const MOST_RULES = 1000;
/** Domains of an application, from the same page. */
const MOST_DOMAINS = 5;

/** The API refuses the whole object, and whoever was to be added last notices first. */
export const accessRules: ResourceRule = {
    name: "access-rules-are-within-limits",
    description: "An Access application, policy or group has no more rules and domains than Cloudflare takes.",
    severity: "medium",
    remediationSteps:
        "Name e-mail domains and groups of an identity provider instead of people one by one; split an application by its domains.",
    type: [Token.accessApplication, Token.accessPolicy, Token.accessGroup],
    judge: (resource) => {
        const { type, name, props } = resource;
        if (type === Token.accessGroup) return judgeRules(`Access group '${name}'`, props);
        if (type === Token.accessPolicy) return judgeRules(`Access policy '${name}'`, props);
        const inline = inlineDecisions(resource).flatMap(({ subject, policy }) => judgeRules(subject, policy));
        return [...judgeDomains(resource), ...inline];
    },
};

function judgeRules(subject: string, holder: unknown): Finding[] {
    const count = ["includes", "requires", "excludes"]
        .map((list) => items(at(holder, list)))
        .reduce((sum, rules) => sum + (rules === UNKNOWN ? 0 : rules.length), 0);
    if (count <= MOST_RULES) return [];
    return [
        {
            wrong: `${subject} has ${count} rules, and Cloudflare takes ${MOST_RULES}.`,
            instead: "Name e-mail domains or groups instead of people one by one.",
        },
    ];
}

function judgeDomains(application: Resource): Finding[] {
    const count = new Set(destinations(application).map(({ hostname, path }) => [hostname, ...path].join("/"))).size;
    if (count <= MOST_DOMAINS) return [];
    return [
        {
            wrong: `Access application '${application.name}' has ${count} domains, and Cloudflare takes ${MOST_DOMAINS}.`,
            instead: "Declare a second application with the same policies.",
        },
    ];
}
