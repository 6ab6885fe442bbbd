import * as pulumi from "@pulumi/pulumi";
import { type HostFile, ownerOnly, ROOT, readable } from "../internal/hostFile.ts";
import { randomText } from "../internal/randomText.ts";
import { checkShape } from "../internal/shape.ts";
import { MkcertCA } from "../proxy/mkcertCA.ts";
import { MkcertCertificate } from "../proxy/mkcertCertificate.ts";
import { CertificateKeyAlgorithm } from "../proxy/mkcertProfile.ts";
import { executableProblem, memberProblem } from "../validation/index.ts";
import { agentConfig, agentSecrets, CONSUL_FOLDER, CONSUL_UNIT, SECRET_FOLDER } from "./consul/agentFiles.ts";
import { gossipKeyOf, tokenOf } from "./consul/firstSecrets.ts";
import { CONSUL_PORTS } from "./consul/ports.ts";
import { GATEWAY } from "./consul/serviceDefinitions.ts";
import { type ConsulNode, type ConsulUpstream, type PlannedNode, planSite, type SitePlan } from "./consul/sitePlan.ts";
import { siteProblems } from "./consul/siteProblems.ts";
import {
    agentUnit,
    ConsulSidecar,
    GATEWAY_FIREWALL,
    type MeshPrograms,
    proxyNames,
    proxyUnit,
    proxyUnitName,
} from "./consul/units.ts";
import { BackEnd, type TradeOff, tradeOffOf } from "./federation/tradeOffs.ts";
import type { Federation } from "./federation.ts";
import { guardRules } from "./host/firewall.ts";
import { hostPort } from "./hostPort.ts";
import { DnsForwarder, forwarding } from "./mutualTls/discovery.ts";
import type { MeshHost, NodeFiles } from "./nodeFiles.ts";

const LONGEST_DRAIN_SECONDS = 3600;

export interface ConsulMeshArgs {
    /** The sites, their services and who may use what. */
    federation: Federation;
    /** Name of the site whose cluster this is. Each owner runs their own. */
    site: string;
    /** All machines of the site, as they reach each other. */
    nodes: ConsulNode[];
    /** What runs beside services. `envoy` if omitted; Consul's own proxy knows services of its own site alone. */
    sidecar?: ConsulSidecar;
    /** Seconds that a connection lasts at most after the intention that let it in is gone, with Envoy. 10 if omitted; Consul's own proxy ends none. */
    drainSeconds?: number;
    /** What on the machines forwards the federation's domain to Consul. `systemd-resolved` if omitted. */
    forwarder?: DnsForwarder;
    /** Absolute path of `consul` on the machines. `/usr/local/bin/consul` if omitted. */
    consul?: string;
    /** Absolute path of `envoy` on the machines. `/usr/local/bin/envoy` if omitted. */
    envoy?: string;
    /** Whether an Envoy may run that this Consul was not tried with. False if omitted. */
    anyEnvoy?: boolean;
}

/**
 * One site's part of a service mesh: its Consul servers, an agent on each machine, a sidecar for each service, and mesh gateways where services of
 * other sites are used or use its own. It comes as files for the machines; {@link ConsulMeshAccess} then says inside the running cluster who may use what.
 *
 * Everything is denied that an intention does not allow, and every connection between machines is mutual TLS between services. Sites meet at their
 * gateways alone, on TCP 8443: no address of a machine inside means anything to the other site, and a site behind NAT only dials. Agents talk over mutual
 * TLS and encrypted gossip, within the site; API, DNS and sidecars listen on loopback.
 *
 * A service listens on loopback, and finds those that it uses at the loopback addresses in `upstreams`.
 *
 * @example
 * const mesh = new ConsulMesh("mesh", {
 *     federation,
 *     site: "paris",
 *     nodes: [
 *         { name: "paris-1", address: "10.0.0.1" },
 *         { name: "paris-2", address: "10.0.0.2" },
 *         { name: "paris-3", address: "10.0.0.3" },
 *     ],
 * });
 * export const hosts = mesh.hosts;
 * export const secretFiles = mesh.secretFiles;
 */
