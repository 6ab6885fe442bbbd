import { type HostFile, ownerOnly, ROOT, readable } from "../../internal/hostFile.ts";
import { firewallUnit, NFT } from "../host/units.ts";
import type { InterfaceConfiguration, MeshSettings, PeerConfiguration } from "./configuration.ts";

/** How a node's interface is set up. */
export const WireGuardForm = {
    /** By `wg-quick`, of the package wireguard-tools. */
    WgQuick: "wg-quick",
    /** By systemd-networkd. */
    Networkd: "systemd-networkd",
    /** By a unit with `wireguard-go`, where the kernel has no WireGuard. */
    Userspace: "wireguard-go",
} as const;
export type WireGuardForm = (typeof WireGuardForm)[keyof typeof WireGuardForm];

/** What a node is set up with. */
export interface RenderedNode {
    readonly files: readonly HostFile[];
    readonly secretFiles: readonly HostFile[];
    /** Shell command that brings the node from whatever it was to what the files say, as root; sessions of other peers go on. */
    readonly apply: string;
}

/** Renders a node's interface in one form. The firewall's file is put in place before it. */
export function renderInterface(
    form: WireGuardForm,
    configuration: InterfaceConfiguration,
    settings: MeshSettings,
): RenderedNode {
    return {
        [WireGuardForm.WgQuick]: wgQuick,
        [WireGuardForm.Networkd]: networkd,
        [WireGuardForm.Userspace]: userspace,
    }[form](configuration, settings);
}

/** Path of the packet filter's file. */
export const firewallPath = ({ name }: Pick<MeshSettings, "name">) => `/etc/sallyport/${name}/firewall.nft`;

/** wg-quick(8): its file is that of wg(8) with a few lines more; `wg-quick strip` takes them out again. */
function wgQuick(configuration: InterfaceConfiguration, settings: MeshSettings): RenderedNode {
    const { interfaceName, mtu } = settings;
    // Without its packet filter the interface does not come up.
    const more = [
        `PreUp = ${NFT} -f ${firewallPath(settings)}`,
        `Address = ${configuration.addresses.join(", ")}`,
        `MTU = ${mtu}`,
    ];
    const unit = `wg-quick@${interfaceName}`;
    const change = `wg-quick strip ${interfaceName} | wg syncconf ${interfaceName} /dev/stdin`;
    return {
        files: [],
        secretFiles: [ownerOnly(`/etc/wireguard/${interfaceName}.conf`, ROOT, wgFile(configuration, more))],
        apply: `systemctl enable ${unit} && if systemctl is-active --quiet ${unit}; then ${change}; else systemctl start ${unit}; fi`,
    };
}

/** systemd.netdev(5), systemd.network(5). networkd makes the interface; what changes later is told by wg(8), which leaves other peers' sessions alone. */
function networkd(configuration: InterfaceConfiguration, settings: MeshSettings): RenderedNode {
    const { interfaceName, mtu } = settings;
    const base = `/etc/systemd/network/50-${interfaceName}`;
    const keyFile = `${base}.key`;
    const pskFile = ({ name }: PeerConfiguration) => `${base}-${name}.psk`;
    const conf = `/etc/sallyport/${settings.name}/${interfaceName}.conf`;
    const netdev = [
        "[NetDev]",
        `Name=${interfaceName}`,
        "Kind=wireguard",
        `MTUBytes=${mtu}`,
        "",
        "[WireGuard]",
        `PrivateKeyFile=${keyFile}`,
        ...optional("ListenPort=", configuration.listenPort),
        ...configuration.peers.flatMap((peer) => [
            "",
            `# ${peer.name}`,
            "[WireGuardPeer]",
            `PublicKey=${peer.publicKey}`,
            ...optional("PresharedKeyFile=", peer.presharedKey === undefined ? undefined : pskFile(peer)),
            `AllowedIPs=${peer.allowedIps.join(",")}`,
            ...optional("Endpoint=", peer.endpoint),
            ...optional("PersistentKeepalive=", peer.keepalive),
        ]),
        "",
    ].join("\n");
    const network = [
        "[Match]",
        `Name=${interfaceName}`,
        "",
        "[Network]",
        ...configuration.addresses.map((address) => `Address=${address}`),
        "LinkLocalAddressing=no",
        "IPv6AcceptRA=no",
        "",
    ].join("\n");
    const pskFiles = configuration.peers.flatMap((peer) =>
        peer.presharedKey === undefined ? [] : [ownerOnly(pskFile(peer), ROOT, `${peer.presharedKey}\n`)],
    );
    const secrets = [keyFile, ...pskFiles.map(({ path }) => path)].join(" ");
    // networkd runs no command before it makes an interface, so the packet filter is there before any network is.
    const firewall = `sallyport-${settings.name}-firewall`;
    const filter = {
        description: `Packet filter of the WireGuard mesh ${settings.name}`,
        firewallFile: firewallPath(settings),
    };
    return {
        files: [
            readable(`${base}.netdev`, netdev),
            readable(`${base}.network`, network),
            readable(`/etc/systemd/system/${firewall}.service`, firewallUnit(filter)),
        ],
        secretFiles: [
            ownerOnly(keyFile, ROOT, `${configuration.privateKey}\n`),
            ...pskFiles,
            ownerOnly(conf, ROOT, wgFile(configuration, [])),
        ],
        // networkd reads the keys as its own user, whose number is another one on each machine.
        apply: `systemctl daemon-reload && systemctl enable ${firewall} && chgrp systemd-network ${secrets} && chmod 0640 ${secrets} && networkctl reload && /usr/lib/systemd/systemd-networkd-wait-online --interface=${interfaceName} --operational-state=carrier --timeout=30 && wg syncconf ${interfaceName} ${conf}`,
    };
}

