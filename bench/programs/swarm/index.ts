import { SwarmDiscovery } from "../../../components/swarm/swarmDiscovery.ts";

const count = Number(process.env.BENCH_SERVICES);
new SwarmDiscovery("swarm", {
    accountId: "0123456789abcdef0123456789abcdef",
    zoneId: "fedcba9876543210fedcba9876543210",
    team: "example",
    owner: "bench",
    rules: { zone: "example.com", hostnames: ["*.example.com"], audiences: [{ name: "staff" }] },
    policyIds: { staff: ["99999999-2222-4333-8444-555555555555"] },
    services: Array.from({ length: count }, (_, index) => ({
        id: `service${index}`,
        name: `app-${index}`,
        createdAt: "2026-01-01T00:00:00Z",
        networks: [{ id: `network${index}`, name: `net-${index}`, driver: "overlay", internal: false, ingress: false }],
        labels: {
            "sallyport.enable": "true",
            "sallyport.hostname": `app-${index}.example.com`,
            "sallyport.port": "8080",
            "sallyport.audience": "staff",
        },
    })),
});
