/**
 * Tunnel, TCP apps, machine tokens and private networks at once, in the forms in which a refresh is known to bring drift: ranges in upper case,
 * lists out of order, secrets, values that the API fills in. `CHANGED=1` changes each field that changes in place.
 */
import { Provider } from "@pulumi/cloudflare/provider.js";
import {
    AccessAudience,
    DeviceProfile,
    findTunnelId,
    NamedTunnel,
    PrivateNetwork,
    ServiceToken,
    TcpApp,
    TcpProtocol,
    TunnelAlert,
    TunnelIngress,
    TunnelManagement,
    ZoneOnboarding,
} from "../../../../components/index.ts";

const { NETWORKS_ACCOUNT: accountId = "", NETWORKS_ZONE: zoneId = "" } = process.env;
const changed = process.env.CHANGED === "1";
const version = changed ? "2" : "1";
const opts = { providers: [new Provider("cloudflare", {})] };

const ci = new ServiceToken(
    "ci",
    {
        accountId,
        tokenName: `ci ${version}`,
        secretVersion: changed ? 2 : 1,
        ...(changed ? { previousSecretExpiresAt: "2100-01-01T00:00:00Z" } : {}),
    },
    opts,
);
const { policyIds } = new AccessAudience(
    "staff",
    { accountId, emailDomains: ["example.com"], serviceTokenIds: [ci.tokenId] },
    opts,
);
const tunnel = new NamedTunnel(
    "tunnel",
    { accountId, tunnelName: `edge-${version}`, secretVersion: changed ? 2 : 1 },
    opts,
);
const local = new NamedTunnel("local", { accountId, management: TunnelManagement.Local }, opts);

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

const common = { accountId, policyIds, sessionDuration: changed ? "8h" : "12h" };
const apps = [
    new TcpApp(
        "db",
        { ...common, hostname: "db.example.com", protocol: TcpProtocol.PostgreSql, host: "postgres" },
        opts,
    ),
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
const names = ["db.example.com", "bastion.example.com", "desk.example.com"];
new TunnelIngress(
    "ingress",
    {
        accountId,
        zoneId,
        tunnelId: tunnel.tunnelId,
        team: "team",
        routes: apps.map(({ service, audience }, index) => ({ hostname: names[index] ?? "", service, audience })),
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

const { configFile } = new TunnelIngress(
    "local-ingress",
    {
        accountId,
        zoneId,
        tunnelId: local.tunnelId,
        team: "team",
        management: TunnelManagement.Local,
        routes: [{ hostname: "local.example.com", service: "http://web:80", audience: apps[0]?.audience ?? "" }],
    },
    opts,
);

// A tunnel that somebody made by hand, once its name is known.
const { ADOPTED: adopted } = process.env;
if (adopted !== undefined) {
    const adoptTunnelId = await findTunnelId({ accountId, name: adopted }, { provider: opts.providers[0] });
    new NamedTunnel("adopted", { accountId, tunnelName: adopted, adoptTunnelId }, opts);
}

export { configFile };
export const clientSecret = ci.clientSecret;
export const credentials = tunnel.credentials;
export const sshCaPublicKey = apps[1]?.sshCaPublicKey;
