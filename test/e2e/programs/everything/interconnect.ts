import * as pulumi from "@pulumi/pulumi";
import {
    ConsulMesh,
    type Federation,
    type HostFile,
    MutualTlsService,
    SiteAuthority,
    TunnelLink,
    WireGuardMesh,
} from "../../../../components/index.ts";

/** What an update may change. */
interface Settings {
    accountId: string;
    changed: boolean;
    replaced: boolean;
    opts: pulumi.ComponentResourceOptions;
}

/** Three sites, of which the last keeps to itself. */
function federationOf(changed: boolean): Federation {
    return {
        name: "commons",
        sites: [
            {
                name: "a",
                owner: "Association A",
                nodes: [
                    { name: "a1", address: "2001:db8:a::11" },
                    { name: "a2", address: "2001:db8:a::12" },
                ],
            },
            {
                name: "b",
                owner: "Association B",
                nat: true,
                egress: [changed ? "203.0.113.3" : "203.0.113.2"],
                nodes: [{ name: "b1" }],
            },
            { name: "c", owner: "Association C", nodes: [{ name: "c1", address: "2001:db8:c::11" }] },
        ],
        services: [
            { name: "ldap", site: "a", nodes: ["a1"], port: 636 },
            { name: "mail", site: "a", nodes: ["a1"], port: 993 },
            { name: "git", site: "a", nodes: ["a2"], port: 3000 },
            { name: "forge", site: "b", nodes: ["b1"] },
            { name: "wiki", site: "b", nodes: ["b1"] },
            { name: "archive", site: "c", nodes: ["c1"] },
        ],
        intentions: [
            { from: "forge", to: "ldap" },
            { from: "wiki", to: "mail" },
            { from: "ldap", to: "git" },
            { from: "mail", to: "git" },
        ],
    };
}

/**
 * The components of a federation. A changed one has other services in the places of those before.
 *
 * @returns their secrets, for stack outputs.
 */
export function declareInterconnect({ accountId, changed, replaced, opts }: Settings) {
    const federation = federationOf(changed);
    const a = new SiteAuthority("site-a", { federation, site: "a" });
    const b = new SiteAuthority("site-b", { federation, site: "b" });
    new SiteAuthority("site", { federation, site: changed ? "b" : "a" });
    const service = changed ? "mail" : "ldap";
    const folder = `/etc/commons-${changed ? 2 : 1}`;
    const user = changed ? "2001" : "2000";
    const executable = changed ? "/usr/bin/traefik" : "/usr/local/bin/traefik";
    const forwarder = changed ? "unbound" : "dnsmasq";
    const directory = new MutualTlsService("directory", {
        federation,
        service,
        ...a.of(service),
        trustBundles: changed ? [b.trustBundles, a.trustBundles] : [a.trustBundles, b.trustBundles],
        upstream: changed ? "127.0.0.1:143" : "127.0.0.1:389",
        localPorts: { git: changed ? 13_001 : 13_000 },
        user,
        forwarder,
        consulDns: changed ? "[2001:db8:a::12]:8600" : "127.0.0.1:8600",
        executable,
        folder,
        earlyRenewalHours: changed ? 480 : 720,
    });
    const [ofA, ofB] = [`${"A".repeat(43)}=`, `${"A".repeat(42)}E=`];
    const agreed = changed ? "agreed-on-by-the-owners-of-both-sites" : "agreed-on-by-both-owners-of-the-sites";
    const mesh = new WireGuardMesh("mesh", {
        federation,
        site: changed ? "b" : "a",
        publicKeys: changed ? { a1: ofA, a2: ofA } : { b1: ofB },
        siteSecrets: changed ? { a: agreed } : { b: agreed },
        keyVersions: changed ? { b1: 2 } : { a1: 1 },
        form: changed ? "wireguard-go" : "wg-quick",
        interfaceName: changed ? "wg1" : "wg0",
        listenPort: changed ? 51_821 : 51_820,
        mtu: changed ? 1400 : 1420,
        keepaliveSeconds: changed ? 20 : 25,
        ipv6Range: changed ? "fd12:3456:789a:2::/64" : "fd12:3456:789a:1::/64",
        ipv4Range: changed ? "10.80.0.0/12" : "10.64.0.0/12",
        ipv4Addresses: changed ? { a1: "10.80.0.1" } : { a1: "10.64.0.1" },
    });
    const consul = new ConsulMesh("consul", {
        federation,
        ...(changed
            ? { site: "c", nodes: [{ name: "c1", address: "10.0.3.1", server: true }] }
            : {
                  site: "a",
                  nodes: [
                      { name: "a1", address: "10.0.1.1" },
                      { name: "a2", address: "10.0.1.2" },
                  ],
              }),
        sidecar: changed ? "built-in" : "envoy",
        drainSeconds: changed ? 20 : 10,
        forwarder,
        consul: changed ? "/usr/bin/consul" : "/usr/local/bin/consul",
        envoy: changed ? "/usr/bin/envoy" : "/usr/local/bin/envoy",
        anyEnvoy: changed,
    });
    new TunnelLink(
        "link",
        {
            accountId,
            federation,
            from: changed ? "wiki" : "forge",
            to: service,
            hostname: `link-${replaced ? 2 : 1}.example.com`,
            host: service,
            tokenDuration: changed ? "4380h" : "8760h",
            rotation: { since: "2020-01-01", every: "720h", overlap: "48h", firstVersion: changed ? 1000 : 1 },
            localPort: changed ? 10_993 : 10_636,
            user,
            executable,
            folder,
        },
        opts,
    );
    return {
        siteKeys: pulumi.all([a, b].map(({ privateKeyPems }) => privateKeyPems)),
        directoryKey: contentsOf(directory.secretFiles),
        siteSecret: pulumi.secret(agreed),
        meshKeys: contentsOf(mesh.secretFiles.apply((nodes) => Object.values(nodes).flat())).apply((contents) =>
            contents.flatMap((content) => content.match(/(?<=^(?:PrivateKey|PresharedKey) *= *)\S+/gm) ?? []),
        ),
        consulToken: consul.managementToken,
        consulKeys: contentsOf(consul.secretFiles.apply((nodes) => nodes.flatMap(({ files }) => files))).apply(
            (contents) => contents.map((content) => (content.startsWith("{") ? JSON.parse(content).encrypt : content)),
        ),
    };
}

function contentsOf(files: pulumi.Output<HostFile[]>): pulumi.Output<string[]> {
    return files.apply((all) => all.map(({ content }) => content));
}
