import * as library from "../../../../components/index.ts";
import { ACCOUNT, CERTIFICATE, TUNNEL, ZONE } from "../../fixtures.ts";
import { type Example, of, rotation } from "./example.ts";

const clusterAccess: library.ClusterAccessArgs = {
    accountId: ACCOUNT,
    zoneId: ZONE,
    team: "team",
    hostname: "payments-eu.example.com",
    server: "https://10.0.0.1",
    caPem: CERTIFICATE,
    policyIds: [TUNNEL],
    audience: ["operators"],
};

/** Components of `kubernetes/`, with every argument that they have. */
export const KUBERNETES_EXAMPLES: readonly Example[] = [
    ...of(
        "ClusterAccess",
        library.ClusterAccess,
        {
            ...clusterAccess,
            clusterName: "payments-eu",
            apiServerRanges: ["10.0.0.0/30"],
            sessionDuration: "4h",
            applicationName: "Payments (EU)",
            tunnelName: "payments-eu",
            management: "local",
            rotation,
            oidc: {
                issuer: "https://id.example.com/realms/staff",
                clientId: "kubernetes",
                usernameClaim: "email",
                groupsClaim: "groups",
                prefix: "oidc:",
            },
            grants: [
                { groups: ["operators"], users: ["ada@example.com"], clusterRole: "view" },
                { groups: ["operators"], clusterRole: "edit", namespaces: ["shop"] },
            ],
            tags: { region: "eu-west-1" },
            connector: {
                kind: "deployment",
                namespace: "sallyport",
                replicas: 3,
                image: "cloudflare/cloudflared:2025.2.0",
                edgeRanges: ["172.18.0.1"],
                protocol: "http2",
                logLevel: "warn",
            },
            edge: {
                addresses: ["172.18.0.1:7844"],
                caPem: CERTIFICATE,
                teamProxy: { address: "172.18.0.1:3128", directHosts: ["traefik"] },
            },
        },
        { ...clusterAccess, server: "https://10.0.0.5:6443", connector: { kind: "host" } },
        { ...clusterAccess, server: "https://[fd00::5]:6443", connector: { kind: "manifests" } },
    ),
];
