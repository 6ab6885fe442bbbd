import type { Specimen } from "./specimen.ts";

const balancer = "no-public-load-balancer";
const address = "no-public-address";
const endpoint = "no-public-endpoint";

/** Google's and Azure's load balancers, machines and managed services. */
export const otherClouds: readonly Specimen[] = [
    {
        what: "Google: a forwarding rule",
        type: "gcp:compute/forwardingRule:ForwardingRule",
        rule: balancer,
        props: { target: "pool", portRange: "80" },
        safe: [{ what: "inside", set: { loadBalancingScheme: "INTERNAL" } }],
    },
    {
        what: "Google: a global forwarding rule",
        type: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        rule: balancer,
        props: { target: "proxy", portRange: "443", loadBalancingScheme: "EXTERNAL_MANAGED" },
        safe: [
            { what: "inside", set: { loadBalancingScheme: "INTERNAL_MANAGED" } },
            { what: "for a private connection to a service", set: { loadBalancingScheme: "" } },
        ],
    },
    {
        what: "Google: a machine with a public address",
        type: "gcp:compute/instance:Instance",
        rule: address,
        props: {
            machineType: "e2-micro",
            zone: "europe-west1-b",
            networkInterfaces: [{ network: "default", accessConfigs: [{}] }],
        },
        safe: [{ what: "with none", set: { "networkInterfaces.0.accessConfigs": [] } }],
    },
    {
        what: "Google: a template of machines with public IPv6 addresses",
        type: "gcp:compute/instanceTemplate:InstanceTemplate",
        rule: address,
        props: { networkInterfaces: [{ network: "default", ipv6AccessConfigs: [{ networkTier: "PREMIUM" }] }] },
        safe: [{ what: "with none", set: { "networkInterfaces.0.ipv6AccessConfigs": undefined } }],
    },
    {
        what: "Google: a machine by the API's own schema",
        type: "google-native:compute/v1:Instance",
        rule: address,
        props: { networkInterfaces: [{ network: "default", accessConfigs: [{ type: "ONE_TO_ONE_NAT" }] }] },
        safe: [{ what: "with no public address", set: { "networkInterfaces.0.accessConfigs": undefined } }],
    },
    {
        what: "Google: a database for everybody",
        type: "gcp:sql/databaseInstance:DatabaseInstance",
        rule: endpoint,
        props: {
            databaseVersion: "POSTGRES_16",
            settings: {
                tier: "db-f1-micro",
                ipConfiguration: { authorizedNetworks: [{ name: "all", value: "0.0.0.0/0" }] },
            },
        },
        safe: [
            { what: "for nobody", set: { "settings.ipConfiguration.authorizedNetworks": [] } },
            {
                what: "for a private range",
                set: { "settings.ipConfiguration.authorizedNetworks.0.value": "10.8.0.0/16" },
            },
        ],
    },
    {
        what: "Google: a Kubernetes cluster",
        type: "gcp:container/cluster:Cluster",
        rule: endpoint,
        props: { initialNodeCount: 1, privateClusterConfig: { enablePrivateNodes: true } },
        safe: [
            { what: "with a private endpoint", set: { "privateClusterConfig.enablePrivateEndpoint": true } },
            { what: "for nobody outside", set: { masterAuthorizedNetworksConfig: { cidrBlocks: [] } } },
        ],
    },
    {
        what: "Google: a Kubernetes cluster that lists a public range",
        type: "gcp:container/cluster:Cluster",
        rule: endpoint,
        props: { masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "198.51.100.0/24" }] } },
        safe: [
            { what: "a private one", set: { "masterAuthorizedNetworksConfig.cidrBlocks.0.cidrBlock": "10.0.0.0/24" } },
        ],
    },
    {
        what: "Azure: a load balancer",
        type: "azure:lb/loadBalancer:LoadBalancer",
        rule: balancer,
        props: { resourceGroupName: "rg", frontendIpConfigurations: [{ name: "f", publicIpAddressId: "/ip/1" }] },
        safe: [
            {
                what: "inside a subnet",
                set: {
                    "frontendIpConfigurations.0.publicIpAddressId": undefined,
                    "frontendIpConfigurations.0.subnetId": "/subnet/1",
                },
            },
        ],
    },
    {
        what: "Azure: an application gateway",
        type: "azure:network/applicationGateway:ApplicationGateway",
        rule: balancer,
        props: { frontendIpConfigurations: [{ name: "f", publicIpAddressId: "/ip/1" }] },
        safe: [
            {
                what: "with a private address",
                set: { frontendIpConfigurations: [{ name: "f", privateIpAddress: "10.0.0.4" }] },
            },
        ],
    },
    {
        what: "Azure: a load balancer by the API's own schema",
        type: "azure-native:network:LoadBalancer",
        rule: balancer,
        props: { frontendIPConfigurations: [{ name: "f", publicIPAddress: { id: "/ip/1" } }] },
        safe: [
            {
                what: "inside a subnet",
                set: { frontendIPConfigurations: [{ name: "f", subnet: { id: "/subnet/1" } }] },
            },
        ],
    },
    {
        what: "Azure: a network interface with a public address",
        type: "azure:network/networkInterface:NetworkInterface",
        rule: address,
        props: {
            ipConfigurations: [
                { name: "c", subnetId: "/subnet/1", privateIpAddressAllocation: "Dynamic", publicIpAddressId: "/ip/1" },
            ],
        },
        safe: [{ what: "with none", set: { "ipConfigurations.0.publicIpAddressId": undefined } }],
    },
    {
        what: "Azure: a network interface by the API's own schema",
        type: "azure-native:network:NetworkInterface",
        rule: address,
        props: { ipConfigurations: [{ name: "c", publicIPAddress: { id: "/ip/1" } }] },
        safe: [
            { what: "with a private address", set: { ipConfigurations: [{ name: "c", subnet: { id: "/subnet/1" } }] } },
        ],
    },
    {
        what: "Azure: a scale set whose machines have public addresses",
        type: "azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet",
        rule: address,
        props: {
            networkInterfaces: [{ name: "n", ipConfigurations: [{ name: "c", publicIpAddresses: [{ name: "p" }] }] }],
        },
        safe: [{ what: "with none", set: { "networkInterfaces.0.ipConfigurations.0.publicIpAddresses": [] } }],
    },
    {
        what: "Azure: a group of containers",
        type: "azure:containerservice/group:Group",
        rule: address,
        props: { osType: "Linux", containers: [{ name: "web", image: "web", cpu: 1, memory: 1 }] },
        safe: [{ what: "on a private network", set: { ipAddressType: "Private" } }],
    },
    {
        what: "Azure: a group of containers by the API's own schema",
        type: "azure-native:containerinstance:ContainerGroup",
        rule: address,
        props: { ipAddress: { type: "Public", ports: [{ port: 80 }] } },
        safe: [
            { what: "on a private network", set: { "ipAddress.type": "Private" } },
            { what: "with no address", set: { ipAddress: undefined } },
        ],
    },
    {
        what: "Azure: a database for all of Azure",
        type: "azure:mssql/firewallRule:FirewallRule",
        rule: endpoint,
        props: { serverId: "/sql/1", startIpAddress: "0.0.0.0", endIpAddress: "0.0.0.0" },
        safe: [{ what: "for private addresses", set: { startIpAddress: "10.0.0.1", endIpAddress: "10.0.0.254" } }],
    },
    {
        what: "Azure: a database for addresses that end outside",
        type: "azure:postgresql/flexibleServerFirewallRule:FlexibleServerFirewallRule",
        rule: endpoint,
        props: { serverId: "/pg/1", startIpAddress: "10.0.0.1", endIpAddress: "192.168.0.1" },
        safe: [{ what: "that end inside", set: { endIpAddress: "10.255.255.255" } }],
    },
    {
        what: "Azure: a database by the API's own schema",
        type: "azure-native:sql:FirewallRule",
        rule: endpoint,
        props: { serverName: "s", startIpAddress: "198.51.100.4", endIpAddress: "198.51.100.9" },
        safe: [{ what: "for private addresses", set: { startIpAddress: "172.16.0.4", endIpAddress: "172.16.0.9" } }],
    },
    {
        what: "Azure: a cache",
        type: "azure:redis/firewallRule:FirewallRule",
        rule: endpoint,
        props: { redisCacheName: "r", startIp: "0.0.0.0", endIp: "255.255.255.255" },
        safe: [{ what: "for private addresses", set: { startIp: "10.0.0.0", endIp: "10.0.0.255" } }],
    },
    {
        what: "Azure: a Kubernetes cluster",
        type: "azure:containerservice/kubernetesCluster:KubernetesCluster",
        rule: endpoint,
        props: { resourceGroupName: "rg", dnsPrefix: "aks" },
        safe: [
            { what: "with a private endpoint", set: { privateClusterEnabled: true } },
            { what: "for private addresses", set: { apiServerAccessProfile: { authorizedIpRanges: ["10.0.0.0/8"] } } },
        ],
    },
    {
        what: "Azure: a Kubernetes cluster by the API's own schema",
        type: "azure-native:containerservice:ManagedCluster",
        rule: endpoint,
        props: { dnsPrefix: "aks", apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] } },
        safe: [{ what: "with a private endpoint", set: { "apiServerAccessProfile.enablePrivateCluster": true } }],
    },
];
