import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Federation, MutualTlsService, SiteAuthority } from "../../components/index.ts";
import { schemaProblems, TraefikFile } from "../../components/proxy/traefik/schemaProblems.ts";
import { deploy, pem, problemsOf, promiseOf } from "../support/mocks.ts";
import { twoSites } from "./support/federations.ts";
import { deployServices, type MadeService, type ServiceChoice } from "./support/mutualTls.ts";

/** B's nodes come from its router; the forge uses the directory. */
function reachable(): Federation {
    const federation = twoSites();
    Object.assign(federation.sites[1] ?? {}, { egress: ["2001:db8:b::2", "198.51.100.2"] });
    return federation;
}

const SERVICES = {
    ldap: { upstream: "127.0.0.1:389" },
    forge: { localPorts: { ldap: 10_636 }, user: "gitea" },
} satisfies Record<string, ServiceChoice>;

const made = await deployServices(reachable(), SERVICES);

/** The files that a service has on a node, by their last name. */
function filesOn(node: string, service: MadeService | undefined): Record<string, string> {
    const host = service?.hosts.find((one) => one.node === node);
    return Object.fromEntries((host?.files ?? []).map(({ path, content }) => [path.split("/").at(-1), content]));
}

const lines = (text: string | undefined) => (text ?? "").split("\n").map((line) => line.trim());

