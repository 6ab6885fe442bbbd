import type { Problems } from "../../internal/problems.ts";
import { checkShape } from "../../internal/shape.ts";
import { variantProblems } from "../../internal/variants.ts";
import {
    accountIdProblem,
    clientIdProblem,
    clientSecretProblem,
    displayNameProblem,
    emailDomainProblem,
    entraIdProblem,
    httpsUrlProblem,
    memberProblem,
    nameProblem,
    signingCertificateProblem,
    teamProblem,
} from "../../validation/index.ts";
import type { IdentityProviderArgs } from "../identityProvider.ts";
import { KINDS_WITH_SCIM, LOGIN_PROPERTY, ScimIdentityUpdates } from "./logins.ts";

/** @throws pulumi.InputPropertiesError with every mistake in `args`. */
export function checkIdentityProvider(name: string, args: IdentityProviderArgs): void {
    const problems = checkShape("IdentityProvider", name, args);
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("team", args.team, teamProblem);
    problems.check("providerName", args.providerName ?? name, displayNameProblem);
    problems.addAll(variantProblems(args, args.kind, LOGIN_PROPERTY));
    checkClients(problems, args);
    checkOidc(problems, args);
    checkSaml(problems, args);
    checkScim(problems, args);
    problems.throwIfAny("IdentityProvider", name);
}

function checkClients(problems: Problems, args: IdentityProviderArgs): void {
    const { google, googleWorkspace, github, azureAd, okta, oidc } = args;
    for (const [path, client] of Object.entries({ google, googleWorkspace, github, azureAd, okta, oidc })) {
        if (client === undefined) continue;
        problems.check(`${path}.clientId`, client.clientId, clientIdProblem);
        problems.check(`${path}.clientSecret`, client.clientSecret, clientSecretProblem);
    }
    problems.check("google.emailClaim", google?.emailClaim, nameProblem);
    problems.check("googleWorkspace.domain", googleWorkspace?.domain, emailDomainProblem);
    problems.check("azureAd.directoryId", azureAd?.directoryId, entraIdProblem);
    problems.check("okta.account", okta?.account, httpsUrlProblem);
    problems.check("okta.authorizationServerId", okta?.authorizationServerId, nameProblem);
    problems.checkEach("okta.claims", okta?.claims, nameProblem);
}

function checkOidc(problems: Problems, { oidc }: IdentityProviderArgs): void {
    if (oidc === undefined) return;
    problems.check("oidc.authorizationUrl", oidc.authorizationUrl, httpsUrlProblem);
    problems.check("oidc.tokenUrl", oidc.tokenUrl, httpsUrlProblem);
    problems.check("oidc.keysUrl", oidc.keysUrl, httpsUrlProblem);
    problems.checkEach("oidc.scopes", oidc.scopes, nameProblem);
    problems.check("oidc.scopes", oidc.scopes, (scopes) =>
        scopes.includes("openid") ? undefined : 'lacks "openid", without which no identity is given. Add it.',
    );
    problems.checkEach("oidc.claims", oidc.claims, nameProblem);
    problems.check("oidc.emailClaim", oidc.emailClaim, nameProblem);
}

function checkSaml(problems: Problems, { saml }: IdentityProviderArgs): void {
    if (saml === undefined) return;
    problems.check("saml.issuer", saml.issuer, nameProblem);
    problems.check("saml.signInUrl", saml.signInUrl, httpsUrlProblem);
    problems.check("saml.certificates", saml.certificates, (certificates) =>
        certificates.length === 0 ? "is empty, so any answer would do. Give the provider's certificate." : undefined,
    );
    problems.checkEach("saml.certificates", saml.certificates, signingCertificateProblem);
    problems.checkEach("saml.attributes", saml.attributes, nameProblem);
    problems.check("saml.emailAttribute", saml.emailAttribute, nameProblem);
}

function checkScim(problems: Problems, { kind, scim }: IdentityProviderArgs): void {
    if (scim === undefined) return;
    if (!KINDS_WITH_SCIM.includes(kind)) {
        problems.add("scim", `does not go with the kind "${kind}". Remove it; ${KINDS_WITH_SCIM.join(", ")} have it.`);
    }
    if (scim.freeSeats === true && scim.revokeSessions === false) {
        problems.add("scim.freeSeats", 'needs the sessions to be revoked. Leave "revokeSessions" out, or this.');
    }
    problems.check("scim.identityUpdates", scim.identityUpdates, (value) =>
        memberProblem(value, Object.values(ScimIdentityUpdates)),
    );
}
