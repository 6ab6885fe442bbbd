import { WITHOUT_ACCOUNT } from "../../internal/sandbox.ts";

/** What a connector's unit is made from. */
export interface UnitSettings {
    name: string;
    tunnelId: string;
    /** Absolute path of `cloudflared`. */
    executable: string;
    credentialsPath: string;
    /** Ingress rules of a locally managed tunnel; from Cloudflare if undefined. */
    configPath: string | undefined;
    /** Everything that the connector may speak to. */
    addresses: readonly string[];
    protocol: string;
    logLevel: string;
}

/**
 * A systemd unit that dials out and can do little else.
 *
 * The credentials are a file of root's, handed over through `LoadCredential`: neither the unit, the command line nor the environment has
 * them, and the user under whom the connector runs exists only while it does. `IPAddressDeny` makes the kernel drop whatever goes to or comes
 * from another address than those named, whatever rules the connector is sent; it knows addresses and no ports. Read with systemd 250 or
 * later (`systemd.exec`, `systemd.resource-control`).
 */
export function systemdUnit(settings: UnitSettings): string {
    const { name, tunnelId, executable, configPath } = settings;
    const config = configPath === undefined ? "" : ` --config ${configPath}`;
    return [
        "[Unit]",
        `Description=Cloudflare Tunnel connector ${name}`,
        "Documentation=https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/",
        "Wants=network-online.target",
        "After=network-online.target",
        // The edge may be away for as long as it likes.
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=notify",
        `ExecStart=${executable} tunnel${config} run --credentials-file %d/credentials.json ${tunnelId}`,
        `LoadCredential=credentials.json:${settings.credentialsPath}`,
        "Restart=always",
        "RestartSec=5s",
        "TimeoutStopSec=35s",
        "Environment=NO_AUTOUPDATE=true",
        `Environment=TUNNEL_LOGLEVEL=${settings.logLevel}`,
        "Environment=TUNNEL_MANAGEMENT_DIAGNOSTICS=false",
        "Environment=TUNNEL_METRICS=127.0.0.1:20241",
        `Environment=TUNNEL_TRANSPORT_PROTOCOL=${settings.protocol}`,
        "",
        "# Speaks to the edge, the resolvers and the named origins; listens on no TCP port but its own metrics.",
        "IPAddressDeny=any",
        ...settings.addresses.map((address) => `IPAddressAllow=${address}`),
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        "SocketBindDeny=any",
        "SocketBindAllow=tcp:20241",
        "SocketBindAllow=udp",
        "",
        "# Nobody in particular, with nothing to gain.",
        ...WITHOUT_ACCOUNT,
        "MemoryMax=256M",
        "TasksMax=128",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ].join("\n");
}
