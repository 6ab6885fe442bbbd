import * as pulumi from "@pulumi/pulumi";
import { type HostFile, ownerOnly, readable } from "../internal/hostFile.ts";
import { lateProblems, plain } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import { NONROOT } from "../internal/swarm.ts";
import { MkcertCertificate } from "../proxy/mkcertCertificate.ts";
import { CertificateKeyAlgorithm, renewalProblem } from "../proxy/mkcertProfile.ts";
import {
    certificateProblem,
    dockerNameProblem,
    executableProblem,
    folderProblem,
    ipAddressProblem,
    memberProblem,
    portProblem,
    privateKeyProblem,
} from "../validation/index.ts";
import { federationNodes } from "./federation/intentions.ts";
import { BackEnd, type TradeOff, tradeOffOf } from "./federation/tradeOffs.ts";
import type { Federation } from "./federation.ts";
import { userProblem } from "./host/user.ts";
import { CONSUL_DNS, DnsForwarder } from "./mutualTls/discovery.ts";
import {
    type CertificateFiles,
    keyFileOf,
    type ServiceHost,
    type ServicePlan,
    serviceHostFiles,
} from "./mutualTls/hostFiles.ts";
import { serviceNames } from "./mutualTls/identity.ts";
import { partProblems, pathsOf } from "./mutualTls/validation.ts";

export interface MutualTlsServiceArgs {
    /** The federation. */
    federation: Federation;
    /** Name of the service in it. */
    service: string;
    /** Certificate of the service's authority, in PEM ({@link SiteAuthority}). */
    caCertPem: pulumi.Input<string>;
    /** Its private key, in PEM. */
    caPrivateKeyPem: pulumi.Input<string>;
    /** What the sites publish for each other, in any order: `trustBundles` of each {@link SiteAuthority} whose services it uses or is used by. */
    trustBundles: pulumi.Input<Record<string, string>>[];
    /** Where the service listens in clear, on the node's loopback: `127.0.0.1:389`. It speaks mutual TLS itself, on its port of the federation, if omitted. */
    upstream?: string;
    /** Ports of loopback that lead to services it uses, by their name, for a program without a certificate. It dials them itself if omitted. */
    localPorts?: Record<string, number>;
    /** User of the node, by name or number, who alone may use `localPorts`. Every program of the node if omitted. */
    user?: string;
    /** What on its nodes forwards names to Consul. `systemd-resolved` if omitted. */
    forwarder?: DnsForwarder;
    /** Address and port at which a Consul agent answers DNS, IPv6 in brackets. The node's own, `127.0.0.1:8600`, if omitted. */
    consulDns?: string;
    /** Absolute path of `traefik` on the nodes, v3.6 or later. `/usr/local/bin/traefik` if omitted. */
    executable?: string;
    /** Folder of the nodes for the files. `/etc/sallyport/<name>` if omitted. */
    folder?: string;
    /** Hours before its end at which the next deployment makes a new certificate. 720, which is 30 days, if omitted. */
    earlyRenewalHours?: number;
}

/**
 * A service of a federation over mutual TLS, found by Consul's DNS, as files for the nodes on which it may run.
 *
 * Both sides prove who they are: a server admits the authorities of those services that an intention lets in, each of which certifies one service. A firewall
 * lets none but their nodes reach the port. For a program without TLS, Traefik on its own node takes its part, so that nothing in clear leaves the machine.
 *
 * A removed intention counts once `start` ran on the service's nodes: new connections are refused at once, open ones end within five seconds.
 * A renewed certificate counts from the next connection on, once `renew` ran, and ends none.
 *
 * @example
 * const a = new SiteAuthority("a", { federation, site: "a" });
 * const ldap = new MutualTlsService("ldap", {
 *     federation,
 *     service: "ldap",
 *     ...a.of("ldap"),
 *     trustBundles: [a.trustBundles, trustBundlesOfB],
 *     upstream: "127.0.0.1:389",
 * });
 * export const hosts = ldap.hosts;
 * export const secretFiles = ldap.secretFiles;
 */
export class MutualTlsService extends pulumi.ComponentResource {
    /** By node: files, and the commands that make them count. Nothing in them is secret. */
    public readonly hosts: pulumi.Output<ServiceHost[]>;
    /** Secret: the private key, for each of the nodes; only the proxy's user may read it. */
    public readonly secretFiles: pulumi.Output<HostFile[]>;
    /** Certificate and authority, in PEM, for a service that speaks TLS itself. */
    public readonly chainPem: pulumi.Output<string>;
    /** When the certificate ends, in RFC 3339. */
    public readonly expiresAt: pulumi.Output<string>;
    /** What was chosen with this way of connecting. */
    public readonly tradeOff: pulumi.Output<TradeOff>;

