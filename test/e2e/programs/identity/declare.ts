import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
    AccessAudience,
    AccessOrganization,
    type AccessOrganizationArgs,
    ClientCertificateForwarding,
    DevicePosture,
    IdentityProvider,
    MutualTlsCertificate,
    ServiceToken,
    ZeroTrustApp,
} from "../../../../components/index.ts";

/** Where a program under test declares what, and in which of its forms. */
export interface Settings {
    accountId: string;
    zoneId: string;
    /** Every field that changes in place has its second value. */
    changed: boolean;
    /** What an object is made anew for is another. */
    replaced: boolean;
    opts: { providers: pulumi.ProviderResource[] };
}

/**
 * Every component of identity at once, in the forms in which a refresh is known to bring drift: bare addresses, mixed case,
 * lists out of order, secrets, values that the API fills in.
 */
export function declareIdentity({
    accountId,
    zoneId,
    clientSecret,
    changed,
    replaced,
    opts,
    organization = {},
}: Settings & { clientSecret: string; organization?: Partial<AccessOrganizationArgs> }) {
    const version = changed ? "2" : "1";
    const team = "team";
    const clientOf = (provider: string) => ({
        clientId: `client-${version}`,
        clientSecret: `${clientSecret}-${provider}`,
    });
    const pem = (file: string) => readFileSync(new URL(`../../fixtures/mkcert/${file}`, import.meta.url), "utf8");
    const certificatePem = pem("rootCA.pem");

    const account = { accountId, team };
    new IdentityProvider("pin", { ...account, kind: "onetimepin", providerName: `PIN ${version}` }, opts);
    const google = new IdentityProvider(
        "google",
        replaced
            ? { ...account, kind: "github", github: clientOf("code") }
            : { ...account, kind: "google", google: clientOf("google") },
        opts,
    );
    const workspace = new IdentityProvider(
        "workspace",
        { ...account, kind: "google-apps", googleWorkspace: { ...clientOf("workspace"), domain: "example.com" } },
        opts,
    );
    const github = new IdentityProvider("github", { ...account, kind: "github", github: clientOf("github") }, opts);
    const entra = new IdentityProvider(
        "entra",
        {
            ...account,
            kind: "azureAD",
            azureAd: { ...clientOf("entra"), directoryId: "0f0e0d0c-0000-4000-8000-000000000001" },
        },
        opts,
    );
    const okta = new IdentityProvider(
        "okta",
        {
            ...account,
            kind: "okta",
            okta: { ...clientOf("okta"), account: "https://example.okta.com", claims: ["groups"] },
            scim: { freeSeats: changed },
        },
        opts,
    );
    const oidc = new IdentityProvider(
        "oidc",
        {
            ...account,
            kind: "oidc",
            oidc: {
                ...clientOf("oidc"),
                authorizationUrl: "https://id.example.com/auth",
                tokenUrl: "https://id.example.com/token",
                keysUrl: "https://id.example.com/keys",
                claims: ["groups", "department"],
            },
        },
        opts,
    );
    const saml = new IdentityProvider(
        "saml",
        {
            ...account,
            kind: "saml",
            saml: {
                issuer: `https://id.example.com/${version}`,
                signInUrl: "https://id.example.com/sso",
                certificates: [certificatePem],
                attributes: ["group"],
            },
        },
        opts,
    );

    new AccessOrganization(
        "organization",
        {
            ...account,
            sessionDuration: changed ? "8h" : "12h",
            loginPage: { headerText: `Log in ${version}`, backgroundColor: "#1d1d1d" },
            ...organization,
        },
        opts,
    );

    const authority = new MutualTlsCertificate(
        "machines",
        {
            accountId,
            certificateName: `machines ${version}`,
            certificatePem: replaced ? pem("leaf.pem") : certificatePem,
            hostnames: changed ? ["api.example.com"] : ["www.example.com", "api.example.com"],
        },
        opts,
    );
    new ClientCertificateForwarding(
        "forwarding",
        changed ? { zoneId, forward: [], withhold: ["api.example.com"] } : { zoneId, forward: ["api.example.com"] },
        opts,
    );

    const schedule = changed ? "10m" : "5m";
    const posture = (name: string, args: Omit<ConstructorParameters<typeof DevicePosture>[1], "accountId">) =>
        new DevicePosture(name, { accountId, schedule, ...args }, opts);
    const disk = posture("disk", { kind: "disk_encryption", platforms: ["windows", "mac"] });
    const system = posture("system", {
        kind: "os_version",
        platforms: ["mac"],
        osVersion: { version: `14.${version}.0` },
    });
    const warp = posture("warp", { kind: replaced ? "gateway" : "warp", platforms: ["linux"] });
    posture("certificate", {
        kind: "client_certificate_v2",
        platforms: ["windows"],
        clientCertificate: { certificateId: authority.certificateId },
    });

    const ci = new ServiceToken("ci", { accountId }, opts);
    const staff = new AccessAudience(
        "staff",
        {
            accountId,
            emails: ["Grace@example.com", "ada@example.com"],
            emailDomains: ["Example.org"],
            groups: [
                { identityProviderId: workspace.providerId, googleGroup: "Dev@example.com" },
                {
                    identityProviderId: github.providerId,
                    githubOrganization: "example",
                    githubTeam: changed ? "ops" : "dev",
                },
                { identityProviderId: github.providerId, githubOrganization: "example" },
                { identityProviderId: entra.providerId, azureGroupId: "0F0E0D0C-0000-4000-8000-000000000002" },
                { identityProviderId: okta.providerId, oktaGroup: "Developers" },
                { identityProviderId: oidc.providerId, oidcClaim: { name: "groups", value: "dev" } },
                { identityProviderId: saml.providerId, samlAttribute: { name: "group", value: "dev" } },
            ],
            ipRanges: ["203.0.113.7", "2001:DB8::/32"],
            countries: ["FR", "CH"],
            require: {
                identityProviderIds: [google.providerId, okta.providerId],
                authenticationMethods: changed ? ["mfa"] : ["mfa", "hwk"],
                posture: [{ anyOf: disk.ruleIds }, { anyOf: system.ruleIds }, { anyOf: warp.ruleIds }],
                clientCertificate: true,
            },
            exclude: { emails: [`guest-${version}@example.com`], ipRanges: ["198.51.100.1"] },
            justification: { prompt: `Why ${version}?` },
            sessionDuration: changed ? "4h" : "8h",
        },
        opts,
    );
    const guests = new AccessAudience(
        "guests",
        {
            accountId,
            emails: ["guest@example.net"],
            approvals: [{ approvers: ["boss@example.com", "Anna@example.com"], approvalsNeeded: changed ? 2 : 1 }],
        },
        opts,
    );
    const machines = new AccessAudience(
        "machines-audience",
        { accountId, serviceTokenIds: [ci.tokenId], certificateCommonNames: ["billing", "accounts"] },
        opts,
    );
    const policyIds = pulumi
        .all([staff.policyIds, guests.policyIds, machines.policyIds])
        .apply((lists) => lists.flat());
    const api = new ZeroTrustApp("api", { accountId, hostname: "api.example.com", policyIds }, opts);

    return {
        callbackUrl: google.callbackUrl,
        scimBaseUrl: okta.scimBaseUrl,
        scimSecret: okta.scimSecret,
        ciSecret: ci.clientSecret,
        api,
    };
}