describe("MutualTlsService", () => {
    it("takes connections at the node's own address, and asks each for a certificate of a service that an intention names", () => {
        const files = filesOn("a1", made.ldap);
        const [statics, dynamic] = [parse(files["traefik.yml"] ?? ""), parse(files["dynamic.yml"] ?? "")];
        expect(statics.entryPoints).toEqual({
            serves: { address: "[2001:db8:a::1]:636", transport: { lifeCycle: { graceTimeOut: "5s" } } },
        });
        expect(dynamic.tls.options.default).toMatchObject({
            minVersion: "VersionTLS13",
            sniStrict: true,
            clientAuth: { clientAuthType: "RequireAndVerifyClientCert", caFiles: ["/etc/sallyport/ldap/clients.pem"] },
        });
        expect(dynamic.tcp.routers.serves.rule).toContain("HostSNI(`ldap.service.a.consul`)");
        expect(dynamic.tcp.services.serves.loadBalancer.servers).toEqual([{ address: "127.0.0.1:389" }]);
        const admitted = (files["clients.pem"] ?? "").match(/BEGIN CERTIFICATE/g);
        expect(admitted).toHaveLength(1);
        expect(new X509Certificate(files["clients.pem"] ?? "").subject).toContain("CN=commons b forge");
    });

    it("leads a program's own loopback to the service it uses, whoever's it is and wherever it runs", () => {
        const files = filesOn("b1", made.forge);
        const [statics, dynamic] = [parse(files["traefik.yml"] ?? ""), parse(files["dynamic.yml"] ?? "")];
        expect(statics.entryPoints["uses-ldap"].address).toBe("127.0.0.1:10636");
        expect(dynamic.tcp.services["uses-ldap"].loadBalancer.servers).toEqual([
            { address: "ldap.service.a.consul:636", tls: true },
        ]);
        expect(dynamic.tcp.serversTransports["uses-ldap"].tls).toEqual({
            serverName: "ldap.service.a.consul",
            rootCAs: ["/etc/sallyport/forge/server-ldap.pem"],
            certificates: [
                { certFile: "/etc/sallyport/forge/certificate.pem", keyFile: "/etc/sallyport/forge/key.pem" },
            ],
        });
        expect(new X509Certificate(files["server-ldap.pem"] ?? "").subject).toContain("CN=commons a ldap");
        expect(dynamic).not.toHaveProperty("tls");
    });

    it("writes what Traefik's own types take", () => {
        for (const [node, service] of [["a1", made.ldap] as const, ["b1", made.forge] as const]) {
            const files = filesOn(node, service);
            expect(schemaProblems(TraefikFile.Static, parse(files["traefik.yml"] ?? ""), node)).toEqual([]);
            expect(schemaProblems(TraefikFile.Dynamic, parse(files["dynamic.yml"] ?? ""), node)).toEqual([]);
        }
    });

    it("gives each service a certificate of an authority that can certify nothing else", () => {
        const leaf = new X509Certificate(filesOn("a1", made.ldap)["certificate.pem"] ?? "");
        expect(leaf.subjectAltName).toBe(
            "DNS:ldap.service.a.consul, DNS:ldap.service.consul, URI:spiffe://commons/a/ldap",
        );
        const authority = new X509Certificate(filesOn("a1", made.ldap)["authority.pem"] ?? "");
        expect(leaf.verify(authority.publicKey)).toBe(true);
        const stranger = new X509Certificate(filesOn("b1", made.forge)["authority.pem"] ?? "");
        expect(leaf.verify(stranger.publicKey)).toBe(false);
    });

    it("lets only the nodes that an intention names reach the port, over either version of IP", () => {
        const rules = lines(filesOn("a1", made.ldap)["firewall.nft"]);
        expect(rules).toContain("elements = { 198.51.100.2/32 }");
        expect(rules).toContain("elements = { 2001:db8:b::2/128 }");
        const asked = rules.slice(rules.indexOf("chain asked {") + 1, rules.lastIndexOf("}") - 1);
        expect(asked).toEqual(["ip saddr @peers4 return", "ip6 saddr @peers6 return", "counter drop"]);
        expect(rules).toContain('iifname != "lo" fib daddr type local tcp dport 636 jump asked');
    });

    it("shuts the port for everybody where no intention is left", async () => {
        const { ldap } = await deployServices({ ...reachable(), intentions: [] }, { ldap: SERVICES.ldap });
        const files = filesOn("a1", ldap);
        const rules = lines(files["firewall.nft"]);
        expect(rules.slice(rules.indexOf("chain asked {") + 1)[0]).toBe("counter drop");
        expect(Object.keys(files)).not.toContain("traefik.yml");
    });

    it("keeps other users of a node from the ports of loopback", () => {
        expect(lines(filesOn("b1", made.forge)["firewall.nft"])).toContain(
            'oifname "lo" tcp dport { 10636 } meta skuid != { 0, gitea } reject with tcp reset',
        );
    });

    it("registers the service with the node's public address, and looks whether it runs there", () => {
        for (const [node, address] of [
            ["a1", "2001:db8:a::1"],
            ["a2", "2001:db8:a::2"],
        ] as const) {
            const { service } = JSON.parse(filesOn(node, made.ldap)["sallyport-ldap.json"] ?? "{}");
            expect(service).toMatchObject({ name: "ldap", address, port: 636, check: { tcp: "127.0.0.1:389" } });
        }
        expect(Object.keys(filesOn("b1", made.forge))).not.toContain("sallyport-forge.json");
    });

    it.each([
        ["systemd-resolved", "Domains=~consul"],
        ["dnsmasq", "server=/consul/127.0.0.1#8600"],
        ["unbound", "stub-addr: 127.0.0.1@8600"],
    ] as const)("forwards names to Consul through %s", async (forwarder, line) => {
        const { forge } = await deployServices(reachable(), { forge: { forwarder } });
        expect(lines(filesOn("b1", forge)["sallyport-consul.conf"])).toContain(line);
    });

    it.each([
        ["systemd-resolved", "DNS=[2001:db8:a::53]:8600"],
        ["dnsmasq", "server=/consul/2001:db8:a::53#8600"],
        ["unbound", "stub-addr: 2001:db8:a::53@8600"],
    ] as const)("asks another site's Consul through %s where its own nodes have none", async (forwarder, line) => {
        const { forge } = await deployServices(reachable(), {
            forge: { forwarder, consulDns: "[2001:db8:a::53]:8600" },
        });
        expect(lines(filesOn("b1", forge)["sallyport-consul.conf"])).toContain(line);
    });

    it("runs its proxy as nobody, who sees its own files and the federation's addresses alone", () => {
        const unit = lines(filesOn("a1", made.ldap)["sallyport-ldap.service"]);
        const values = (key: string) =>
            unit.flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
        expect(values("ExecStartPre")).toEqual(["+/usr/sbin/nft -f /etc/sallyport/ldap/firewall.nft"]);
        expect(values("User")).toEqual(["65532"]);
        expect(values("BindReadOnlyPaths")).toEqual(["/etc/sallyport/ldap"]);
        expect(values("IPAddressAllow")).toEqual(["localhost", "198.51.100.2/32", "2001:db8:b::2/128"]);
        expect(values("SocketBindAllow")).toEqual(["tcp:636", "udp"]);
        expect(values("CapabilityBoundingSet")).toEqual(["CAP_NET_BIND_SERVICE"]);
        const client = lines(filesOn("b1", made.forge)["sallyport-forge.service"]);
        expect(client).toContain("CapabilityBoundingSet=");
        expect(client).toContain("IPAddressAllow=2001:db8:a::1/128");
    });

    it("leaves a service that speaks TLS itself its certificates and its firewall, without a proxy", async () => {
        const { ldap } = await deployServices(reachable(), { ldap: {} });
        const files = filesOn("a1", ldap);
        expect(Object.keys(files)).not.toContain("traefik.yml");
        expect(lines(files["sallyport-ldap.service"])).toContain(
            "ExecStart=/usr/sbin/nft -f /etc/sallyport/ldap/firewall.nft",
        );
        expect(JSON.parse(files["sallyport-ldap.json"] ?? "{}").service.check.tcp).toBe("[2001:db8:a::1]:636");
        expect(ldap?.hosts[0]?.start).toMatch(
            /^nft -f .* && systemctl restart sallyport-ldap.service && consul reload$/,
        );
    });

    it("keeps keys secret, in the state and on the machine", async () => {
        const federation = reachable();
        const { result, resource } = await deploy(() => {
            const keys = { caCertPem: pem("CERTIFICATE", "ca"), caPrivateKeyPem: pem("PRIVATE KEY", "ca") };
            return new MutualTlsService("mail", { federation, service: "mail", ...keys, trustBundles: [] });
        });
        expect(resource("sallyport:index:MutualTlsService", "mail").secrets).toContain("caPrivateKeyPem");
        expect(await pulumi.isSecret(result?.secretFiles as pulumi.Output<unknown>)).toBe(true);
        expect(made.ldap?.secretFiles.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([
            ["/etc/sallyport/ldap/key.pem", "0400", "65532:65532"],
        ]);
    });

    it("says of which service no site gave an authority", async () => {
        const federation = reachable();
        const { error } = await deploy(() => {
            const authority = new SiteAuthority("a", { federation, site: "a" });
            const { trustBundles } = authority;
            const own = authority.of("ldap");
            return new MutualTlsService("ldap", { federation, service: "ldap", ...own, trustBundles: [trustBundles] });
        });
        expect(String(error)).toContain(
            'trustBundles: has no authority of "forge". Add the "trustBundles" of the site "b".',
        );
    });

    it.each([
        ["service", '"nobody" is not a service', { service: "nobody" }],
        ["service", "has no port and uses nobody", { service: "wiki" }],
        ["upstream", "is not on loopback", { upstream: "10.0.0.5:389" }],
        ["upstream", "is of no use", { service: "forge", upstream: "127.0.0.1:80" }],
        ["localPorts.mail", "no intention lets it use", { service: "forge", localPorts: { mail: 993 } }],
        ["localPorts.ldap", "is not a port", { service: "forge", localPorts: { ldap: 0 } }],
        ["user", "is not a user", { user: "a b" }],
        ["consulDns", "is not the address of a name server", { consulDns: "consul.example.com:8600" }],
        ["folder", "is not a folder", { folder: "etc" }],
        ["earlyRenewalHours", "whole number of hours", { earlyRenewalHours: -1 }],
        ["federation.sites[1].nodes[0].address", 'Write the site\'s "egress"', { federation: twoSites() }],
    ])("refuses %s where it %s", async (path, reason, changes) => {
        const keys = { caCertPem: pem("CERTIFICATE", "ca"), caPrivateKeyPem: pem("PRIVATE KEY", "ca") };
        const args = { federation: reachable(), service: "ldap", ...keys, trustBundles: [], ...changes };
        const { error, resources } = await deploy(() => new MutualTlsService("ldap", args));
        expect(problemsOf(error)[path]).toContain(reason);
        expect(resources).toEqual([]);
    });

    it("refuses a service whose users could not dial it", async () => {
        const federation = reachable();
        federation.services.push({ name: "ci", site: "b", nodes: ["b2"], port: 8443 });
        federation.intentions.push({ from: "ldap", to: "ci" });
        const keys = { caCertPem: pem("CERTIFICATE", "ca"), caPrivateKeyPem: pem("PRIVATE KEY", "ca") };
        const args = { federation, service: "ci", ...keys, trustBundles: [] };
        const { error } = await deploy(() => new MutualTlsService("ci", args));
        expect(problemsOf(error)["federation.sites[1].nodes[1].address"]).toContain("could be dialled");
    });

    it("states what was chosen with it", async () => {
        const federation = reachable();
        const keys = { caCertPem: pem("CERTIFICATE", "ca"), caPrivateKeyPem: pem("PRIVATE KEY", "ca") };
        const args = { federation, service: "mail", ...keys, trustBundles: [] };
        const { result } = await deploy(() => new MutualTlsService("mail", args));
        expect(await promiseOf((result as MutualTlsService).tradeOff)).toMatchObject({ authorisation: "per-pair" });
    });
});

describe("SiteAuthority", () => {
    it("has a key for each service of its site, and publishes no private one", async () => {
        const { result, error } = await deploy(() => new SiteAuthority("a", { federation: reachable(), site: "a" }));
        expect(error).toBeUndefined();
        const authority = result as SiteAuthority;
        expect(Object.keys(await promiseOf(authority.trustBundles))).toEqual(["ldap", "mail"]);
        expect(await pulumi.isSecret(authority.privateKeyPems)).toBe(true);
        expect(await pulumi.isSecret(authority.trustBundles)).toBe(false);
        expect(await pulumi.isSecret(authority.of("ldap").caPrivateKeyPem)).toBe(true);
    });

    it("has no authority for a service of another site", async () => {
        const { error } = await deploy(() =>
            new SiteAuthority("a", { federation: reachable(), site: "a" }).of("forge"),
        );
        expect(String(error)).toContain('"forge" is not a service of this authority\'s site.');
    });

    it("refuses a site that the federation does not have", async () => {
        const { error } = await deploy(() => new SiteAuthority("c", { federation: reachable(), site: "c" }));
        expect(problemsOf(error).site).toContain('"c" is not a site');
    });
});
