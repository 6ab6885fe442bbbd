import { SANDBOX } from "../../internal/sandbox.ts";
import { NONROOT } from "../../internal/swarm.ts";

const PARENT_FOLDER = "/etc/sallyport";

/** What the unit of a service's proxy is made from. */
export interface ProxyUnit {
    description: string;
    folder: string;
    /** Absolute path of `traefik`. */
    executable: string;
    staticFile: string;
    firewallFile: string;
    /** Ports on which the proxy listens. */
    ports: readonly number[];
    /** Ranges to and from which it speaks, beside loopback. */
    peers: readonly string[];
}

/** Where the program of nftables is on Debian, Fedora and their kin. */
export const NFT = "/usr/sbin/nft";
const FIRST_UNPRIVILEGED_PORT = 1024;

/**
 * A systemd unit for a service's proxy: the firewall first, then Traefik under nobody's account, held by the kernel to the federation's addresses and to the
 * files of this one service. `systemctl reload` takes renewed certificates while connections stay open.
 */
export function proxyUnit({
    description,
    folder,
    executable,
    staticFile,
    firewallFile,
    ports,
    peers,
}: ProxyUnit): string {
    const isPrivileged = ports.some((port) => port < FIRST_UNPRIVILEGED_PORT);
    const capability = isPrivileged ? "CAP_NET_BIND_SERVICE" : "";
    return [
        "[Unit]",
        `Description=${description}`,
        "Wants=network-online.target",
        "After=network-online.target",
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        `ExecStartPre=+${NFT} -f ${firewallFile}`,
        `ExecStart=${executable} --configFile=${staticFile}`,
        "ExecReload=kill -HUP $MAINPID",
        "Restart=always",
        "RestartSec=2s",
        "TimeoutStopSec=30s",
        "",
        "# Speaks to the federation's nodes and on loopback.",
        "IPAddressDeny=any",
        "IPAddressAllow=localhost",
        ...[...new Set(peers)].toSorted().map((range) => `IPAddressAllow=${range}`),
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        "SocketBindDeny=any",
        ...ports.map((port) => `SocketBindAllow=tcp:${port}`),
        "SocketBindAllow=udp",
        "",
        "# Nobody in particular, who sees the files of this service alone.",
        `User=${NONROOT}`,
        `Group=${NONROOT}`,
        "UMask=0077",
        // A folder of the user's own choosing is not beside those of other services.
        ...(folder.startsWith(`${PARENT_FOLDER}/`)
            ? [`TemporaryFileSystem=${PARENT_FOLDER}:ro`, `BindReadOnlyPaths=${folder}`]
            : []),
        "NoNewPrivileges=yes",
        `CapabilityBoundingSet=${capability}`,
        `AmbientCapabilities=${capability}`,
        ...SANDBOX,
        "MemoryMax=256M",
        "TasksMax=256",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ].join("\n");
}

/** A systemd unit that puts the firewall in place before the network is up, for a service that speaks TLS itself. */
export function firewallUnit({ description, firewallFile }: Pick<ProxyUnit, "description" | "firewallFile">): string {
    return [
        "[Unit]",
        `Description=${description}`,
        "DefaultDependencies=no",
        "Wants=network-pre.target",
        "Before=network-pre.target shutdown.target",
        "Conflicts=shutdown.target",
        "",
        "[Service]",
        "Type=oneshot",
        "RemainAfterExit=yes",
        `ExecStart=${NFT} -f ${firewallFile}`,
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ].join("\n");
}
