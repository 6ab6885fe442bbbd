/** What a service speaks. */
export const FederationProtocol = {
    /** Any protocol over TCP. */
    Tcp: "tcp",
    /** HTTP, which a back end may treat request by request. */
    Http: "http",
} as const;
export type FederationProtocol = (typeof FederationProtocol)[keyof typeof FederationProtocol];

/**
 * Infrastructures of several owners that use each other's services, as plain data: the same description compiles to each way of connecting
 * them ({@link MutualTlsService}, {@link WireGuardMesh}, {@link ConsulMesh}, {@link TunnelLink}).
 *
 * Denied by default: whatever no intention names is refused.
 */
export interface Federation {
    /** Name of the federation: lower-case letters, digits and inner `-`. */
    name: string;
    /** Domain under which Consul's DNS answers. `consul` if omitted, as in Consul. */
    domain?: string;
    /** Infrastructures that take part. At least one. */
    sites: FederationSite[];
    /** What uses and what is used. Names are one namespace for the whole federation. */
    services: FederationService[];
    /** Who may use what; nothing else is let through. Without an element nothing is. */
    intentions: Intention[];
}

/** One owner's infrastructure. */
export interface FederationSite {
    /** Name: lower-case letters, digits and inner `-`. */
    name: string;
    /** Person or organisation that answers for it, as others know them. */
    owner: string;
    /** Whether its nodes are behind NAT, so that others cannot dial those without an address. False if omitted. */
    nat?: boolean;
    /** Public IPv6 prefix of the site, in CIDR form, in which its nodes' IPv6 addresses lie. Unknown if omitted. */
    ipv6Prefix?: string;
    /** Public addresses or CIDR ranges from which its nodes without an address of their own come: those of its NAT. Unknown if omitted. */
    egress?: string[];
    /** Its machines. At least one. Names are one namespace for the whole federation. */
    nodes: SiteNode[];
}

/** A machine. */
export interface SiteNode {
    /** Name: lower-case letters, digits and inner `-`. */
    name: string;
    /** Public address at which others reach it, IPv6 where there is one. None if omitted: behind NAT without a forwarded port, or roaming. */
    address?: string;
    /** Whether it changes its place, as a laptop does, so that nobody can know its address. False if omitted. */
    roaming?: boolean;
    /** Whether it forwards between nodes that cannot meet. False if omitted; it needs an address. */
    relay?: boolean;
}

/** Something that uses others or is used. */
export interface FederationService {
    /** Name: lower-case letters, digits and inner `-`. */
    name: string;
    /** Name of the site that it belongs to. */
    site: string;
    /** Names of the nodes of that site on which it may run: it moves among them without a change here. At least one. */
    nodes: string[];
    /** Port on which it listens. None if omitted: it only uses others. */
    port?: number;
    /** What it speaks. `tcp` if omitted. */
    protocol?: FederationProtocol;
}

/** Lets one service use another: `web → ldap:636`. */
export interface Intention {
    /** Name of the service that uses. */
    from: string;
    /** Name of the service that is used. */
    to: string;
    /** Port of the latter, where the intention is to be void as soon as it listens on another one. Whatever port it has if omitted. */
    port?: number;
}

/** A machine and the site that it belongs to. */
export interface FederationNode extends SiteNode {
    site: string;
}
