import { ZeroTrustAccessIdentityProvider } from "@pulumi/cloudflare/zeroTrustAccessIdentityProvider.js";
import * as pulumi from "@pulumi/pulumi";
import type {
    AzureAdLogin,
    GitHubLogin,
    GoogleLogin,
    GoogleWorkspaceLogin,
    IdentityProviderKind,
    OidcLogin,
    OktaLogin,
    SamlLogin,
    ScimProvisioning,
} from "./identity/logins.ts";
import { providerSettings, scimSettings, sealed } from "./identity/settings.ts";
import { checkIdentityProvider } from "./identity/validation.ts";

export interface IdentityProviderArgs {
    /** Account that owns the provider: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** First label of the team domain (`example` of `example.cloudflareaccess.com`), where logins come back to. */
    team: pulumi.Input<string>;
    /** Name on the login page's button. The component's name if omitted. */
    providerName?: pulumi.Input<string>;
    /** What it is. Each kind but the one-time PIN takes the argument of its name, and no other. A change replaces the provider. */
    kind: IdentityProviderKind;
    /** For the kind `google`. */
    google?: GoogleLogin;
    /** For the kind `google-apps`. */
    googleWorkspace?: GoogleWorkspaceLogin;
    /** For the kind `github`. */
    github?: GitHubLogin;
    /** For the kind `azureAD`. */
    azureAd?: AzureAdLogin;
    /** For the kind `okta`. */
    okta?: OktaLogin;
    /** For the kind `oidc`. */
    oidc?: OidcLogin;
    /** For the kind `saml`. */
    saml?: SamlLogin;
    /** Has the provider tell Access of people who leave, so that they are out at once. Kinds `azureAD`, `okta`, `oidc` and `saml`. Off if omitted. */
    scim?: ScimProvisioning;
}

/**
 * A way to log in: the team's own accounts at Google, GitHub, Microsoft Entra ID, Okta, any OpenID Connect or SAML provider, or
 * a one-time PIN by e-mail.
 *
 * It lets nobody in by itself; an {@link AccessAudience} names people, or groups of this provider. Register `callbackUrl` with
 * the provider as the address that logins return to.
 *
 * An account has one login by one-time PIN. If it is there already, take it over with the resource option `import`
 * (`accounts/<account id>/<provider id>`) on the child, through a transform.
 *
 * @example
 * const workspace = new IdentityProvider("workspace", {
 *     accountId,
 *     team: "example",
 *     kind: IdentityProviderKind.GoogleWorkspace,
 *     googleWorkspace: { clientId: "….apps.googleusercontent.com", clientSecret: config.requireSecret("google"), domain: "example.com" },
 * });
 * const developers = new AccessAudience("developers", {
 *     accountId,
 *     groups: [{ identityProviderId: workspace.providerId, googleGroup: "developers@example.com" }],
 * });
 */
export class IdentityProvider extends pulumi.ComponentResource {
    /** UUID of the provider, for the groups and requirements of an audience. */
    public readonly providerId: pulumi.Output<string>;
    /** Where the provider sends people back to: register it there as redirect URI, or as SAML assertion consumer service. */
    public readonly callbackUrl: pulumi.Output<string>;
    /** Base URL for the provider's SCIM client; empty without `scim`. */
    public readonly scimBaseUrl: pulumi.Output<string>;
    /** Secret: bearer token for the provider's SCIM client, told once, at creation; empty without `scim`. */
    public readonly scimSecret: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the provider where `providerName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: IdentityProviderArgs, opts?: pulumi.ComponentResourceOptions) {
        checkIdentityProvider(name, args);
        const sealedArgs = sealed(args);
        super("sallyport:index:IdentityProvider", name, sealedArgs, opts);

        const provider = new ZeroTrustAccessIdentityProvider(
            `${name}-provider`,
            {
                accountId: args.accountId,
                name: args.providerName ?? name,
                type: args.kind,
                config: providerSettings(sealedArgs),
                ...(args.scim && { scimConfig: scimSettings(args.scim) }),
            },
            // A provider plugin that forgets to mark the client secret must not put it into the state in clear. `scimConfig` is left to the
            // plugin, which marks SCIM's token: the SDK cannot read a secret within a secret.
            { parent: this, additionalSecretOutputs: ["config"] },
        );

        this.providerId = provider.id;
        this.callbackUrl = pulumi.interpolate`https://${args.team}.cloudflareaccess.com/cdn-cgi/access/callback`;
        const scim = pulumi.output(provider.scimConfig);
        this.scimBaseUrl = pulumi.unsecret(scim.apply((config) => config?.scimBaseUrl ?? ""));
        this.scimSecret = pulumi.secret(scim.apply((config) => config?.secret ?? ""));
        this.registerOutputs({
            providerId: this.providerId,
            callbackUrl: this.callbackUrl,
            scimBaseUrl: this.scimBaseUrl,
            scimSecret: this.scimSecret,
        });
    }
}
