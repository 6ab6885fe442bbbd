import * as library from "../../../../components/index.ts";
import { ACCOUNT, CERTIFICATE, KEY } from "../../fixtures.ts";
import { type Example, of, rotation } from "./example.ts";

/** Says all that can be said of a federation. */
const federation: library.Federation = {
    name: "commons",
    domain: "consul",
    sites: [
        {
            name: "a",
            owner: "Association A",
            nat: false,
            ipv6Prefix: "2001:db8:a::/48",
            egress: ["2001:db8:a::1"],
            nodes: [
                { name: "a1", address: "2001:db8:a::11", relay: true },
                { name: "a2", roaming: true },
            ],
        },
        { name: "b", owner: "Association B", nat: true, egress: ["203.0.113.2"], nodes: [{ name: "b1" }] },
    ],
    services: [
        { name: "ldap", site: "a", nodes: ["a1"], port: 636, protocol: "tcp" },
        { name: "mail", site: "a", nodes: ["a1"], port: 993 },
        { name: "forge", site: "b", nodes: ["b1"] },
    ],
    intentions: [
        { from: "forge", to: "ldap", port: 636 },
        { from: "ldap", to: "mail" },
    ],
};

/** Components of `interconnect/`, with every argument that they have. */
export const INTERCONNECT_EXAMPLES: readonly Example[] = [
    ...of("MutualTlsService", library.MutualTlsService, {
        federation,
        service: "ldap",
        caCertPem: CERTIFICATE,
        caPrivateKeyPem: KEY,
        trustBundles: [{ forge: CERTIFICATE, mail: CERTIFICATE }],
        upstream: "127.0.0.1:389",
        localPorts: { mail: 10_993 },
        user: "openldap",
        forwarder: "unbound",
        consulDns: "[2001:db8:a::53]:8600",
        executable: "/usr/bin/traefik",
        folder: "/etc/commons/ldap",
        earlyRenewalHours: 240,
    }),
    ...of("SiteAuthority", library.SiteAuthority, { federation, site: "a", rollOver: rotation }),
    ...of("TunnelLink", library.TunnelLink, {
        accountId: ACCOUNT,
        federation,
        from: "forge",
        to: "ldap",
        hostname: "forge-ldap.example.com",
        host: "ldap.service.consul",
        tokenDuration: "720h",
        rotation,
        localPort: 10_636,
        user: "gitea",
        executable: "/usr/bin/traefik",
        folder: "/etc/commons/forge-ldap",
    }),
    ...of("ConsulMesh", library.ConsulMesh, {
        federation,
        site: "a",
        nodes: [
            { name: "a1", address: "10.0.0.1", server: true },
            { name: "a2", address: "10.0.0.2", server: false },
        ],
        sidecar: "envoy",
        drainSeconds: 30,
        forwarder: "unbound",
        consul: "/usr/bin/consul",
        envoy: "/usr/bin/envoy",
        anyEnvoy: true,
    }),
    ...of("ConsulMeshAccess", library.ConsulMeshAccess, {
        federation,
        site: "b",
        nodes: [{ name: "b1", address: "10.1.0.1", server: true }],
        peeringTokens: { a: "planted-secret" },
    }),
    ...of("WireGuardMesh", library.WireGuardMesh, {
        federation,
        site: "a",
        publicKeys: { b1: `${"A".repeat(43)}=` },
        siteSecrets: { b: "planted-secret-that-both-owners-agreed-on" },
        keyVersions: { a1: 2 },
        form: "wg-quick",
        interfaceName: "wg0",
        listenPort: 51_820,
        mtu: 1420,
        keepaliveSeconds: 25,
        ipv6Range: "fd12:3456:789a:1::/64",
        ipv4Range: "10.64.0.0/12",
        ipv4Addresses: { a1: "10.64.0.1" },
    }),
];
