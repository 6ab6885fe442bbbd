import { type HostFile, readable } from "../../internal/hostFile.ts";
import { toYaml } from "../../internal/yaml.ts";
import { normaliseIpRange } from "../../validation/index.ts";
import type { PermittedPath } from "../federation/intentions.ts";
import { sourcesOf } from "../federation/sources.ts";
import type { Federation, FederationNode, FederationService } from "../federation.ts";
import { guardRules } from "../host/firewall.ts";
import { firewallUnit, proxyUnit } from "../host/units.ts";
import { hostPort } from "../hostPort.ts";
import type { MeshHost } from "../nodeFiles.ts";
import { checkScript } from "./checkScript.ts";
import { type DnsForwarder, forwarding, registration } from "./discovery.ts";
import { serviceHost, serviceNames } from "./identity.ts";
import { type ProxyDuties, proxyDynamic, proxyStatic } from "./proxyConfiguration.ts";

/** What the files of a service are made from, but for certificates. */
export interface ServicePlan {
    name: string;
    folder: string;
    federation: Federation;
    service: FederationService;
    incoming: readonly PermittedPath[];
    outgoing: readonly PermittedPath[];
    upstream: string | undefined;
    localPorts: Readonly<Record<string, number>>;
    user: string | undefined;
    executable: string;
    forwarder: DnsForwarder;
    consulDns: string;
}

/** What one machine gets for a service. Nothing in it is secret; `start` ends connections that are no longer let through. */
export interface ServiceHost extends MeshHost {
    /** Command to run after a certificate was renewed, instead of `start`: connections stay open. */
    renew: string;
    /** Command that exits 1 and says why where firewall or certificate are not as they should be. */
    check: string;
}

/** Certificates, each in the file that is named for it. */
export interface CertificateFiles {
    certificate: HostFile;
    authority: HostFile;
    /** Authorities of those who may use the service. */
    clients: HostFile;
    /** Authorities of those that it uses, by service. */
    servers: Readonly<Record<string, HostFile>>;
}

export function keyFileOf({ folder }: Pick<ServicePlan, "folder">): string {
    return `${folder}/key.pem`;
}

/** The files of one node on which the service may run. */
export function serviceHostFiles(plan: ServicePlan, node: FederationNode, certificates: CertificateFiles): ServiceHost {
    const { name, folder, federation, service } = plan;
    const duties = dutiesOn(plan, node, certificates);
    const hasProxy = duties.serves !== undefined || duties.uses.length > 0;
    const firewallFile = `${folder}/firewall.nft`;
    const checkFile = `${folder}/check.sh`;
    const unitName = `sallyport-${name}.service`;
    const isUsed = service.port !== undefined && node.address !== undefined;
    const dns =
        plan.outgoing.length === 0
            ? { files: [], commands: [] }
            : forwarding(plan.forwarder, federation, plan.consulDns);
    const loopback =
        plan.user === undefined ? undefined : { user: plan.user, ports: duties.uses.map(({ localPort }) => localPort) };
    const rules = guardRules({ name, port: service.port ?? 0, sources: admitted(plan) }, loopback);
    const description = `${service.name} in the federation ${federation.name}`;
    const checked = {
        name,
        firewallFile,
        certFile: certificates.certificate.path,
        keyFile: keyFileOf(plan),
        authorityFile: certificates.authority.path,
    };
    const unit = hasProxy
        ? proxyUnit({
              description,
              folder,
              executable: plan.executable,
              staticFile: staticFileOf(plan),
              firewallFile,
              ports: portsOf(plan, duties),
              peers: peersOf(plan),
          })
        : firewallUnit({ description, firewallFile });
    const proxyFiles = hasProxy
        ? [
              readable(staticFileOf(plan), toYaml(proxyStatic(duties))),
              readable(duties.dynamicFile, toYaml(proxyDynamic(duties))),
          ]
        : [];
    const registrations = isUsed
        ? [
              readable(
                  `/etc/consul.d/sallyport-${name}.json`,
                  registration(federation, { service, node, probe: probeOf(plan, node) }),
              ),
          ]
        : [];
    return {
        node: node.name,
        files: [
            readable(`/etc/systemd/system/${unitName}`, unit),
            readable(firewallFile, rules),
            readable(checkFile, checkScript(checked)),
            certificates.certificate,
            certificates.authority,
            ...(plan.incoming.length > 0 ? [certificates.clients] : []),
            ...Object.values(certificates.servers),
            ...proxyFiles,
            ...registrations,
            ...dns.files,
        ],
        start: [
            `nft -f ${firewallFile}`,
            "systemctl daemon-reload",
            `systemctl enable ${unitName}`,
            `systemctl restart ${unitName}`,
            ...(isUsed ? ["consul reload"] : []),
            ...dns.commands,
        ].join(" && "),
        renew: hasProxy ? `systemctl reload ${unitName}` : "true",
        check: `sh ${checkFile}`,
    };
}

function staticFileOf({ folder }: ServicePlan): string {
    return `${folder}/traefik.yml`;
}

function dutiesOn(plan: ServicePlan, node: FederationNode, certificates: CertificateFiles): ProxyDuties {
    const { folder, federation, service, upstream, incoming, outgoing, localPorts } = plan;
    const uses = outgoing.flatMap(({ to, port }) => {
        const localPort = localPorts[to.name];
        const caFile = certificates.servers[to.name]?.path;
        if (localPort === undefined || caFile === undefined) return [];
        const serverName = serviceHost(federation, to);
        return [{ service: to.name, localPort, address: `${serverName}:${port}`, serverName, caFile }];
    });
    return {
        certFile: certificates.certificate.path,
        keyFile: keyFileOf(plan),
        dynamicFile: `${folder}/dynamic.yml`,
        ...(upstream === undefined || incoming.length === 0
            ? {}
            : {
                  serves: {
                      listen: listenAddress(federation, node, service),
                      hosts: serviceNames(federation, service).dnsNames,
                      upstream,
                      clientCaFile: certificates.clients.path,
                  },
              }),
        uses,
    };
}

/** Behind NAT the node's public address is its router's; the firewall guards whatever address a packet comes to. */
function listenAddress(federation: Federation, node: FederationNode, { port }: FederationService): string {
    const isBehindNat = federation.sites.find(({ name }) => name === node.site)?.nat === true;
    return isBehindNat || node.address === undefined ? `:${port}` : hostPort(node.address, port);
}

function probeOf({ upstream, service }: ServicePlan, { address = "" }: FederationNode): string {
    return upstream ?? hostPort(address, service.port);
}

function admitted({ federation, incoming }: ServicePlan): string[] {
    return incoming.flatMap(({ fromNodes }) => fromNodes.flatMap((node) => sourcesOf(federation, node)));
}

function peersOf(plan: ServicePlan): string[] {
    const dialled = plan.outgoing.flatMap(({ toNodes }) => toNodes.flatMap(({ address }) => address ?? []));
    return [...admitted(plan), ...dialled.map(normaliseIpRange)];
}

function portsOf({ service }: ServicePlan, { serves, uses }: ProxyDuties): number[] {
    return [
        ...(serves === undefined || service.port === undefined ? [] : [service.port]),
        ...uses.map(({ localPort }) => localPort),
    ];
}
