/** Ports of Consul (developer.hashicorp.com/consul/docs/install/ports); all but the gateway's stay within the site or on loopback. */
export const CONSUL_PORTS = {
    /** DNS, on loopback. */
    dns: 8600,
    /** HTTP API, on loopback. */
    http: 8500,
    /** xDS for the sidecars of the machine, on loopback. */
    grpc: 8502,
    /** gRPC over TLS of servers: peering, which reaches them by way of their site's gateway. */
    grpcTls: 8503,
    /** RPC between agents and servers, over mutual TLS. */
    server: 8300,
    /** Gossip within the site, encrypted, over TCP and UDP. */
    gossip: 8301,
    /** Sidecars, within the site. */
    sidecars: { first: 21_000, count: 256 },
    /** Mesh gateways: the one port that the other sites reach. */
    gateway: 8443,
} as const;
