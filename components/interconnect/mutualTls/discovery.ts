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

/** Where a Consul agent answers DNS, unless it is told otherwise. */
const CONSUL_DNS = { host: "127.0.0.1", port: 8600 } as const;

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
    lines: (domain: string) => string[];
}

/** Forms of developer.hashicorp.com, consul, "Enable DNS forwarding". */
const FORWARDERS: Readonly<Record<Exclude<DnsForwarder, "none">, Forwarder>> = {
    "systemd-resolved": {
        path: "/etc/systemd/resolved.conf.d/sallyport-consul.conf",
        apply: "systemctl restart systemd-resolved",
        lines: (domain) => [
            "[Resolve]",
            `DNS=${CONSUL_DNS.host}:${CONSUL_DNS.port}`,
            "DNSSEC=false",
            `Domains=~${domain}`,
        ],
    },
    dnsmasq: {
        path: "/etc/dnsmasq.d/sallyport-consul.conf",
        apply: "systemctl restart dnsmasq",
        lines: (domain) => [`server=/${domain}/${CONSUL_DNS.host}#${CONSUL_DNS.port}`],
    },
    unbound: {
        path: "/etc/unbound/unbound.conf.d/sallyport-consul.conf",
        apply: "systemctl restart unbound",
        lines: (domain) => [
            "server:",
            "    do-not-query-localhost: no",
            `    domain-insecure: "${domain}"`,
            "stub-zone:",
            `    name: "${domain}"`,
            `    stub-addr: ${CONSUL_DNS.host}@${CONSUL_DNS.port}`,
        ],
    },
};

/** The file that forwards the federation's domain to the node's own Consul agent, and the command that makes it count; neither for `none`. */
export function forwarding(
    forwarder: DnsForwarder,
    { domain = "consul" }: Federation,
): { files: HostFile[]; commands: string[] } {
    if (forwarder === DnsForwarder.None) return { files: [], commands: [] };
    const { path, apply, lines } = FORWARDERS[forwarder];
    return { files: [readable(path, [...lines(domain), ""].join("\n"))], commands: [apply] };
}
