/** The second recorded program: the rest of Zero Trust. */
import { type Inputs, secret } from "../engine.ts";
import { accountId, type ProgramContext, type ProgramResource, zoneId } from "./program.ts";

const IDENTITY_PROVIDERS: Readonly<Record<string, Inputs>> = {
    onetimepin: {},
    google: { clientId: "id", clientSecret: "sec", emailClaimName: "email" },
    "google-apps": { clientId: "id", clientSecret: "sec", appsDomain: "example.com" },
    saml: {
        issuerUrl: "https://idp/issuer",
        ssoTargetUrl: "https://idp/sso",
        idpPublicCerts: ["MIIB"],
        attributes: ["group"],
        emailAttributeName: "email",
        signRequest: true,
    },
    oidc: {
        clientId: "id",
        clientSecret: "sec",
        authUrl: "https://idp/auth",
        tokenUrl: "https://idp/token",
        certsUrl: "https://idp/certs",
        scopes: ["openid", "email"],
        claims: ["groups"],
        pkceEnabled: true,
    },
    github: { clientId: "id", clientSecret: "sec" },
    azureAD: { clientId: "id", clientSecret: "sec", directoryId: "dir", supportGroups: true },
    okta: { clientId: "id", clientSecret: "sec", oktaAccount: "https://x.okta.com" },
};

const SCIM = { enabled: true, userDeprovision: true, seatDeprovision: false, identityUpdateBehavior: "automatic" };

const POSTURE_INPUTS: Readonly<Record<string, Inputs | undefined>> = {
    os_version: { operatingSystem: "linux", version: "6.1.0", operator: ">=" },
    firewall: { operatingSystem: "linux", enabled: true },
    serial_number: undefined,
    client_certificate_v2: undefined,
    warp: undefined,
    gateway: undefined,
};

function application(name: string, type: string, extra: Inputs = {}): ProgramResource {
    return {
        name,
        type: "ZeroTrustAccessApplication",
        inputs: ({ of }) => ({
            accountId,
            name,
            type,
            sessionDuration: "24h",
            policies: [{ id: of("full").id, precedence: 1 }],
            ...extra,
        }),
    };
}

