import type * as pulumi from "@pulumi/pulumi";
import {
    AccessAudience,
    DevicePosture,
    DeviceProfile,
    HostTunnelConnector,
    NamedTunnel,
    PrivateNetwork,
    ServiceToken,
    TcpApp,
    TcpProtocol,
    TunnelAlert,
    ZeroTrustApp,
} from "../../../../components/index.ts";
import type { Settings } from "../identity/declare.ts";

/** Changes the arguments that the declarations of identity and of networks leave as they are. */
export function declareFields(
    { accountId, changed, replaced, opts }: Settings,
    policyIds: pulumi.Input<pulumi.Input<string>[]>,
    connector: { tunnelId: pulumi.Input<string>; credentials: pulumi.Input<string> },
) {
    const version = changed ? "2" : "1";
    const schedule = { since: "2020-01-01", every: "87600h", overlap: "48h", firstVersion: changed ? 2 : 1 };

    const tokens = ["blue", "green"].map(
        (name) =>
            new ServiceToken(name, { accountId, duration: changed ? "4380h" : "8760h", rotation: schedule }, opts),
    );
    const tunnels = ["left", "right"].map(
        (tunnelName) => new NamedTunnel(tunnelName, { accountId, tunnelName, rotation: schedule }, opts),
    );
    const [left, right] = tunnels.map(({ tunnelId }) => tunnelId);
    const serving = (changed ? right : left) ?? "";

    const contractors = new AccessAudience(
        "contractors",
        {
            accountId,
            audienceName: `contractors ${version}`,
            emails: [`ada-${version}@example.com`],
            emailDomains: [`v${version}.example.org`],
            serviceTokenIds: [tokens[changed ? 1 : 0]?.tokenId ?? ""],
            certificateCommonNames: [`billing-${version}`],
            anyClientCertificate: changed,
            ipRanges: [`203.0.113.${version}/32`],
            countries: [changed ? "FR" : "CH"],
        },
        opts,
    );
    const chosen = changed ? contractors.policyIds : policyIds;
    const login = { accountId, policyIds: chosen, sessionDuration: changed ? "8h" : "12h" };
    new ZeroTrustApp(
        "console",
        {
            ...login,
            hostname: replaced ? "terminal.example.com" : "console.example.com",
            path: replaced ? "/tty" : "/shell",
            applicationName: `Console ${version}`,
        },
        opts,
    );
    new TcpApp(
        "cache",
        {
            ...login,
            hostname: "cache.example.com",
            protocol: changed ? TcpProtocol.MySql : TcpProtocol.Redis,
            host: `cache-${version}`,
            port: changed ? 3307 : 6380,
            localPort: changed ? 3308 : 6381,
            applicationName: `Cache ${version}`,
        },
        opts,
    );
    new TcpApp(
        "jump",
        {
            ...login,
            hostname: "jump.example.com",
            protocol: TcpProtocol.Ssh,
            host: "jump",
            browserRendered: replaced,
            shortLivedCertificates: replaced,
        },
        opts,
    );

    const posture = (name: string, args: Omit<ConstructorParameters<typeof DevicePosture>[1], "accountId">) =>
        new DevicePosture(
            name,
            {
                accountId,
                postureName: `${name} ${version}`,
                description: `${name}, version ${version}`,
                expiration: changed ? "2h" : "1h",
                ...args,
            },
            opts,
        );
    const agent = { path: `/usr/bin/agent-${version}`, sha256: version.repeat(64) };
    const list = { listId: `f174e90a-fafe-4643-bbbc-4a0ed4fc841${version}` };
    posture("encrypted", {
        kind: "disk_encryption",
        platforms: ["linux"],
        diskEncryption: { volumes: [`/${version}`] },
    });
    posture("file", { kind: "file", platforms: [changed ? "mac" : "linux"], file: agent });
    posture("agent", { kind: "application", platforms: ["linux"], application: agent });
    posture("joined", {
        kind: "domain_joined",
        platforms: ["windows"],
        domainJoined: { domain: `v${version}.example.com` },
    });
    posture("scanner", {
        kind: "antivirus",
        platforms: ["windows"],
        antivirus: { updatedWithinDays: changed ? 3 : 7 },
    });
    posture("serial", { kind: "serial_number", platforms: ["linux"], serialNumber: list });
    posture("phone", { kind: "unique_client_id", platforms: ["ios"], uniqueClientId: list });
    posture("keyring", {
        kind: "client_certificate_v2",
        platforms: ["linux"],
        clientCertificate: { certificateId: list.listId, commonName: `laptop-${version}` },
    });

    const profile = (name: string, precedence: number, args: { include?: string[]; exclude?: string[] }) =>
        new DeviceProfile(
            name,
            {
                accountId,
                precedence,
                match: `os.version == "${version}"`,
                mayDisconnect: changed,
                mayLeave: changed,
                ...args,
            },
            opts,
        );
    profile("phones", 310, { include: [`10.4${version}.0.0/16`] });
    profile("laptops", 320, { exclude: [`10.4${version}.0.0/16`] });

    const grants = [{ name: "staff", emails: ["ada@example.com"] }];
    const shop = new PrivateNetwork(
        "shop",
        {
            accountId,
            tunnelId: serving,
            networks: [`10.5${version}.0.0/16`],
            hostnames: [`till-${version}.internal.example`],
            ownVirtualNetwork: true,
            grants,
            precedence: 12_000,
        },
        opts,
    );
    new PrivateNetwork(
        "stall",
        {
            accountId,
            tunnelId: serving,
            networks: ["10.60.0.0/16"],
            grants,
            precedence: 14_000,
            ...(replaced ? { virtualNetworkId: shop.virtualNetworkId } : { ownVirtualNetwork: true }),
        },
        opts,
    );
    new TunnelAlert(
        "watch",
        {
            accountId,
            tunnelIds: [serving],
            emails: [`oncall-${version}@example.com`],
            webhookIds: [`f174e90afafe4643bbbc4a0ed4fc841${version}`],
        },
        opts,
    );

    const onHost = {
        ...connector,
        configFile: JSON.stringify({ ingress: [{ service: `http_status:40${version}` }] }),
        origins: [`10.0.0.${version}`],
        resolvers: [`10.0.1.${version}`],
        edgeRanges: [`198.41.19${version}.0/24`],
        protocol: changed ? ("quic" as const) : ("http2" as const),
        logLevel: changed ? ("warn" as const) : ("info" as const),
    };
    return [
        new HostTunnelConnector("unit", { ...onHost, executable: `/opt/${version}/cloudflared` }),
        new HostTunnelConnector("box", {
            ...onHost,
            kind: "container",
            image: `cloudflare/cloudflared:2025.2.${version}`,
        }),
        new HostTunnelConnector("moved", { ...onHost, kind: replaced ? "container" : "systemd" }),
    ];
}
