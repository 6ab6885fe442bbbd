import { answersItself, describe, hostnameOf, type IngressRule, knownIngressRules } from "../../ingress.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, items, shown, UNKNOWN } from "../../values.ts";

/**
 * The connector verifies the Access token of each request itself, so that the origin stays shut when somebody deletes
 * the Access application by hand.
 *
 * cloudflared honours `access` on the rule only: the document's own `originRequest.access` is silently ignored
 * (`ingress/ingress.go`).
 */
export const ingressDemandsAccessToken: ResourceRule = {
    name: "ingress-demands-access-token",
    description: "Every ingress rule with an origin demands the token of its Access application.",
    severity: "critical",
    remediationSteps:
        "Set `originRequest.access` of each ingress rule to `{ required: true, teamName, audTags: [application.aud] }`; at the top of the document it is ignored.",
    type: Token.tunnelConfig,
    judge: (resource) =>
        knownIngressRules(resource)
            // A catch-all whose service is not known yet may still turn out to refuse.
            .filter((rule) => !answersItself(rule) && !(rule.last && rule.service === UNKNOWN))
            .flatMap((rule) => judge(resource, rule)),
};

function judge(resource: Resource, rule: IngressRule): Finding[] {
    const missing = whatIsMissing(at(rule.originRequest, "access"));
    if (missing === undefined) return [];
    return [
        {
            wrong: `${describe(resource, rule)} lets requests without an Access token through: ${missing}.`,
            instead: "Write `access: { required: true, teamName, audTags: [application.aud] }` in its `originRequest`.",
            ...hostnameOf(rule),
        },
    ];
}

function whatIsMissing(access: unknown): string | undefined {
    if (access === undefined) return "'originRequest.access' is not set";
    const required = at(access, "required");
    if (required !== UNKNOWN && !isOn(required)) return `'originRequest.access.required' is ${shown(required)}`;
    const tags = items(at(access, "audTags"));
    if (tags !== UNKNOWN && tags.every((tag) => tag === "" || tag === undefined)) {
        return "'originRequest.access.audTags' is empty";
    }
    const team = at(access, "teamName");
    if (team === undefined || team === "") return "'originRequest.access.teamName' is not set";
    return undefined;
}