    /**
     * @param name Name of the component, of its unit and of the files' folder.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered. An authority that no bundle has is told once
     *     they are known, by the path `trustBundles`.
     */
    constructor(name: string, args: MutualTlsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        const caPrivateKeyPem = pulumi.secret(args.caPrivateKeyPem);
        // Arguments of a component are kept in the state: the key enters them as a secret.
        super("sallyport:index:MutualTlsService", name, { ...args, caPrivateKeyPem }, opts);

        const plan = planOf(name, args);
        const leaf = new MkcertCertificate(
            `${name}-certificate`,
            {
                caCertPem: args.caCertPem,
                caPrivateKeyPem,
                ...serviceNames(args.federation, plan.service),
                clientAuth: true,
                algorithm: CertificateKeyAlgorithm.Ecdsa,
                ...(args.earlyRenewalHours === undefined ? {} : { earlyRenewalHours: args.earlyRenewalHours }),
            },
            { parent: this },
        );
        const nodes = federationNodes(args.federation).filter((node) => plan.service.nodes.includes(node.name));

        this.hosts = pulumi
            .all([leaf.chainPem, args.caCertPem, pulumi.all(args.trustBundles)])
            .apply(([chainPem, authorityPem, bundles]) => {
                const files = certificateFiles(plan, { chainPem, authorityPem, bundles });
                return nodes.map((node) => serviceHostFiles(plan, node, files));
            });
        this.secretFiles = leaf.privateKeyPem.apply((key) => [
            ownerOnly(keyFileOf(plan), `${NONROOT}:${NONROOT}`, key),
        ]);
        this.chainPem = leaf.chainPem;
        this.expiresAt = leaf.expiresAt;
        this.tradeOff = pulumi.output(tradeOffOf(BackEnd.MutualTls));
        this.registerOutputs({
            hosts: this.hosts,
            secretFiles: this.secretFiles,
            chainPem: this.chainPem,
            expiresAt: this.expiresAt,
            tradeOff: this.tradeOff,
        });
    }
}

function planOf(name: string, args: MutualTlsServiceArgs): ServicePlan {
    const { federation, service, upstream, localPorts = {}, user } = args;
    return {
        name,
        folder: args.folder ?? `/etc/sallyport/${name}`,
        federation,
        ...pathsOf(federation, service),
        upstream,
        localPorts,
        user,
        executable: args.executable ?? "/usr/local/bin/traefik",
        forwarder: args.forwarder ?? DnsForwarder.SystemdResolved,
        consulDns: args.consulDns ?? CONSUL_DNS,
    };
}

interface Pems {
    chainPem: string;
    authorityPem: string;
    bundles: Record<string, string>[];
}

/** @throws pulumi.InputPropertiesError with every service whose authority no bundle has. */
function certificateFiles(plan: ServicePlan, { chainPem, authorityPem, bundles }: Pems): CertificateFiles {
    const { name, folder, incoming, outgoing } = plan;
    const trusted: Record<string, string> = Object.assign({}, ...bundles);
    const missing = [...incoming.map(({ from }) => from), ...outgoing.map(({ to }) => to)].filter(
        (peer) => trusted[peer.name] === undefined,
    );
    if (missing.length > 0) {
        throw lateProblems(
            "MutualTlsService",
            name,
            missing.map((peer) => ({
                path: "trustBundles",
                reason: `has no authority of ${JSON.stringify(peer.name)}. Add the "trustBundles" of the site ${JSON.stringify(peer.site)}.`,
            })),
        );
    }
    const bundleOf = (peer: string) => trusted[peer] ?? "";
    return {
        certificate: readable(`${folder}/certificate.pem`, chainPem),
        authority: readable(`${folder}/authority.pem`, authorityPem),
        clients: readable(`${folder}/clients.pem`, incoming.map(({ from }) => bundleOf(from.name)).join("")),
        servers: Object.fromEntries(
            outgoing.map(({ to }) => [to.name, readable(`${folder}/server-${to.name}.pem`, bundleOf(to.name))]),
        ),
    };
}

function checkArgs(name: string, args: MutualTlsServiceArgs): void {
    const problems = checkShape("MutualTlsService", name, args);
    problems.add("name", dockerNameProblem(name));
    problems.addAll(partProblems(args));
    problems.check("caCertPem", args.caCertPem, certificateProblem);
    problems.check("caPrivateKeyPem", args.caPrivateKeyPem, privateKeyProblem);
    for (const [index, bundle] of args.trustBundles.entries()) {
        for (const [service, pem] of Object.entries(plain(bundle) ?? {})) {
            problems.check(`trustBundles[${index}].${service}`, pem, certificateProblem);
        }
    }
    problems.check("user", args.user, userProblem);
    problems.check("forwarder", args.forwarder, (kind) => memberProblem(kind, Object.values(DnsForwarder)));
    problems.check("consulDns", args.consulDns, nameServerProblem);
    problems.check("executable", args.executable, executableProblem);
    problems.check("folder", args.folder, folderProblem);
    problems.check("earlyRenewalHours", args.earlyRenewalHours, renewalProblem);
    problems.throwIfAny("MutualTlsService", name);
}

function nameServerProblem(server: string): string | undefined {
    const [, host = "", port = ""] = /^(?:\[([^\]]+)\]|[0-9.]+):([^:]*)$/.exec(server) ?? [];
    const address = host === "" ? server.slice(0, Math.max(server.lastIndexOf(":"), 0)) : host;
    if (ipAddressProblem(address) === undefined && portProblem(port) === undefined) return undefined;
    return `${JSON.stringify(server)} is not the address of a name server. Write address and port, such as "[2001:db8:a::53]:8600".`;
}
