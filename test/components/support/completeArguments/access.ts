import * as library from "../../../../components/index.ts";
import { ACCOUNT, CERTIFICATE, TUNNEL, ZONE } from "../../fixtures.ts";
import { account, type Example, of, rotation } from "./example.ts";

const client = { clientId: "client", clientSecret: "planted-secret" };
const posture: Omit<library.DevicePostureArgs, "kind"> = {
    accountId: ACCOUNT,
    postureName: "posture",
    platforms: ["linux"],
};
const program = { path: "/usr/bin/agent", sha256: "a".repeat(64), thumbprint: "b".repeat(40) };
const groups = [
    { identityProviderId: "workspace", googleGroup: "dev@example.com" },
    { identityProviderId: "okta", oktaGroup: "Developers" },
    { identityProviderId: "entra", azureGroupId: TUNNEL },
    { identityProviderId: "github", githubOrganization: "example", githubTeam: "dev" },
    { identityProviderId: "saml", samlAttribute: { name: "group", value: "dev" } },
    { identityProviderId: "oidc", oidcClaim: { name: "groups", value: "dev" } },
];

/** Components of `access/`, with every argument that they have. */
export const ACCESS_EXAMPLES: readonly Example[] = [
    ...of(
        "AccessAudience",
        library.AccessAudience,
        {
            accountId: ACCOUNT,
            serviceTokenIds: [TUNNEL],
            certificateCommonNames: ["billing"],
            anyClientCertificate: false,
        },
        {
            accountId: ACCOUNT,
            audienceName: "staff",
            emails: ["ada@example.com"],
            emailDomains: ["example.org"],
            groups,
            ipRanges: ["203.0.113.0/24"],
            countries: ["CH"],
            require: {
                identityProviderIds: ["okta"],
                authenticationMethods: ["mfa"],
                groups,
                emailDomains: ["example.org"],
                posture: [{ anyOf: ["disk"] }],
                clientCertificate: true,
            },
            exclude: {
                emails: ["guest@example.com"],
                emailDomains: ["guests.example.org"],
                groups,
                ipRanges: ["198.51.100.1"],
                countries: ["AQ"],
            },
            justification: { prompt: "Why?" },
            approvals: [{ approvers: ["boss@example.com"], approvalsNeeded: 1 }],
            sessionDuration: "8h",
        },
    ),
    ...of("AccessOrganization", library.AccessOrganization, {
        ...account,
        organizationName: "Example",
        sessionDuration: "12h",
        loginPage: {
            backgroundColor: "#1d1d1d",
            textColor: "#ffffff",
            logoUrl: "https://example.com/logo.png",
            headerText: "Log in",
            footerText: "Example",
        },
        autoRedirectToIdentity: true,
        readOnlyDashboard: true,
        readOnlyReason: "Managed by Pulumi",
        seatExpiration: "1460h",
        allowAuthenticateViaWarp: false,
        warpSessionDuration: "24h",
    }),
    ...of("ClientCertificateForwarding", library.ClientCertificateForwarding, {
        zoneId: ZONE,
        forward: ["api.example.com"],
        withhold: ["www.example.com"],
    }),
    ...of(
        "DevicePosture",
        library.DevicePosture,
        {
            ...posture,
            kind: "disk_encryption",
            diskEncryption: { volumes: ["/"] },
            schedule: "5m",
            expiration: "1h",
            description: "Disks are encrypted",
        },
        {
            ...posture,
            kind: "os_version",
            osVersion: { version: "14.2.0", operator: ">=", distribution: "debian", distributionVersion: "12" },
        },
        { ...posture, kind: "file", file: { ...program, exists: true } },
        { ...posture, kind: "application", application: program },
        { ...posture, platforms: ["windows"], kind: "domain_joined", domainJoined: { domain: "corp.example.com" } },
        {
            ...posture,
            kind: "client_certificate_v2",
            clientCertificate: { certificateId: TUNNEL, commonName: "laptop", checkPrivateKey: true },
        },
        { ...posture, kind: "antivirus", antivirus: { updatedWithinDays: 7 } },
        { ...posture, kind: "serial_number", serialNumber: { listId: TUNNEL } },
        { ...posture, platforms: ["ios"], kind: "unique_client_id", uniqueClientId: { listId: TUNNEL } },
    ),
    ...of(
        "IdentityProvider",
        library.IdentityProvider,
        { ...account, providerName: "Google", kind: "google", google: { ...client, emailClaim: "mail" } },
        { ...account, kind: "google-apps", googleWorkspace: { ...client, domain: "example.com" } },
        { ...account, kind: "github", github: client },
        {
            ...account,
            kind: "azureAD",
            azureAd: { ...client, directoryId: TUNNEL, supportGroups: true, conditionalAccess: true },
        },
        {
            ...account,
            kind: "okta",
            okta: {
                ...client,
                account: "https://example.okta.com",
                authorizationServerId: "default",
                claims: ["groups"],
            },
            scim: { revokeSessions: true, freeSeats: true, identityUpdates: "reauth" },
        },
        {
            ...account,
            kind: "oidc",
            oidc: {
                ...client,
                authorizationUrl: "https://id.example.com/auth",
                tokenUrl: "https://id.example.com/token",
                keysUrl: "https://id.example.com/keys",
                scopes: ["openid", "email"],
                claims: ["groups"],
                emailClaim: "mail",
                pkce: true,
            },
        },
        {
            ...account,
            kind: "saml",
            saml: {
                issuer: "https://id.example.com",
                signInUrl: "https://id.example.com/sso",
                certificates: ["MIIB"],
                attributes: ["group"],
                emailAttribute: "mail",
                signRequests: true,
            },
        },
    ),
    ...of("MutualTlsCertificate", library.MutualTlsCertificate, {
        accountId: ACCOUNT,
        certificateName: "machines",
        certificatePem: CERTIFICATE,
        hostnames: ["api.example.com"],
    }),
    ...of(
        "ServiceToken",
        library.ServiceToken,
        { accountId: ACCOUNT, tokenName: "ci", duration: "2160h", rotation },
        { accountId: ACCOUNT, secretVersion: 2, previousSecretExpiresAt: "2100-01-01T00:00:00Z" },
    ),
    ...of("ZeroTrustApp", library.ZeroTrustApp, {
        accountId: ACCOUNT,
        hostname: "app.example.com",
        path: "/admin",
        policyIds: [TUNNEL],
        sessionDuration: "8h",
        applicationName: "App",
    }),
];
