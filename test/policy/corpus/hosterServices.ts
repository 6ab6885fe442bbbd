import type { Specimen } from "./specimen.ts";

const balancer = "no-public-load-balancer";
const endpoint = "no-public-endpoint";
const guarded = "public-machine-has-firewall";

/** Load balancers, machines and managed services of the smaller clouds. */
export const hosterServices: readonly Specimen[] = [
    {
        what: "Hetzner: a server that nobody put a firewall before",
        type: "hcloud:index/server:Server",
        rule: guarded,
        props: { serverType: "cax11", image: "debian-12" },
        safe: [
            { what: "with a firewall", set: { firewallIds: [4711] } },
            { what: "with no public address", set: { publicNets: [{ ipv4Enabled: false, ipv6Enabled: false }] } },
        ],
    },
    {
        what: "Hetzner: a server whose IPv6 address was forgotten",
        type: "hcloud:index/server:Server",
        rule: guarded,
        props: { serverType: "cax11", publicNets: [{ ipv4Enabled: false }] },
        safe: [{ what: "with none", set: { "publicNets.0.ipv6Enabled": false } }],
    },
    {
        what: "Hetzner: a load balancer",
        type: "hcloud:index/loadBalancer:LoadBalancer",
        rule: guarded,
        props: { loadBalancerType: "lb11", location: "nbg1" },
        safe: [],
    },
    {
        what: "DigitalOcean: a droplet that nobody put a firewall before",
        type: "digitalocean:index/droplet:Droplet",
        rule: guarded,
        props: { image: "debian-12-x64", size: "s-1vcpu-1gb", region: "fra1", tags: ["web"] },
        safe: [{ what: "with no public address", set: { publicNetworking: false } }],
    },
    {
        what: "DigitalOcean: a load balancer",
        type: "digitalocean:index/loadBalancer:LoadBalancer",
        rule: balancer,
        props: {
            region: "fra1",
            forwardingRules: [{ entryPort: 443, entryProtocol: "https", targetPort: 80, targetProtocol: "http" }],
        },
        safe: [{ what: "inside", set: { network: "INTERNAL" } }],
    },
    {
        what: "DigitalOcean: a database for an address outside",
        type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
        rule: endpoint,
        props: { clusterId: "c", rules: [{ type: "ip_addr", value: "203.0.113.4" }] },
        safe: [
            { what: "for a droplet", set: { "rules.0.type": "droplet", "rules.0.value": "1234" } },
            { what: "for a private address", set: { "rules.0.value": "10.10.0.4" } },
        ],
    },
    {
        what: "Linode: an instance that nobody put a firewall before",
        type: "linode:index/instance:Instance",
        rule: guarded,
        props: { region: "eu-central", type: "g6-nanode-1" },
        safe: [
            { what: "with a firewall", set: { firewallId: 4711 } },
            { what: "on a private network alone", set: { interfaces: [{ purpose: "vpc", subnetId: 1 }] } },
        ],
    },
    {
        what: "Linode: a NodeBalancer",
        type: "linode:index/nodeBalancer:NodeBalancer",
        rule: guarded,
        props: { region: "eu-central" },
        safe: [{ what: "with a firewall", set: { firewallId: 4711 } }],
    },
    {
        what: "Linode: a database for everybody",
        type: "linode:index/databaseAccessControls:DatabaseAccessControls",
        rule: endpoint,
        props: { databaseId: 1, databaseType: "postgresql", allowLists: ["0.0.0.0/0"] },
        safe: [{ what: "for private addresses", set: { allowLists: ["192.168.128.0/17"] } }],
    },
    {
        what: "Linode: a database with its own list",
        type: "linode:index/databasePostgresqlV2:DatabasePostgresqlV2",
        rule: endpoint,
        props: { engineId: "postgresql/16", label: "db", allowLists: ["10.0.0.5/32", "203.0.113.5/32"] },
        safe: [{ what: "that is empty", set: { allowLists: [] } }],
    },
    {
        what: "Vultr: an instance that nobody put a firewall before",
        type: "vultr:index/instance:Instance",
        rule: guarded,
        props: { plan: "vc2-1c-1gb", region: "fra", osId: 2136 },
        safe: [{ what: "with a firewall", set: { firewallGroupId: "g" } }],
    },
    {
        what: "Vultr: a load balancer without rules",
        type: "vultr:index/loadBalancer:LoadBalancer",
        rule: balancer,
        props: {
            region: "fra",
            forwardingRules: [{ frontendPort: 80, frontendProtocol: "http", backendPort: 80, backendProtocol: "http" }],
        },
        safe: [
            {
                what: "for private addresses",
                set: { firewallRules: [{ ipType: "v4", port: 80, source: "10.0.0.0/8" }] },
            },
        ],
    },
    {
        what: "Vultr: a load balancer for Cloudflare's own addresses",
        type: "vultr:index/loadBalancer:LoadBalancer",
        rule: balancer,
        props: {
            region: "fra",
            forwardingRules: [],
            firewallRules: [{ ipType: "v4", port: 443, source: "cloudflare" }],
        },
        safe: [{ what: "for private addresses", set: { "firewallRules.0.source": "10.1.0.0/16" } }],
    },
    {
        what: "Scaleway: a server with a dynamic address",
        type: "scaleway:instance/server:Server",
        rule: guarded,
        props: { type: "DEV1-S", image: "debian_bookworm", enableDynamicIp: true },
        safe: [
            { what: "with none", set: { enableDynamicIp: false } },
            { what: "with a security group", set: { securityGroupId: "sg" } },
        ],
    },
    {
        what: "Scaleway: a server with a fixed address, by its former name",
        type: "scaleway:index/instanceServer:InstanceServer",
        rule: guarded,
        props: { type: "DEV1-S", image: "debian_bookworm", ipId: "fr-par-1/ip" },
        safe: [{ what: "with none", set: { ipId: undefined } }],
    },
    {
        what: "Scaleway: a load balancer",
        type: "scaleway:loadbalancers/loadBalancer:LoadBalancer",
        rule: balancer,
        props: { type: "LB-S" },
        safe: [{ what: "with no flexible address", set: { assignFlexibleIp: false } }],
    },
    {
        what: "Scaleway: a load balancer with an address of its own",
        type: "scaleway:loadbalancers/loadBalancer:LoadBalancer",
        rule: balancer,
        props: { type: "LB-S", assignFlexibleIp: false, ipIds: ["fr-par-1/ip"] },
        safe: [{ what: "with none", set: { ipIds: [] } }],
    },
    {
        what: "Scaleway: a database for everybody",
        type: "scaleway:databases/acl:Acl",
        rule: endpoint,
        props: { instanceId: "db", aclRules: [{ ip: "0.0.0.0/0" }] },
        safe: [{ what: "for private addresses", set: { "aclRules.0.ip": "10.0.0.0/8" } }],
    },
    {
        what: "Scaleway: a cache for an address outside",
        type: "scaleway:redis/cluster:Cluster",
        rule: endpoint,
        props: { nodeType: "RED1-MICRO", version: "7.2", userName: "u", acls: [{ ip: "203.0.113.4/32" }] },
        safe: [{ what: "for a private network", set: { acls: [], privateNetworks: [{ id: "pn" }] } }],
    },
    {
        what: "OVH: a TCP frontend",
        type: "ovh:IpLoadBalancing/tcpFrontend:TcpFrontend",
        rule: balancer,
        props: { serviceName: "lb", zone: "all", port: "5432" },
        safe: [
            { what: "that is disabled", set: { disabled: true } },
            { what: "for private addresses", set: { allowedSources: ["10.0.0.0/8"] } },
        ],
    },
    {
        what: "OVH: an HTTP frontend for a public range",
        type: "ovh:IpLoadBalancing/httpFrontend:HttpFrontend",
        rule: balancer,
        props: { serviceName: "lb", zone: "all", port: "80,443", allowedSources: ["198.51.100.0/24"] },
        safe: [{ what: "for a private one", set: { allowedSources: ["192.168.0.0/16"] } }],
    },
    {
        what: "OVH: a UDP frontend",
        type: "ovh:IpLoadBalancing/udpFrontend:UdpFrontend",
        rule: balancer,
        props: { serviceName: "lb", zone: "all", port: "53" },
        safe: [{ what: "that is disabled", set: { disabled: true } }],
    },
    {
        what: "OVH: a load balancer of the public cloud with a floating address",
        type: "ovh:CloudProject/loadBalancer:LoadBalancer",
        rule: balancer,
        props: {
            flavorId: "small",
            regionName: "GRA11",
            network: { private: { network: { id: "n", subnetId: "s" }, floatingIpCreate: { description: "lb" } } },
        },
        safe: [{ what: "on its private network", set: { "network.private.floatingIpCreate": undefined } }],
    },
    {
        what: "OVH: a machine on the public network",
        type: "ovh:CloudProject/instance:Instance",
        rule: "no-public-address",
        props: { region: "GRA11", billingPeriod: "hourly", network: { public: true } },
        safe: [{ what: "on a private one", set: { "network.public": false } }],
    },
    {
        what: "OVH: a Kubernetes API for a public range",
        type: "ovh:CloudProject/kubeIpRestrictions:KubeIpRestrictions",
        rule: endpoint,
        props: { kubeId: "k", serviceName: "p", ips: ["203.0.113.0/24"] },
        safe: [{ what: "for a private one", set: { ips: ["10.10.0.0/16"] } }],
    },
];
