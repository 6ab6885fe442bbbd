import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import type { ApiRequest } from "../../http/endpoint.ts";
import { groupNotLoaded } from "./accessErrors.ts";
import { groups } from "./group.ts";

const empty = z.strictObject({});
const text = z.string().min(1, "is empty");
const ofProvider = { identity_provider_id: text };

/** Every kind of rule that a policy or group can hold, by its JSON name (provider model `zero_trust_access_group`). */
const kinds = {
    everyone: empty,
    email: z.strictObject({ email: text }),
    email_domain: z.strictObject({ domain: text }),
    email_list: z.strictObject({ id: text }),
    group: z.strictObject({ id: text }),
    ip: z.strictObject({
        ip: z
            .string()
            .refine(
                (value) => isIP(value) !== 0 || ipaddr.isValidCIDR(value),
                "is not an address or a network; write for example 203.0.113.0/24",
            )
            // The real API gives a single address back as a network (cloudflare/terraform-provider-cloudflare#6059).
            .transform((value) => (isIP(value) === 0 ? value : `${value}/${isIP(value) === 4 ? 32 : 128}`)),
    }),
    ip_list: z.strictObject({ id: text }),
    geo: z.strictObject({ country_code: z.string().length(2, "is not a country code of two letters") }),
    service_token: z.strictObject({ token_id: text }),
    any_valid_service_token: empty,
    certificate: empty,
    common_name: z.strictObject({ common_name: text }),
    device_posture: z.strictObject({ integration_uid: text }),
    login_method: z.strictObject({ id: text }),
    auth_method: z.strictObject({ auth_method: text }),
    auth_context: z.strictObject({ id: text, ac_id: text, ...ofProvider }),
    azureAD: z.strictObject({ id: text, ...ofProvider }),
    "github-organization": z.strictObject({ name: text, team: z.string().optional(), ...ofProvider }),
    gsuite: z.strictObject({ email: text, ...ofProvider }),
    okta: z.strictObject({ name: text, ...ofProvider }),
    saml: z.strictObject({ attribute_name: text, attribute_value: text, ...ofProvider }),
    oidc: z.strictObject({ claim_name: text, claim_value: text, ...ofProvider }),
    external_evaluation: z.strictObject({ evaluate_url: text, keys_url: text }),
    linked_app_token: z.strictObject({ app_uid: text }),
    user_risk_score: z.strictObject({ user_risk_score: z.array(z.string()) }),
} as const;

/** The names of all kinds of rules. */
export const accessRuleKinds: readonly string[] = Object.keys(kinds);

/** One rule: an object with exactly one key, the rule's kind. */
const accessRule = z
    .strictObject(kinds)
    .partial()
    .refine((rule) => Object.keys(rule).length === 1, "is not one rule; give exactly one kind of rule in each object");

export type AccessRule = z.infer<typeof accessRule>;

/** The three lists of rules: any of `include`, all of `require`, none of `exclude`. */
export const ruleLists = {
    include: z.array(accessRule).min(1, "is empty; a policy needs at least one rule that lets someone in"),
    require: z.array(accessRule).optional(),
    exclude: z.array(accessRule).optional(),
};

export interface RuleLists {
    readonly include: readonly AccessRule[];
    readonly require?: readonly AccessRule[] | undefined;
    readonly exclude?: readonly AccessRule[] | undefined;
}

/** @throws ApiError 11020 when a rule names a group that does not exist. */
export function checkGroupReferences(request: ApiRequest, lists: RuleLists): void {
    // A zone's policies may also name its account's groups.
    const scopes = [request.scope.id, request.scope.accountId];
    const rules = [...lists.include, ...(lists.require ?? []), ...(lists.exclude ?? [])];
    for (const { group } of rules) {
        if (group !== undefined && !scopes.some((scope) => request.services.store.table(scope, groups).get(group.id))) {
            throw groupNotLoaded();
        }
    }
}
