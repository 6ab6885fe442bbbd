import * as library from "../../../../components/index.ts";
import { CERTIFICATE, TUNNEL, ZONE } from "../../fixtures.ts";
import { account, type Example, harmless, of } from "./example.ts";

/** Components of `swarm/`, with every argument that they have. */
export const SWARM_EXAMPLES: readonly Example[] = [
    ...of("SwarmDiscovery", library.SwarmDiscovery, {
        ...account,
        zoneId: ZONE,
        owner: "staging",
        revision: "0123456789",
        services: [
            {
                id: "k2s5",
                name: "shop_web",
                labels: {},
                networks: [{ id: "n4e7", name: "shop_default", driver: "overlay", internal: false, ingress: false }],
                createdAt: "2027-01-01T06:00:00.123456789Z",
            },
        ],
        rules: {
            zone: "example.com",
            hostnames: ["*-dev.example.com"],
            audiences: [{ name: "staff", sessionDuration: "8h" }],
            services: ["shop_*"],
            schemes: ["http"],
            ports: [8080],
            maxSession: "12h",
            middlewares: harmless,
            reservedHostnames: ["own-dev.example.com"],
        },
        policyIds: { staff: [TUNNEL] },
        connector: {
            image: "cloudflare/cloudflared:2025.2.0",
            replicas: 1,
            constraints: ["node.role==worker"],
            logLevel: "warn",
            convergeTimeout: "0s",
        },
        proxy: {
            image: "traefik:v3.6.15",
            replicas: 1,
            constraints: ["node.role==worker"],
            convergeTimeout: "0s",
        },
        originCaPem: CERTIFICATE,
        edge: {
            addresses: ["198.41.192.7:7844"],
            caPem: CERTIFICATE,
            teamProxy: { address: "10.0.0.5:3128", directHosts: ["traefik"] },
        },
    }),
];
