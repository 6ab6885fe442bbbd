import { describe, type IngressRule, knownIngressRules } from "../../ingress.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { shown, UNKNOWN } from "../../values.ts";

/** Answers that refuse: a success or a redirect from the catch-all would hide that a name is served by nobody. */
const REFUSAL = /^http_status:[45]\d\d$/;

/**
 * The first rule that matches wins, so what stands last decides about every name and path that nobody thought of, and
 * a rule without host name that stands earlier hides the ones below it.
 */
export const ingressEndsWithCatchAll: ResourceRule = {
    name: "ingress-ends-with-catch-all",
    description: "A tunnel's last ingress rule, and only the last, takes every request, and refuses it.",
    severity: "high",
    remediationSteps: 'End `config.ingresses` with `{ service: "http_status:404" }`, without `hostname` and `path`.',
    remediation:
        "A last rule `http_status:404` is added. Nothing worked without it: cloudflared refuses a document whose last rule takes some requests only.",
    type: Token.tunnelConfig,
    judge: (resource) =>
        knownIngressRules(resource).flatMap((rule) =>
            rule.last ? judgeLast(resource, rule) : judgeOther(resource, rule),
        ),
};

function judgeLast(resource: Resource, rule: IngressRule): Finding[] {
    const { hostname, path, service } = rule;
    const subject = describe(resource, rule);
    const limits = [hostname, path].filter((limit) => typeof limit === "string");
    if (limits.length > 0) {
        return [
            {
                wrong: `${subject} stands last but takes ${limits.map(shown).join(" and ")} only.`,
                instead: 'Add { service: "http_status:404" } below it.',
                // Places are counted from 1, so this is the one below.
                edits: [{ path: ["config", "ingresses", rule.place], value: { service: "http_status:404" } }],
            },
        ];
    }
    if (hostname === UNKNOWN || path === UNKNOWN || service === UNKNOWN) return [];
    if (service !== undefined && REFUSAL.test(service)) return [];
    return [
        {
            wrong: `${subject} sends every unmatched request to ${shown(service)}.`,
            instead: 'Write { service: "http_status:404" } as the last rule.',
        },
    ];
}

function judgeOther(resource: Resource, rule: IngressRule): Finding[] {
    if (rule.hostname !== undefined || rule.path !== undefined) return [];
    return [
        {
            wrong: `${describe(resource, rule)} takes every request, so the rules below it are never reached.`,
            instead: "Give it a host name, or remove it.",
        },
    ];
}
