import { type CaseGroup, docker, resource } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const SITE = "Write the addresses that the site's router has, or the prefix that was assigned to the site.";
const PEER = "Write the addresses of that peer alone; those of a WireGuardMesh are.";

const federated = (component: string, name: string, ...sites: Readonly<Record<string, unknown>>[]) =>
    resource(`sallyport:index:${component}`, name, { federation: { name: "commons", sites } });
const wide = (name: string, range: string, site: string, widest: number) =>
    `Federation of '${name}' lets in "${range}" as the site '${site}', which is wider than /${widest}. ${SITE}`;
const conf = (...allowed: string[]) =>
    `[Interface]\nListenPort = 51820\n\n[Peer]\nPublicKey = x\nAllowedIPs = ${allowed.join(", ")}\n`;

/** What sites of several owners let in. */
export const interconnect: readonly CaseGroup[] = [
    {
        topic: "sites of a federation that are wider than a site",
        rules: ["federation-site-is-bounded"],
        violating: [
            {
                what: "networks of a provider as what a site comes from, whatever connects it",
                resources: [
                    federated("MutualTlsService", "ldap", { name: "b", egress: ["203.0.0.0/8", "203.0.113.2"] }),
                    federated("WireGuardMesh", "mesh", { name: "a", ipv6Prefix: "2001:db8::/32" }),
                    federated("ConsulMesh", "consul", { name: "c", egress: ["198.51.0.0/16"] }),
                ],
                messages: [
                    wide("ldap", "203.0.0.0/8", "b", 24),
                    wide("mesh", "2001:db8::/32", "a", 40),
                    wide("consul", "198.51.0.0/16", "c", 24),
                ],
            },
            {
                what: "a range that the configuration finds too wide",
                resources: [federated("MutualTlsService", "ldap", { name: "b", egress: ["203.0.113.0/28"] })],
                config: { widestIpv4: 32, widestIpv6: 40 },
                messages: [wide("ldap", "203.0.113.0/28", "b", 32)],
            },
        ],
        compliant: [
            {
                what: "addresses, a small network and an assigned prefix",
                resources: [
                    federated(
                        "MutualTlsService",
                        "ldap",
                        { name: "a", ipv6Prefix: "2001:db8:a::/48" },
                        { name: "b", egress: ["203.0.113.2", "2001:db8:b::2/128", "198.51.100.0/24"] },
                    ),
                ],
            },
        ],
        unknown: [
            {
                what: "a wide range beside what is not known",
                resources: [
                    federated("MutualTlsService", "ldap", {
                        name: "b",
                        egress: [UNKNOWN, "203.0.0.0/8"],
                        ipv6Prefix: UNKNOWN,
                    }),
                ],
                messages: [wide("ldap", "203.0.0.0/8", "b", 24)],
            },
        ],
    },
    {
        topic: "WireGuard peers that may send as anybody",
        rules: ["wireguard-routes-peers-only"],
        violating: [
            {
                what: "all addresses of either family, for wg and for systemd-networkd",
                resources: [
                    docker.config("wg", { dataRaw: conf("10.9.0.2/32", "0.0.0.0/0") }),
                    docker.container("vpn", {
                        uploads: [{ file: "/etc/wg0.netdev", content: "[WireGuardPeer]\nAllowedIPs=::/0\n" }],
                    }),
                ],
                messages: [
                    `Service config 'wg' lets a WireGuard peer send as "0.0.0.0/0". ${PEER}`,
                    `Upload "/etc/wg0.netdev" of container 'vpn' lets a WireGuard peer send as "::/0". ${PEER}`,
                ],
            },
        ],
        compliant: [
            {
                what: "a peer's own addresses, and what is no peer's",
                resources: [
                    docker.config("wg", { dataRaw: conf("10.9.0.2/32", "fd00:9::2/128") }),
                    docker.config("nginx", { dataRaw: "# AllowedIPs = 0.0.0.0/0\n" }),
                ],
            },
        ],
        unknown: [
            { what: "a text that is not known", resources: [docker.config("wg", { dataRaw: UNKNOWN })] },
            {
                what: "a file beside one that is not known",
                resources: [
                    docker.container("vpn", {
                        uploads: [
                            { file: UNKNOWN, content: UNKNOWN },
                            { file: "/wg", content: conf("0.0.0.0/0") },
                        ],
                    }),
                ],
                messages: [`Upload "/wg" of container 'vpn' lets a WireGuard peer send as "0.0.0.0/0". ${PEER}`],
            },
        ],
    },
];