export class ConsulMesh extends pulumi.ComponentResource {
    /** Agent's configuration, authority, units of agent, sidecars and gateway, and DNS forwarding, by machine, with the command that starts them. Nothing in them is secret. */
    public readonly hosts: pulumi.Output<MeshHost[]>;
    /** Secret: key of the gossip and, on servers, the first token; each agent's key. By machine. */
    public readonly secretFiles: pulumi.Output<NodeFiles[]>;
    /** Secret: the token that may do everything, for {@link ConsulMeshAccess}'s provider. */
    public readonly managementToken: pulumi.Output<string>;
    /** Certificate of the authority of the site's agents, in PEM. */
    public readonly caCertPem: pulumi.Output<string>;
    /** Where each service finds those that it may use. */
    public readonly upstreams: pulumi.Output<ConsulUpstream[]>;
    /** What is chosen with this way of connecting sites. */
    public readonly tradeOff: pulumi.Output<TradeOff>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ConsulMeshArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("sallyport:index:ConsulMesh", name, args, opts);

        const plan = planSite(args.federation, args.site, args.nodes);
        const { gossipKey, managementToken } = secretsOf(name, this);
        const { ca, agents } = certificatesOf(name, plan, this);

        this.managementToken = managementToken;
        this.caCertPem = ca.trustBundlePem;
        this.upstreams = pulumi.output(plan.upstreams);
        this.tradeOff = pulumi.output(tradeOffOf(BackEnd.Consul));
        const dns = forwarding(
            args.forwarder ?? DnsForwarder.SystemdResolved,
            args.federation,
            hostPort("127.0.0.1", CONSUL_PORTS.dns),
        );
        this.hosts = pulumi
            .all([ca.trustBundlePem, pulumi.all(agents.map(({ chainPem }) => chainPem))])
            .apply(([caPem, chains]) =>
                plan.nodes.map((node, index) => ({
                    node: node.name,
                    files: [
                        ...publicFiles(plan, node, programsOf(args), { caPem, agentPem: chains[index] ?? "" }),
                        ...dns.files,
                    ],
                    start: [...startCommands(node), ...dns.commands].join(" && "),
                })),
            );
        this.secretFiles = pulumi
            .all([gossipKey, managementToken, pulumi.all(agents.map(({ privateKeyPem }) => privateKeyPem))])
            .apply(([gossip, management, keys]) =>
                plan.nodes.map((node, index) => ({
                    node: node.name,
                    files: [
                        ownerOnly(`${SECRET_FOLDER}/agent.json`, ROOT, agentSecrets(node, gossip, management)),
                        ownerOnly(`${SECRET_FOLDER}/agent-key.pem`, ROOT, keys[index] ?? ""),
                    ],
                })),
            );
        this.registerOutputs({
            hosts: this.hosts,
            secretFiles: this.secretFiles,
            managementToken: this.managementToken,
            caCertPem: this.caCertPem,
            upstreams: this.upstreams,
            tradeOff: this.tradeOff,
        });
    }
}

function secretsOf(name: string, parent: pulumi.Resource) {
    return {
        gossipKey: randomText(`${name}-gossip`, 1, parent).apply(gossipKeyOf),
        managementToken: randomText(`${name}-management`, 1, parent).apply(tokenOf),
    };
}

/**
 * The authority of the site's agents, and a certificate for each: only those of servers bear the name by which agents know one. Consul's own way of handing
 * out certificates, `auto_encrypt`, does not take IPv6 addresses of servers (1.20.1).
 */
