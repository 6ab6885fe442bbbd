import {
    AccessAudience,
    DeviceProfile,
    type IngressRoute,
    NamedTunnel,
    PrivateNetwork,
    ServiceToken,
    TcpApp,
    TcpProtocol,
    TunnelAlert,
    TunnelIngress,
    TunnelManagement,
    ZeroTrustApp,
    ZoneOnboarding,
} from "../../../../components/index.ts";
import type { Settings } from "../identity/declare.ts";

/**
 * Tunnel, TCP apps, machine tokens and private networks at once, in the forms in which a refresh is known to bring drift: ranges in upper case,
 * lists out of order, secrets, values that the API fills in.
 */
export function declareNetworks({ accountId, zoneId, changed, replaced, opts }: Settings, routes: IngressRoute[] = []) {
    const version = changed ? "2" : "1";

    const ci = new ServiceToken(
        "deployer",
        {
            accountId,
            tokenName: `deployer ${version}`,
            secretVersion: changed ? 2 : 1,
            ...(changed ? { previousSecretExpiresAt: "2100-01-01T00:00:00Z" } : {}),
        },
        opts,
    );
    const { policyIds } = new AccessAudience(
        "operators",
        { accountId, emailDomains: ["example.com"], serviceTokenIds: [ci.tokenId] },
        opts,
    );
    const tunnel = new NamedTunnel(
        "tunnel",
        { accountId, tunnelName: `edge-${version}`, secretVersion: changed ? 2 : 1 },
        opts,
    );
    const management = replaced ? TunnelManagement.Remote : TunnelManagement.Local;
    // Cloudflare keeps names apart and cannot change who manages a tunnel: the one that takes its place has a name of its own.
    const local = new NamedTunnel("local", { accountId, management, tunnelName: `local-${management}` }, opts);

    new ZoneOnboarding("zone", { zoneId, smartRouting: !changed }, opts);
    new TunnelAlert(
        "alert",
        {
            accountId,
            tunnelIds: [tunnel.tunnelId],
            emails: ["oncall@example.com", "ada@example.com"],
            alertName: `tunnels ${version}`,
            degraded: changed,
        },
        opts,
    );

    const database = replaced ? "orders.example.com" : "db.example.com";
    const common = { accountId, policyIds, sessionDuration: changed ? "8h" : "12h" };
    const apps = [
        new TcpApp("db", { ...common, hostname: database, protocol: TcpProtocol.PostgreSql, host: "postgres" }, opts),
        new TcpApp(
            "bastion",
            {
                ...common,
                hostname: "bastion.example.com",
                protocol: TcpProtocol.Ssh,
                host: "bastion",
                browserRendered: true,
            },
            opts,
        ),
        new TcpApp(
            "desk",
            { ...common, hostname: "desk.example.com", protocol: TcpProtocol.Vnc, host: "desk", browserRendered: true },
            opts,
        ),
    ];
    const names = [database, "bastion.example.com", "desk.example.com"];
    new TunnelIngress(
        "ingress",
        {
            accountId,
            zoneId,
            tunnelId: tunnel.tunnelId,
            team: "team",
            routes: [
                ...apps.map(({ service, audience }, index) => ({ hostname: names[index] ?? "", service, audience })),
                ...routes,
            ],
        },
        opts,
    );

    const grants = [
        { name: "staff", emailDomains: ["Example.com"], ports: changed ? [22, 443] : [443] },
        {
            name: "oncall",
            emails: ["Grace@example.com", "ada@example.com"],
            fromRanges: ["203.0.113.7"],
            fromCountries: ["FR", "CH"],
            networks: ["10.20.1.0/24"],
        },
    ];
    const reached = { accountId, tunnelId: tunnel.tunnelId };
    new PrivateNetwork(
        "office",
        {
            ...reached,
            networkName: `office ${version}`,
            networks: ["FD00:20::/48", "10.20.0.0/16"],
            hostnames: ["wiki.internal.example"],
            grants,
            precedence: changed ? 41_000 : 40_000,
        },
        opts,
    );
    new PrivateNetwork(
        "lab",
        { ...reached, networks: ["10.20.0.0/16"], ownVirtualNetwork: true, grants, precedence: 10_000 },
        opts,
    );
    new DeviceProfile(
        "devices",
        {
            accountId,
            profileName: `office ${version}`,
            match: 'identity.email matches "^[^@]+@example[.]com$"',
            precedence: changed ? 20 : 10,
            include: ["wiki.internal.example", "FD00:20::/48", "10.20.0.0/16"],
        },
        opts,
    );

    const web = new ZeroTrustApp("web", { accountId, hostname: "local.example.com", policyIds }, opts);
    const { configFile } = new TunnelIngress(
        "local-ingress",
        {
            accountId,
            zoneId,
            tunnelId: local.tunnelId,
            team: "team",
            management,
            publisher: `cluster ${version}`,
            routes: [{ hostname: "local.example.com", service: "http://web:80", audience: web.audience }],
        },
        opts,
    );

    return {
        configFile,
        localTunnel: { tunnelId: local.tunnelId, credentials: local.credentials },
        policyIds,
        clientSecret: ci.clientSecret,
        credentials: tunnel.credentials,
        sshCaPublicKey: apps[1]?.sshCaPublicKey,
    };
}
