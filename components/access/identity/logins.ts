import type * as pulumi from "@pulumi/pulumi";

/** What an identity provider is, in the API's own words. */
export const IdentityProviderKind = {
    /** A one-time PIN by e-mail: needs no provider, and proves no more than a mailbox. An account has one. */
    OneTimePin: "onetimepin",
    /** Google accounts of any domain. */
    Google: "google",
    /** Google Workspace of one domain, with its groups. */
    GoogleWorkspace: "google-apps",
    GitHub: "github",
    /** Microsoft Entra ID, once Azure Active Directory. */
    AzureAd: "azureAD",
    Okta: "okta",
    /** Any provider that speaks OpenID Connect. */
    Oidc: "oidc",
    /** Any provider that speaks SAML 2.0. */
    Saml: "saml",
} as const;
export type IdentityProviderKind = (typeof IdentityProviderKind)[keyof typeof IdentityProviderKind];

/** The argument that describes each kind; the one-time PIN needs none. */
export const LOGIN_PROPERTY = {
    [IdentityProviderKind.OneTimePin]: undefined,
    [IdentityProviderKind.Google]: "google",
    [IdentityProviderKind.GoogleWorkspace]: "googleWorkspace",
    [IdentityProviderKind.GitHub]: "github",
    [IdentityProviderKind.AzureAd]: "azureAd",
    [IdentityProviderKind.Okta]: "okta",
    [IdentityProviderKind.Oidc]: "oidc",
    [IdentityProviderKind.Saml]: "saml",
} as const;

/** Kinds whose directory can tell Access of its people by SCIM. */
export const KINDS_WITH_SCIM: readonly IdentityProviderKind[] = [
    IdentityProviderKind.AzureAd,
    IdentityProviderKind.Okta,
    IdentityProviderKind.Oidc,
    IdentityProviderKind.Saml,
];

/** An OAuth client at Google. */
export interface GoogleLogin {
    /** Client id, which ends in `.apps.googleusercontent.com`. */
    clientId: pulumi.Input<string>;
    /** Client secret. It is kept as a secret, also where a program gives it in clear. */
    clientSecret: pulumi.Input<string>;
    /** Claim that holds the e-mail address. Google's `email` if omitted. */
    emailClaim?: pulumi.Input<string>;
}

/** An OAuth client in a Google Workspace. */
export interface GoogleWorkspaceLogin {
    /** Client id, which ends in `.apps.googleusercontent.com`. */
    clientId: pulumi.Input<string>;
    /** Client secret. It is kept as a secret, also where a program gives it in clear. */
    clientSecret: pulumi.Input<string>;
    /** The workspace's primary domain: nobody else can log in. */
    domain: pulumi.Input<string>;
}

/** An OAuth app at GitHub. */
export interface GitHubLogin {
    /** Client id of the OAuth app. */
    clientId: pulumi.Input<string>;
    /** Client secret. It is kept as a secret, also where a program gives it in clear. */
    clientSecret: pulumi.Input<string>;
}

/** An app registration in Microsoft Entra ID. */
export interface AzureAdLogin {
    /** Application (client) id. */
    clientId: pulumi.Input<string>;
    /** Client secret (its value, not its id). It is kept as a secret, also where a program gives it in clear. */
    clientSecret: pulumi.Input<string>;
    /** Directory (tenant) id, a UUID: nobody of another directory can log in. */
    directoryId: pulumi.Input<string>;
    /** Whether Access reads a person's groups, which takes the permission `Directory.Read.All`. True if omitted. */
    supportGroups?: boolean;
    /** Whether Access offers the directory's authentication contexts to policies. False if omitted. */
    conditionalAccess?: boolean;
}

/** A web application in Okta. */
export interface OktaLogin {
    /** Client id. */
    clientId: pulumi.Input<string>;
    /** Client secret. It is kept as a secret, also where a program gives it in clear. */
    clientSecret: pulumi.Input<string>;
    /** Address of the organisation, such as `https://example.okta.com`. */
    account: pulumi.Input<string>;
    /** Id of a custom authorization server. The organisation's own if omitted. */
    authorizationServerId?: pulumi.Input<string>;
    /** Claims beyond the usual ones that policies may ask for. None if omitted. */
    claims?: string[];
}

/** A client of a provider that speaks OpenID Connect. */
export interface OidcLogin {
    /** Client id. */
    clientId: pulumi.Input<string>;
    /** Client secret. It is kept as a secret, also where a program gives it in clear. */
    clientSecret: pulumi.Input<string>;
    /** The provider's `authorization_endpoint`. */
    authorizationUrl: pulumi.Input<string>;
    /** The provider's `token_endpoint`. */
    tokenUrl: pulumi.Input<string>;
    /** The provider's `jwks_uri`. */
    keysUrl: pulumi.Input<string>;
    /** Scopes to ask for; `openid` must be among them. `openid`, `email` and `profile` if omitted. */
    scopes?: string[];
    /** Claims that policies may ask for, such as `groups`. None if omitted. */
    claims?: string[];
    /** Claim that holds the e-mail address. `email` if omitted. */
    emailClaim?: pulumi.Input<string>;
    /** Whether the code is bound to the request (PKCE, RFC 7636). True if omitted. */
    pkce?: boolean;
}

/** A service provider entry at a provider that speaks SAML 2.0. */
export interface SamlLogin {
    /** Entity id of the provider, from its metadata. */
    issuer: pulumi.Input<string>;
    /** Address that requests go to (`SingleSignOnService`), from its metadata. */
    signInUrl: pulumi.Input<string>;
    /** Certificates with which the provider signs: PEM, or base64 as its metadata has them. Give the next one beside the present one before the provider changes over. */
    certificates: string[];
    /** Attributes that policies may ask for, such as `groups`. None if omitted. */
    attributes?: string[];
    /** Attribute that holds the e-mail address. `email` if omitted. */
    emailAttribute?: pulumi.Input<string>;
    /** Whether Access signs its requests; the provider needs the key at `/cdn-cgi/access/certs` for it. True if omitted. */
    signRequests?: boolean;
}

/** How a SCIM event changes the identity that policies see. */
export const ScimIdentityUpdates = {
    /** At once, with what the event says. */
    Automatic: "automatic",
    /** The person has to log in again. */
    Reauthenticate: "reauth",
    /** Not at all. */
    None: "no_action",
} as const;
export type ScimIdentityUpdates = (typeof ScimIdentityUpdates)[keyof typeof ScimIdentityUpdates];

/** How the provider tells Access of people who come, change groups and leave (SCIM 2.0). */
export interface ScimProvisioning {
    /** Whether somebody who is removed at the provider loses all sessions at once. True if omitted. */
    revokeSessions?: boolean;
    /** Whether that person's seat is freed too; takes `revokeSessions`. False if omitted. */
    freeSeats?: boolean;
    /** What a change of groups does to somebody who is logged in. `automatic` if omitted. */
    identityUpdates?: ScimIdentityUpdates;
}