function certificatesOf(name: string, { site, domain, nodes }: SitePlan, parent: pulumi.Resource) {
    const algorithm = CertificateKeyAlgorithm.Ecdsa;
    const ca = new MkcertCA(
        `${name}-ca`,
        { algorithm, commonName: `Consul agents of ${site}`, permitted: { dnsDomains: [`${site}.${domain}`] } },
        { parent },
    );
    const agents = nodes.map((node) => {
        const { chainPem, privateKeyPem } = new MkcertCertificate(
            `${name}-agent-${node.name}`,
            {
                caCertPem: ca.certPem,
                caPrivateKeyPem: ca.privateKeyPem,
                dnsNames: [`${node.isServer ? "server" : "client"}.${site}.${domain}`],
                clientAuth: true,
                algorithm,
            },
            { parent },
        );
        return { chainPem, privateKeyPem };
    });
    return { ca, agents };
}

function publicFiles(
    plan: SitePlan,
    node: PlannedNode,
    programs: MeshPrograms,
    { caPem, agentPem }: { caPem: string; agentPem: string },
): HostFile[] {
    const unit = (unitName: string, content: string) => readable(`/etc/systemd/system/${unitName}.service`, content);
    return [
        readable(`${CONSUL_FOLDER}/agent.json`, agentConfig(plan, node)),
        readable(`${CONSUL_FOLDER}/ca.pem`, caPem),
        readable(`${CONSUL_FOLDER}/agent.pem`, agentPem),
        ...(node.gatewayAddress === undefined ? [] : [readable(GATEWAY_FIREWALL, gatewayRules(plan))]),
        unit(CONSUL_UNIT, agentUnit(node, programs)),
        ...proxyNames(node).map((proxy) => {
            const ports = plan.upstreams.filter(({ from }) => from === proxy).map(({ port }) => port);
            return unit(proxyUnitName(proxy), proxyUnit(proxy, ports, programs));
        }),
    ];
}

function gatewayRules({ gatewaySources: sources }: SitePlan): string {
    return guardRules({ name: GATEWAY, port: CONSUL_PORTS.gateway, sources }, undefined);
}

function startCommands(node: PlannedNode): string[] {
    const units = [CONSUL_UNIT, ...proxyNames(node).map(proxyUnitName)].join(" ");
    return ["systemctl daemon-reload", `systemctl enable ${units}`, `systemctl restart ${units}`];
}

function programsOf(args: ConsulMeshArgs): MeshPrograms {
    return {
        consul: args.consul ?? "/usr/local/bin/consul",
        envoy: args.envoy ?? "/usr/local/bin/envoy",
        sidecar: args.sidecar ?? ConsulSidecar.Envoy,
        drainSeconds: args.drainSeconds ?? 10,
        anyEnvoy: args.anyEnvoy ?? false,
    };
}

function checkArgs(name: string, args: ConsulMeshArgs): void {
    const problems = checkShape("ConsulMesh", name, args);
    problems.addAll(siteProblems(args.federation, args.site, args.nodes));
    problems.check("sidecar", args.sidecar, (value) => memberProblem(value, Object.values(ConsulSidecar)));
    problems.check("forwarder", args.forwarder, (value) => memberProblem(value, Object.values(DnsForwarder)));
    problems.check("drainSeconds", args.drainSeconds, drainProblem);
    problems.check("consul", args.consul, executableProblem);
    problems.check("envoy", args.envoy, executableProblem);
    if (problems.isEmpty && args.sidecar === ConsulSidecar.BuiltIn) {
        const { peers } = planSite(args.federation, args.site, args.nodes);
        const others = peers.map(({ site }) => site).join(", ");
        if (others !== "") {
            problems.add(
                "sidecar",
                `"built-in" does not speak with services of other sites, and intentions name some of ${others}. Leave it out, or write "envoy".`,
            );
        }
    }
    problems.throwIfAny("ConsulMesh", name);
}

function drainProblem(seconds: number): string | undefined {
    if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_DRAIN_SECONDS) return undefined;
    return `${seconds} is no number of seconds for a connection to end. Write a whole number from 1 to ${LONGEST_DRAIN_SECONDS}.`;
}
