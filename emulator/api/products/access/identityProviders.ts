import { randomBytes } from "node:crypto";
import { z } from "zod";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountOrZoneLevel, type Endpoint } from "../../http/endpoint.ts";
import { mistakeAt } from "../../http/validation.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { accessConflict, accessNotFound, accessQuota, invalidAccessRequest } from "./accessErrors.ts";
import { organizations } from "./organizations.ts";

const providerTypes = [
    ...["onetimepin", "azureAD", "saml", "centrify", "facebook", "github", "google-apps", "google", "linkedin"],
    ...["oidc", "okta", "onelogin", "pingone", "yandex", "cloudflare"],
] as const;

/** Everything that some type of provider takes (provider model `zero_trust_access_identity_provider`). */
const configKeys = [
    ...["apps_domain", "attributes", "auth_url", "authorization_server_id", "centrify_account", "centrify_app_id"],
    ...["certs_url", "claims", "client_id", "client_secret", "conditional_access_enabled", "directory_id"],
    ...["email_attribute_name", "email_claim_name", "header_attributes", "idp_public_certs", "issuer_url"],
    ...["okta_account", "onelogin_account", "ping_env_id", "pkce_enabled", "prompt", "scopes", "sign_request"],
    ...["sso_target_url", "support_groups", "token_url", "redirect_url"],
] as const;

const body = z.strictObject({
    name: z.string().min(1, "is empty; give the provider a name").max(350),
    type: z.enum(providerTypes),
    config: z.strictObject(Object.fromEntries(configKeys.map((key) => [key, z.unknown().optional()]))),
    scim_config: z
        .strictObject({
            enabled: z.boolean().optional(),
            user_deprovision: z.boolean().optional(),
            seat_deprovision: z.boolean().optional(),
            identity_update_behavior: z.enum(["automatic", "reauth", "no_action"]).optional(),
            // Computed by the API; clients send them back as they got them.
            scim_base_url: z.string().optional(),
            secret: z.string().optional(),
        })
        .optional(),
});

type Body = z.infer<typeof body>;

/** A way to log in. */
export interface IdentityProvider extends Body {
    readonly id: string;
    readonly created_at: string;
    readonly updated_at: string;
}

export const identityProviders = defineTable<IdentityProvider>("accessIdentityProviders");

/**
 * Identity providers. Whether Cloudflare masks `config.client_secret` when it is read is not verified: here it comes
 * back as it was given. The SCIM secret is in the answer to create only.
 */
export const identityProviderEndpoints: readonly Endpoint[] = collection<IdentityProvider>({
    table: identityProviders,
    at: accountOrZoneLevel,
    path: "/access/identity_providers",
    idParam: ":identity_provider_id",
    pageSizes: { default: 25, max: 1000 },
    notFound: accessNotFound,
    quota: { limit: 50, exceeded: accessQuota("identity providers") },
    create: (request) => {
        const given = request.body(body, invalidAccessRequest);
        refuseSecondOneTimePin(request, given);
        const now = request.now();
        const row = completed(request, { ...given, id: newUuid(), created_at: now, updated_at: now });
        const scim = row.scim_config;
        return scim?.enabled
            ? { row, answer: { ...row, scim_config: { ...scim, secret: randomBytes(32).toString("hex") } } }
            : row;
    },
    update: (request, { id, type, created_at }) => {
        const given = request.body(body, invalidAccessRequest);
        if (given.type !== type) {
            throw invalidAccessRequest([mistakeAt(["type"], `is ${given.type}; a provider stays what it is, ${type}`)]);
        }
        return completed(request, { ...given, id, created_at, updated_at: request.now() });
    },
});

/** The provider with what the API computes. */
function completed(request: ApiRequest, provider: IdentityProvider): IdentityProvider {
    const { id, type, config, scim_config: scim } = provider;
    const { secret: _, ...keptScim } = scim ?? {};
    if (type === "onetimepin" && Object.keys(keptScim).length > 0) {
        throw invalidAccessRequest([mistakeAt(["scim_config"], "does not go with a onetimepin connection")]);
    }
    const domain = request.table(organizations).all()[0]?.auth_domain;
    const redirects = type !== "onetimepin" && domain !== undefined;
    const scimUrl = `https://${domain}/scim/v2/${id}`;
    return {
        ...provider,
        config: redirects ? { ...config, redirect_url: `https://${domain}/cdn-cgi/access/callback` } : config,
        ...(scim === undefined
            ? {}
            : { scim_config: scim.enabled ? { ...keptScim, scim_base_url: scimUrl } : keptScim }),
    };
}

function refuseSecondOneTimePin(request: ApiRequest, { type }: Body): void {
    if (type === "onetimepin" && request.table(identityProviders).find((provider) => provider.type === type)) {
        throw accessConflict("a onetimepin connection already exists");
    }
}
