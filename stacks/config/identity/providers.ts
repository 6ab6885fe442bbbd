import { z } from "zod";
import {
    IdentityProviderKind,
    KINDS_WITH_SCIM,
    ScimIdentityUpdates,
} from "../../../components/access/identity/logins.ts";
import {
    clientIdProblem,
    clientSecretProblem,
    displayNameProblem,
    emailDomainProblem,
    entraIdProblem,
    httpsUrlProblem,
    nameProblem,
    signingCertificateProblem,
} from "../../../components/validation/index.ts";
import { text } from "../text.ts";

/** What stands for a secret that is not decrypted: whoever checks a stack file without the engine holds no key. */
const SEALED = "(encrypted)";

/** A secret as `pulumi config set --secret --path` writes it, or as the engine hands it over, decrypted. */
const secret = z.union([text(clientSecretProblem), z.strictObject({ secure: z.string() }).transform(() => SEALED)], {
    error: "is no client secret. Set it with `pulumi config set --secret --path`, as the identity provider shows it.",
});

const url = text(httpsUrlProblem);
const names = z.array(text(nameProblem)).optional();
const client = { clientId: text(clientIdProblem), clientSecret: secret };

const scim = z
    .strictObject({
        revokeSessions: z.boolean().optional(),
        freeSeats: z.boolean().optional(),
        identityUpdates: z
            .enum(ScimIdentityUpdates, {
                error: `is unknown. Write one of ${Object.values(ScimIdentityUpdates).join(", ")}.`,
            })
            .optional(),
    })
    .refine(({ freeSeats, revokeSessions }) => !(freeSeats === true && revokeSessions === false), {
        path: ["freeSeats"],
        message: 'needs the sessions to be revoked. Leave "revokeSessions" out, or this.',
    });

const common = { displayName: text(displayNameProblem).optional(), scim: scim.optional() };

/** An identity provider: its kind, and beside it what the component takes in the argument of that kind. */
export const identityProvider = z
    .discriminatedUnion(
        "kind",
        [
            z.strictObject({ kind: z.literal(IdentityProviderKind.OneTimePin), ...common }),
            z.strictObject({
                kind: z.literal(IdentityProviderKind.Google),
                ...common,
                ...client,
                emailClaim: text(nameProblem).optional(),
            }),
            z.strictObject({
                kind: z.literal(IdentityProviderKind.GoogleWorkspace),
                ...common,
                ...client,
                domain: text(emailDomainProblem),
            }),
            z.strictObject({ kind: z.literal(IdentityProviderKind.GitHub), ...common, ...client }),
            z.strictObject({
                kind: z.literal(IdentityProviderKind.AzureAd),
                ...common,
                ...client,
                directoryId: text(entraIdProblem),
                supportGroups: z.boolean().optional(),
                conditionalAccess: z.boolean().optional(),
            }),
            z.strictObject({
                kind: z.literal(IdentityProviderKind.Okta),
                ...common,
                ...client,
                account: url,
                authorizationServerId: text(nameProblem).optional(),
                claims: names,
            }),
            z.strictObject({
                kind: z.literal(IdentityProviderKind.Oidc),
                ...common,
                ...client,
                authorizationUrl: url,
                tokenUrl: url,
                keysUrl: url,
                scopes: z
                    .array(text(nameProblem))
                    .refine((scopes) => scopes.includes("openid"), {
                        message: 'lacks "openid", without which no identity is given. Add it.',
                    })
                    .optional(),
                claims: names,
                emailClaim: text(nameProblem).optional(),
                pkce: z.boolean().optional(),
            }),
            z.strictObject({
                kind: z.literal(IdentityProviderKind.Saml),
                ...common,
                issuer: text(nameProblem),
                signInUrl: url,
                certificates: z
                    .array(text(signingCertificateProblem))
                    .min(1, "is empty, so any answer would do. Give the provider's certificate."),
                attributes: names,
                emailAttribute: text(nameProblem).optional(),
                signRequests: z.boolean().optional(),
            }),
        ],
        { error: `is no kind of provider. Write one of ${Object.values(IdentityProviderKind).join(", ")}.` },
    )
    .superRefine(({ kind, scim: provisioning }, context) => {
        if (provisioning !== undefined && !KINDS_WITH_SCIM.includes(kind)) {
            const message = `does not go with the kind "${kind}". Remove it; ${KINDS_WITH_SCIM.join(", ")} have it.`;
            context.addIssue({ code: "custom", path: ["scim"], message });
        }
    })
    .transform(({ kind, displayName, scim: provisioning, ...login }) => ({
        kind,
        login,
        ...(displayName !== undefined && { displayName }),
        ...(provisioning !== undefined && { scim: provisioning }),
    }));

/** A way to log in. */
export type IdentityProviderConfig = z.infer<typeof identityProvider> & { name: string };