/** A process with the interface. It answers on its control socket by the time that it leaves the foreground, so that `Type=forking` waits for just that. */
function userspace(configuration: InterfaceConfiguration, settings: MeshSettings): RenderedNode {
    const { interfaceName, mtu, name } = settings;
    const conf = `/etc/sallyport/${name}/${interfaceName}.conf`;
    const unit = [
        "[Unit]",
        `Description=WireGuard mesh ${name}`,
        "Documentation=https://git.zx2c4.com/wireguard-go/about/",
        "Wants=network-online.target",
        "After=network-online.target",
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=forking",
        `ExecStartPre=${NFT} -f ${firewallPath(settings)}`,
        `ExecStart=wireguard-go ${interfaceName}`,
        `ExecStartPost=wg setconf ${interfaceName} ${conf}`,
        ...configuration.addresses.map((address) => `ExecStartPost=ip address replace ${address} dev ${interfaceName}`),
        `ExecStartPost=ip link set ${interfaceName} mtu ${mtu} up`,
        "Restart=always",
        "RestartSec=5s",
        "Environment=LOG_LEVEL=error",
        "",
        "# An interface and its sockets, nothing else of the machine.",
        "CapabilityBoundingSet=CAP_NET_ADMIN",
        "DeviceAllow=/dev/net/tun rw",
        "DevicePolicy=closed",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        "RuntimeDirectory=wireguard",
        "RuntimeDirectoryPreserve=yes",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ].join("\n");
    const service = `sallyport-${name}`;
    const change = `wg syncconf ${interfaceName} ${conf}`;
    return {
        files: [readable(`/etc/systemd/system/${service}.service`, unit)],
        secretFiles: [ownerOnly(conf, ROOT, wgFile(configuration, []))],
        apply: `systemctl daemon-reload && systemctl enable ${service} && if systemctl is-active --quiet ${service}; then ${change}; else systemctl start ${service}; fi`,
    };
}

/** wg(8), "Configuration file format". */
function wgFile({ name, privateKey, listenPort, peers }: InterfaceConfiguration, more: readonly string[]): string {
    return [
        `# ${name}`,
        "[Interface]",
        `PrivateKey = ${privateKey}`,
        ...optional("ListenPort = ", listenPort),
        ...more,
        ...peers.flatMap((peer) => [
            "",
            `# ${peer.name}`,
            "[Peer]",
            `PublicKey = ${peer.publicKey}`,
            ...optional("PresharedKey = ", peer.presharedKey),
            `AllowedIPs = ${peer.allowedIps.join(", ")}`,
            ...optional("Endpoint = ", peer.endpoint),
            ...optional("PersistentKeepalive = ", peer.keepalive),
        ]),
        "",
    ].join("\n");
}

function optional(label: string, value: string | number | undefined): string[] {
    return value === undefined ? [] : [`${label}${value}`];
}
