/** Ways of connecting a federation's sites. */
export const BackEnd = {
    /** Mutual TLS between services, found by Consul's DNS ({@link MutualTlsService}). */
    MutualTls: "mutual-tls",
    /** Consul's service mesh ({@link ConsulMesh}). */
    Consul: "consul",
    /** A WireGuard network between nodes ({@link WireGuardMesh}). */
    WireGuard: "wireguard",
    /** A tunnel with Access for each pair ({@link TunnelLink}). */
    TunnelLink: "tunnel-link",
} as const;
export type BackEnd = (typeof BackEnd)[keyof typeof BackEnd];

/** What a permission is given to. */
export const Authorisation = {
    /** Each service proves who it is, and each pair of services is let through or refused. */
    PerPair: "per-pair",
    /** Nodes are recognised by their addresses, as in a network of one's own: whatever runs on a node has what the node has. */
    LanLike: "lan-like",
} as const;
export type Authorisation = (typeof Authorisation)[keyof typeof Authorisation];

/** A port that a way of connecting needs open to the federation's peers. */
export interface InboundNeed {
    /** `tcp` or `udp`. */
    transport: string;
    /** Its number; 0 for that of each service that is used. */
    port: number;
    /** Where it is open, and to whom. */
    where: string;
}

/** What is chosen with a way of connecting. */
export interface TradeOff {
    backEnd: BackEnd;
    authorisation: Authorisation;
    /** By what a peer is recognised, and how fine a permission can be. */
    granularity: string;
    /** Ports that it needs open. None means that nothing listens. */
    inbound: InboundNeed[];
    /** What becomes of sites behind NAT. */
    nat: string;
    /** Who has to trust whom. */
    trust: string;
    /** What it costs to run. */
    cost: string;
}

const TRADE_OFFS: Readonly<Record<BackEnd, Omit<TradeOff, "backEnd">>> = {
    [BackEnd.MutualTls]: {
        authorisation: Authorisation.PerPair,
        granularity: "client certificate of a service, and the addresses of its nodes",
        inbound: [
            {
                transport: "tcp",
                port: 0,
                where: "nodes of services that are used, to the nodes of those that use them",
            },
            { transport: "udp", port: 8600, where: "Consul's DNS, to sites without a Consul of their own" },
        ],
        nat: "may use others from behind NAT; to be used, a node needs an address",
        trust: "each site has an authority for each of its services, good for that service alone; sites exchange their certificates",
        cost: "a proxy for each service without TLS of its own, certificates to renew, Consul for names",
    },
    [BackEnd.Consul]: {
        authorisation: Authorisation.PerPair,
        granularity: "certificate of a service in the mesh, by intentions",
        inbound: [{ transport: "tcp", port: 8443, where: "mesh gateways, to those of the peered sites" }],
        nat: "one mesh gateway with an address on each side that is dialled; nodes need none",
        trust: "each site's servers certify its services; peered sites exchange their authorities",
        cost: "three Consul servers a site, an agent a node and a sidecar a service",
    },
    [BackEnd.WireGuard]: {
        authorisation: Authorisation.LanLike,
        granularity: "key of a node, and port; services of one node are not told apart",
        inbound: [{ transport: "udp", port: 51820, where: "nodes with an address, to the federation's nodes" }],
        nat: "fits: nodes without an address dial, and a relay joins those that cannot meet",
        trust: "each node knows the public keys of its peers; nobody certifies anybody",
        cost: "an interface a node, in the kernel; nothing runs per service",
    },
    [BackEnd.TunnelLink]: {
        authorisation: Authorisation.PerPair,
        granularity: "service token of a pair, checked by Access and again by the connector",
        inbound: [],
        nat: "no concern: both sides dial out",
        trust: "both sites trust Cloudflare, which sees what passes unless the service itself speaks TLS",
        cost: "a host name, a token and a connector a pair; traffic goes by way of Cloudflare",
    },
};

/** What is chosen with a way of connecting: components give it as output, and the documentation's table is held to it. */
export function tradeOffOf(backEnd: BackEnd): TradeOff {
    return { backEnd, ...TRADE_OFFS[backEnd] };
}