/** @param clientCa the PEM file that the recorded program read */
export function zeroTrust(clientCa: string): ProgramResource[] {
    return [
        ...Object.entries(IDENTITY_PROVIDERS).map(([type, config]) => ({
            name: type,
            type: "ZeroTrustAccessIdentityProvider",
            inputs: ({ changed }: ProgramContext): Inputs => ({
                accountId,
                name: changed ? `${type} 2` : type,
                type,
                config,
                ...((type === "okta" || type === "azureAD") && { scimConfig: SCIM }),
            }),
        })),
        {
            name: "org",
            type: "ZeroTrustOrganization",
            inputs: ({ changed }) => ({
                accountId,
                name: "team",
                authDomain: "team.cloudflareaccess.com",
                sessionDuration: changed ? "12h" : "24h",
                loginDesign: { headerText: "hello" },
            }),
        },
        {
            name: "mtls",
            type: "ZeroTrustAccessMtlsCertificate",
            inputs: () => ({
                accountId,
                name: "clients",
                certificate: clientCa,
                associatedHostnames: ["api.example.com"],
            }),
        },
        ...Object.entries(POSTURE_INPUTS).map(([type, input]) => ({
            name: `dp-${type}`,
            type: "ZeroTrustDevicePostureRule",
            inputs: ({ changed }: ProgramContext): Inputs => ({
                accountId,
                name: type,
                type,
                schedule: changed ? "10m" : "5m",
                matches: [{ platform: "linux" }],
                ...(input && { input }),
            }),
        })),
        {
            name: "every-rule",
            type: "ZeroTrustAccessGroup",
            inputs: ({ of, changed }) => ({
                accountId,
                name: changed ? "every rule 2" : "every rule",
                includes: [
                    { email: { email: "a@example.com" } },
                    { emailDomain: { domain: "example.com" } },
                    { ip: { ip: "203.0.113.0/24" } },
                    { geo: { countryCode: "CH" } },
                    { loginMethod: { id: of("google").id } },
                    { githubOrganization: { name: "org", team: "t", identityProviderId: of("github").id } },
                    { azureAd: { id: "grp", identityProviderId: of("azureAD").id } },
                    { gsuite: { email: "g@example.com", identityProviderId: of("google-apps").id } },
                    { okta: { name: "grp", identityProviderId: of("okta").id } },
                    { saml: { attributeName: "group", attributeValue: "dev", identityProviderId: of("saml").id } },
                    { oidc: { claimName: "groups", claimValue: "dev", identityProviderId: of("oidc").id } },
                    { anyValidServiceToken: {} },
                    { certificate: {} },
                    { commonName: { commonName: "client" } },
                    { authMethod: { authMethod: "mfa" } },
                    { everyone: {} },
                ],
                excludes: [{ email: { email: "x@example.com" } }],
                requires: [{ geo: { countryCode: "CH" } }],
            }),
        },
        {
            name: "full",
            type: "ZeroTrustAccessPolicy",
            inputs: ({ of, changed }) => ({
                accountId,
                name: "full",
                decision: "allow",
                includes: [{ group: { id: of("every-rule").id } }],
                excludes: [{ email: { email: "x@example.com" } }],
                requires: [{ devicePosture: { integrationUid: of("dp-os_version").id } }],
                sessionDuration: changed ? "6h" : "12h",
                approvalRequired: true,
                approvalGroups: [{ approvalsNeeded: 1, emailAddresses: ["boss@example.com"] }],
                purposeJustificationRequired: true,
                purposeJustificationPrompt: "why?",
                isolationRequired: false,
            }),
        },
        { name: "tag", type: "ZeroTrustAccessTag", inputs: () => ({ accountId, name: "sallyport" }) },
        {
            name: "web",
            type: "ZeroTrustAccessApplication",
            inputs: ({ of, changed }) => ({
                accountId,
                name: "web",
                type: "self_hosted",
                sessionDuration: "24h",
                policies: [{ id: of("full").id, precedence: 1 }],
                destinations: [
                    { type: "public", uri: "web.example.com" },
                    { type: "public", uri: "web.example.com/admin" },
                ],
                allowedIdps: [of("google").id],
                autoRedirectToIdentity: true,
                appLauncherVisible: !changed,
                httpOnlyCookieAttribute: true,
                sameSiteCookieAttribute: "lax",
                enableBindingCookie: true,
                optionsPreflightBypass: false,
                serviceAuth401Redirect: true,
                skipInterstitial: true,
                customDenyMessage: "no",
                logoUrl: "https://x/l.png",
                tags: ["sallyport"],
                corsHeaders: {
                    allowedMethods: ["GET"],
                    allowedOrigins: ["https://x.example.com"],
                    allowCredentials: true,
                    maxAge: 60,
                },
            }),
        },
        application("ssh", "ssh", { domain: "ssh.example.com" }),
        application("vnc", "vnc", { domain: "vnc.example.com" }),
        {
            name: "ca",
            type: "ZeroTrustAccessShortLivedCertificate",
            inputs: ({ of }) => ({ accountId, appId: of("ssh").id }),
        },
        application("private", "self_hosted", {
            destinations: [{ type: "private", cidr: "10.20.0.5/32", portRange: "5432", l4Protocol: "tcp" }],
        }),
        application("launcher", "app_launcher"),
        {
            name: "t",
            type: "ZeroTrustTunnelCloudflared",
            inputs: () => ({
                accountId,
                name: "t",
                configSrc: "local",
                tunnelSecret: secret(Buffer.alloc(32, 1).toString("base64")),
            }),
        },
        {
            name: "v",
            type: "ZeroTrustTunnelCloudflaredVirtualNetwork",
            inputs: ({ changed }) => ({ accountId, name: "v", comment: changed ? "b" : "a" }),
        },
        {
            name: "r4",
            type: "ZeroTrustTunnelCloudflaredRoute",
            inputs: ({ of, changed }) => ({
                accountId,
                tunnelId: of("t").id,
                network: "10.20.0.0/16",
                virtualNetworkId: of("v").id,
                comment: changed ? "b" : "a",
            }),
        },
        {
            name: "r6",
            type: "ZeroTrustTunnelCloudflaredRoute",
            inputs: ({ of }) => ({
                accountId,
                tunnelId: of("t").id,
                network: "fd00:20::/48",
                virtualNetworkId: of("v").id,
            }),
        },
        {
            name: "host",
            type: "ZeroTrustAccessInfrastructureTarget",
            inputs: ({ of }) => ({
                accountId,
                hostname: "db-1",
                ip: { ipv4: { ipAddr: "10.20.0.5", virtualNetworkId: of("v").id } },
            }),
        },
        {
            name: "infra",
            type: "ZeroTrustAccessApplication",
            inputs: () => ({
                accountId,
                name: "infra",
                type: "infrastructure",
                policies: [
                    {
                        name: "ssh",
                        decision: "allow",
                        precedence: 1,
                        includes: [{ emailDomain: { domain: "example.com" } }],
                        connectionRules: { ssh: { usernames: ["root"] } },
                    },
                ],
                targetCriterias: [{ port: 22, protocol: "SSH", targetAttributes: { hostname: ["db-1"] } }],
            }),
        },
        {
            name: "profile",
            type: "ZeroTrustDeviceDefaultProfile",
            inputs: () => ({
                accountId,
                includes: [{ address: "10.20.0.0/16", description: "db" }],
                serviceModeV2: { mode: "warp" },
            }),
        },
        {
            name: "gw",
            type: "ZeroTrustGatewayPolicy",
            inputs: ({ changed }) => ({
                accountId,
                name: "db only for staff",
                action: "allow",
                filters: ["l4"],
                enabled: true,
                precedence: 100,
                traffic: "net.dst.ip in {10.20.0.0/16}",
                identity: 'identity.email == "a@example.com"',
                description: changed ? "b" : "a",
            }),
        },
        {
            name: "list",
            type: "ZeroTrustList",
            inputs: ({ changed }) => ({
                accountId,
                name: "staff",
                type: "EMAIL",
                items: [{ value: "a@example.com", description: changed ? "b" : "a" }],
            }),
        },
        { name: "argo", type: "ArgoSmartRouting", inputs: () => ({ zoneId, value: "on" }) },
        {
            name: "txt",
            type: "DnsRecord",
            inputs: () => ({
                zoneId,
                name: "_x.example.com",
                type: "TXT",
                content: '"v=1"',
                ttl: 300,
                comment: "sallyport/staging",
                tags: ["a:b"],
            }),
        },
    ];
}
