import type { Guard, PublicByDefault } from "./guards.ts";

const scalewayServer: PublicByDefault = {
    opensBySetting: ["enableDynamicIp", "ipId", "ipIds"],
    shutBySetting: ["securityGroupId"],
    guards: [],
    instead: "Name a `securityGroupId` that drops what comes in, or give it no public address.",
};
const linodeDevice: Guard = { type: "linode:index/firewallDevice:FirewallDevice", names: "entityId" };

/**
 * What has a public address without being asked for one, by the schemas of `@pulumi/hcloud` 1.41,
 * `@pulumi/digitalocean` 4.80, `@pulumi/linode` 5.1, `@ediri/vultr` 2.21, `@pulumiverse/scaleway` 1.54 and
 * `@pulumi/aws` 7.48, and what shuts it. A firewall that shuts it is judged by `no-open-firewall`.
 */
export const PUBLIC_BY_DEFAULT: Readonly<Record<string, PublicByDefault>> = {
    "hcloud:index/server:Server": {
        shutBySetting: ["firewallIds"],
        shutBySaying: { "publicNets[].ipv4Enabled": [false], "publicNets[].ipv6Enabled": [false] },
        guards: [
            {
                type: "hcloud:index/firewallAttachment:FirewallAttachment",
                names: "serverIds[]",
                labelSelectors: "labelSelectors[]",
            },
            {
                type: "hcloud:index/firewall:Firewall",
                names: "applyTos[].server",
                labelSelectors: "applyTos[].labelSelector",
            },
        ],
        instead: "Name a firewall in `firewallIds`, or switch both addresses off in `publicNets`.",
    },
    "hcloud:index/loadBalancer:LoadBalancer": {
        guards: [
            {
                type: "hcloud:index/loadBalancerNetwork:LoadBalancerNetwork",
                names: "loadBalancerId",
                only: { enablePublicInterface: [false] },
            },
        ],
        instead: "Attach it to a network by a `LoadBalancerNetwork` with `enablePublicInterface: false`.",
    },
    "digitalocean:index/droplet:Droplet": {
        shutBySaying: { publicNetworking: [false] },
        guards: [{ type: "digitalocean:index/firewall:Firewall", names: "dropletIds[]", tags: "tags" }],
        instead: "Name it in the `dropletIds` or `tags` of a firewall, or set `publicNetworking` to false.",
    },
    "linode:index/instance:Instance": {
        shutBySetting: ["firewallId"],
        shutBySaying: { "interfaces[].purpose": ["vlan", "vpc"] },
        guards: [{ type: "linode:index/firewall:Firewall", names: "linodes[]" }, linodeDevice],
        instead: "Name a firewall in `firewallId`.",
    },
    "linode:index/nodeBalancer:NodeBalancer": {
        shutBySetting: ["firewallId"],
        guards: [{ type: "linode:index/firewall:Firewall", names: "nodebalancers[]" }, linodeDevice],
        instead: "Name a firewall in `firewallId`.",
    },
    "vultr:index/instance:Instance": {
        shutBySetting: ["firewallGroupId"],
        guards: [],
        instead: "Name a firewall in `firewallGroupId`.",
    },
    "scaleway:instance/server:Server": scalewayServer,
    "scaleway:index/instanceServer:InstanceServer": scalewayServer,
    "aws:lightsail/instance:Instance": {
        guards: [{ type: "aws:lightsail/instancePublicPorts:InstancePublicPorts", names: "instanceName" }],
        instead: "Say which ports are open to whom by an `InstancePublicPorts`, which closes all others.",
    },
};
