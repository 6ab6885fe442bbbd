import type { ZeroTrustAccessIdentityProviderArgs } from "@pulumi/cloudflare/zeroTrustAccessIdentityProvider.js";
import * as pulumi from "@pulumi/pulumi";
import { certificateBody } from "../../validation/index.ts";
import type { IdentityProviderArgs } from "../identityProvider.ts";
import { IdentityProviderKind, ScimIdentityUpdates, type ScimProvisioning } from "./logins.ts";

/** The `config` of the API for each kind. What has a default of the API's is left out where the user leaves it out. */
export function providerSettings(args: IdentityProviderArgs): ZeroTrustAccessIdentityProviderArgs["config"] {
    switch (args.kind) {
        case IdentityProviderKind.OneTimePin:
            return {};
        case IdentityProviderKind.Google: {
            const { emailClaim, ...client } = required(args.google);
            return given({ ...client, emailClaimName: emailClaim });
        }
        case IdentityProviderKind.GoogleWorkspace: {
            const { domain, ...client } = required(args.googleWorkspace);
            return { ...client, appsDomain: domain };
        }
        case IdentityProviderKind.GitHub:
            return { ...required(args.github) };
        case IdentityProviderKind.AzureAd: {
            const { supportGroups = true, conditionalAccess = false, ...client } = required(args.azureAd);
            return { ...client, supportGroups, conditionalAccessEnabled: conditionalAccess };
        }
        case IdentityProviderKind.Okta: {
            const { account, ...client } = required(args.okta);
            return given({ ...client, oktaAccount: account });
        }
        case IdentityProviderKind.Oidc: {
            const { authorizationUrl, keysUrl, emailClaim, pkce = true, ...client } = required(args.oidc);
            return given({
                scopes: ["openid", "email", "profile"],
                ...client,
                authUrl: authorizationUrl,
                certsUrl: keysUrl,
                emailClaimName: emailClaim,
                pkceEnabled: pkce,
            });
        }
        case IdentityProviderKind.Saml: {
            const { issuer, signInUrl, certificates, emailAttribute, attributes, signRequests } = required(args.saml);
            return given({
                issuerUrl: issuer,
                ssoTargetUrl: signInUrl,
                idpPublicCerts: certificates.map(certificateBody),
                attributes,
                emailAttributeName: emailAttribute ?? "email",
                signRequest: signRequests ?? true,
            });
        }
    }
}

/** The `scim_config` of the API, every member written out: what is left out the API fills in. */
export function scimSettings({
    revokeSessions = true,
    freeSeats = false,
    identityUpdates = ScimIdentityUpdates.Automatic,
}: ScimProvisioning) {
    return {
        enabled: true,
        userDeprovision: revokeSessions,
        seatDeprovision: freeSeats,
        identityUpdateBehavior: identityUpdates,
    };
}

/** The arguments with every client secret sealed. A component's arguments are kept in the state as they are. */
export function sealed(args: IdentityProviderArgs): IdentityProviderArgs {
    const seal = <Login extends { clientSecret: pulumi.Input<string> }>(login: Login): Login => ({
        ...login,
        clientSecret: pulumi.secret(login.clientSecret),
    });
    const { google, googleWorkspace, github, azureAd, okta, oidc } = args;
    return {
        ...args,
        ...(google && { google: seal(google) }),
        ...(googleWorkspace && { googleWorkspace: seal(googleWorkspace) }),
        ...(github && { github: seal(github) }),
        ...(azureAd && { azureAd: seal(azureAd) }),
        ...(okta && { okta: seal(okta) }),
        ...(oidc && { oidc: seal(oidc) }),
    };
}

function given<T extends object>(values: T): T {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** The arguments are checked before; a kind without its description would be a mistake of ours. */
function required<T>(login: T | undefined): T {
    if (login === undefined) throw new Error("the description of the identity provider's kind is missing");
    return login;
}
