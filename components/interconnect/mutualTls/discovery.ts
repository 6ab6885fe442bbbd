import { type HostFile, readable } from "../../internal/hostFile.ts";
import type { Federation, FederationNode, FederationService } from "../federation.ts";

/** What on a node forwards names of the federation to Consul. */
export const DnsForwarder = {
    SystemdResolved: "systemd-resolved",
    Dnsmasq: "dnsmasq",
    Unbound: "unbound",
    /** Names are forwarded already. */
    None: "none",
} as const;
export type DnsForwarder = (typeof DnsForwarder)[keyof typeof DnsForwarder];

/** Where a node's own Consul agent answers DNS, unless it is told otherwise. */
export const CONSUL_DNS = "127.0.0.1:8600";

interface NameServer {
    host: string;
    port: string;
}

/** How often an agent looks whether the service runs on its node: so long a service that moved may be missed. */
export const CHECK_SECONDS = 5;

/**
 * A service of a Consul agent (developer.hashicorp.com, consul, "Services configuration reference"). Each node on which it may run registers it with its own
 * public address; DNS answers with those whose check passes.
 *
 * @param probe Where it answers on the node itself: `127.0.0.1:389`.
 */
export function registration(
    federation: Federation,
    { service, node, probe }: { service: FederationService; node: FederationNode; probe: string },
): string {
    const definition = {
        service: {
            id: `${federation.name}-${service.name}`,
            name: service.name,
            address: node.address,
            port: service.port,
            tags: [federation.name],
            check: { name: `${service.name} answers`, tcp: probe, interval: `${CHECK_SECONDS}s`, timeout: "2s" },
        },
    };
    return `${JSON.stringify(definition, null, 2)}\n`;
}

interface Forwarder {
    path: string;
    /** Command that makes it count. */
    apply: string;
    lines: (domain: string, server: NameServer) => string[];
}

/** Forms of developer.hashicorp.com, consul, "Enable DNS forwarding". */
const FORWARDERS: Readonly<Record<Exclude<DnsForwarder, "none">, Forwarder>> = {
    "systemd-resolved": {
        path: "/etc/systemd/resolved.conf.d/sallyport-consul.conf",
        apply: "systemctl restart systemd-resolved",
        lines: (domain, { host, port }) => [
            "[Resolve]",
            `DNS=${host.includes(":") ? `[${host}]` : host}:${port}`,
            "DNSSEC=false",
            `Domains=~${domain}`,
        ],
    },
    dnsmasq: {
        path: "/etc/dnsmasq.d/sallyport-consul.conf",
        apply: "systemctl restart dnsmasq",
        lines: (domain, { host, port }) => [`server=/${domain}/${host}#${port}`],
    },
    unbound: {
        path: "/etc/unbound/unbound.conf.d/sallyport-consul.conf",
        apply: "systemctl restart unbound",
        lines: (domain, { host, port }) => [
            "server:",
            "    do-not-query-localhost: no",
            `    domain-insecure: "${domain}"`,
            "stub-zone:",
            `    name: "${domain}"`,
            `    stub-addr: ${host}@${port}`,
        ],
    },
};

/**
 * The file that forwards the federation's domain to a Consul agent, and the command that makes it count; neither for `none`.
 *
 * @param consulDns Address and port at which the agent answers.
 */
export function forwarding(
    forwarder: DnsForwarder,
    { domain = "consul" }: Federation,
    consulDns: string,
): { files: HostFile[]; commands: string[] } {
    if (forwarder === DnsForwarder.None) return { files: [], commands: [] };
    const { path, apply, lines } = FORWARDERS[forwarder];
    const colon = consulDns.lastIndexOf(":");
    const server = { host: consulDns.slice(0, colon).replaceAll(/[[\]]/g, ""), port: consulDns.slice(colon + 1) };
    return { files: [readable(path, [...lines(domain, server), ""].join("\n"))], commands: [apply] };
}
