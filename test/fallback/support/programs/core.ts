/** The first recorded program: a tunnel, its Access application, its DNS record, a private route. */
import { secret } from "../engine.ts";
import { accountId, type ProgramResource, zoneId } from "./program.ts";

export const core: readonly ProgramResource[] = [
    {
        name: "t",
        type: "ZeroTrustTunnelCloudflared",
        inputs: ({ changed }) => ({
            accountId,
            name: changed ? "staging-2" : "staging",
            configSrc: "cloudflare",
            tunnelSecret: secret("0g12UXpL2084av9MjXtpG1874Li44LWSuJfTxO3l5jI="),
        }),
    },
    {
        name: "g",
        type: "ZeroTrustAccessGroup",
        inputs: ({ changed }) => ({
            accountId,
            name: "staff",
            includes: [{ emailDomain: { domain: changed ? "example.org" : "example.com" } }],
        }),
    },
    {
        name: "st",
        type: "ZeroTrustAccessServiceToken",
        inputs: ({ changed }) => ({
            accountId,
            name: "ci",
            ...(changed && { clientSecretVersion: 2, previousClientSecretExpiresAt: "2026-12-21T00:00:00Z" }),
        }),
    },
    {
        name: "idp",
        type: "ZeroTrustAccessIdentityProvider",
        inputs: () => ({ accountId, name: "Google", type: "google", config: { clientId: "id", clientSecret: "sec" } }),
    },
    {
        name: "dp",
        type: "ZeroTrustDevicePostureRule",
        inputs: ({ changed }) => ({
            accountId,
            name: "disk",
            type: "disk_encryption",
            schedule: changed ? "15m" : "5m",
            matches: [{ platform: "mac" }],
            input: { requireAll: true },
        }),
    },
    {
        name: "allow",
        type: "ZeroTrustAccessPolicy",
        inputs: ({ of }) => ({
            accountId,
            name: "staff",
            decision: "allow",
            includes: [{ group: { id: of("g").id } }],
            requires: [{ devicePosture: { integrationUid: of("dp").id } }],
            sessionDuration: "24h",
        }),
    },
    {
        name: "svc",
        type: "ZeroTrustAccessPolicy",
        inputs: ({ of }) => ({
            accountId,
            name: "ci",
            decision: "non_identity",
            includes: [{ serviceToken: { tokenId: of("st").id } }],
        }),
    },
    {
        name: "app",
        type: "ZeroTrustAccessApplication",
        inputs: ({ of, changed }) => ({
            accountId,
            name: "grafana",
            type: "self_hosted",
            domain: "grafana.example.com",
            sessionDuration: changed ? "8h" : "24h",
            policies: [
                { id: of("allow").id, precedence: 1 },
                { id: of("svc").id, precedence: 2 },
            ],
        }),
    },
    {
        name: "c",
        type: "ZeroTrustTunnelCloudflaredConfig",
        inputs: ({ of, changed }) => ({
            accountId,
            tunnelId: of("t").id,
            config: {
                ingresses: [
                    {
                        hostname: "grafana.example.com",
                        service: "https://traefik:443",
                        originRequest: {
                            access: { required: true, teamName: "team", audTags: [of("app").outputs.aud ?? null] },
                            originServerName: "grafana",
                            caPool: "/run/secrets/ca.pem",
                            connectTimeout: changed ? 15 : 10,
                        },
                    },
                    { service: "http_status:404" },
                ],
            },
        }),
    },
    {
        name: "dns",
        type: "DnsRecord",
        inputs: ({ of, changed }) => ({
            zoneId,
            name: changed ? "grafana2.example.com" : "grafana.example.com",
            type: "CNAME",
            content: `${of("t").id}.cfargotunnel.com`,
            proxied: true,
            ttl: 1,
        }),
    },
    {
        name: "v",
        type: "ZeroTrustTunnelCloudflaredVirtualNetwork",
        inputs: () => ({ accountId, name: "staging" }),
    },
    {
        name: "r",
        type: "ZeroTrustTunnelCloudflaredRoute",
        inputs: ({ of }) => ({
            accountId,
            tunnelId: of("t").id,
            network: "10.20.0.0/16",
            virtualNetworkId: of("v").id,
        }),
    },
];
