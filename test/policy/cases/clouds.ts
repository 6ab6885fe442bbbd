import { type CaseGroup, resource } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const NAT = "Leave it in a private subnet: a connector dials out through a NAT gateway.";
const FRONTEND = "Give the frontend a `subnet` and no public address.";
const ACCESSIBLE = "Remove `publiclyAccessible` and let a tunnel connector in its network reach it.";
const INTERNAL = "Set `internal` to true, or remove it and let a tunnel connector reach the targets.";

type Props = Readonly<Record<string, unknown>>;
const balancer = (name: string, props: Props) => resource("aws:lb/loadBalancer:LoadBalancer", name, props);
const azureBalancer = (name: string, frontends: unknown) =>
    resource("azure:lb/loadBalancer:LoadBalancer", name, { frontendIpConfigurations: frontends });
const machine = (name: string, props: Props) => resource("aws:ec2/instance:Instance", name, props);
const database = (name: string, props: Props) => resource("aws:rds/instance:Instance", name, props);
const azureFirewall = (name: string, props: Props) => resource("azure:mssql/firewallRule:FirewallRule", name, props);
const server = (name: string, props: Props) => resource("hcloud:index/server:Server", name, props);
const noFirewall = (subject: string, instead: string) =>
    `${subject} has a public address and no firewall before it. ${instead}`;
const SERVER = "Name a firewall in `firewallIds`, or switch both addresses off in `publicNets`.";
const DROPLET = "Name it in the `dropletIds` or `tags` of a firewall, or set `publicNetworking` to false.";

/** Load balancers, machines and managed services of clouds: what their rules have in common. */
export const clouds: readonly CaseGroup[] = [
    {
        topic: "load balancers",
        rules: ["no-public-load-balancer"],
        violating: [
            {
                what: "one that does not say that it is internal",
                resources: [balancer("web", { loadBalancerType: "network" }), balancer("api", { internal: "false" })],
                messages: [
                    `LoadBalancer 'web' faces the Internet. ${INTERNAL}`,
                    `LoadBalancer 'api' faces the Internet. ${INTERNAL}`,
                ],
            },
            {
                what: "both ways to a public frontend, each by itself",
                resources: [azureBalancer("web", [{ publicIpAddressId: "/ip/1" }, { publicIpPrefixId: "/prefix/1" }])],
                messages: [
                    `LoadBalancer 'web' has a public address in \`frontendIpConfigurations.publicIpAddressId\`. ${FRONTEND}`,
                    `LoadBalancer 'web' has a public address in \`frontendIpConfigurations.publicIpPrefixId\`. ${FRONTEND}`,
                ],
            },
        ],
        compliant: [
            {
                what: "internal ones",
                resources: [balancer("web", { internal: true }), azureBalancer("api", [{ subnetId: "/subnet/1" }])],
            },
        ],
        unknown: [
            {
                what: "an address that is about to be made",
                resources: [azureBalancer("web", [{ name: UNKNOWN, publicIpAddressId: UNKNOWN }])],
                messages: [
                    `LoadBalancer 'web' has a public address in \`frontendIpConfigurations.publicIpAddressId\`. ${FRONTEND}`,
                ],
            },
            {
                what: "an unknown name beside a known switch",
                resources: [balancer("web", { name: UNKNOWN, subnets: UNKNOWN, internal: false })],
                messages: [`LoadBalancer 'web' faces the Internet. ${INTERNAL}`],
            },
            { what: "a switch that is not known", resources: [balancer("web", { internal: UNKNOWN })] },
        ],
    },
    {
        topic: "public addresses",
        rules: ["no-public-address"],
        violating: [
            {
                what: "a machine that asks for one",
                resources: [machine("web", { associatePublicIpAddress: true })],
                messages: [`Instance 'web' gets a public address by \`associatePublicIpAddress\`. ${NAT}`],
            },
        ],
        compliant: [{ what: "a machine that does not", resources: [machine("web", {})] }],
        unknown: [
            {
                what: "a machine that is about to be made, with an address that is",
                resources: [
                    machine("web", { subnetId: UNKNOWN, associatePublicIpAddress: true }),
                    resource("aws:ec2/eip:Eip", "ip", { instance: UNKNOWN }),
                ],
                messages: [
                    `Instance 'web' gets a public address by \`associatePublicIpAddress\`. ${NAT}`,
                    "Eip 'ip' gives a machine a public address by `instance`. Remove it: a connector dials out through a NAT gateway.",
                ],
            },
            { what: "a switch that is not known", resources: [machine("web", { associatePublicIpAddress: UNKNOWN })] },
        ],
    },
    {
        topic: "managed services",
        rules: ["no-public-endpoint"],
        violating: [
            {
                what: "a database that anybody may try",
                resources: [database("db", { publiclyAccessible: true })],
                messages: [`Instance 'db' is publicly accessible. ${ACCESSIBLE}`],
            },
            {
                what: "addresses from the first to the last, where one is outside",
                resources: [azureFirewall("all", { startIpAddress: "10.0.0.1", endIpAddress: "10.0.0.300" })],
                messages: [
                    `FirewallRule 'all' lets "10.0.0.1" to "10.0.0.300" in. Let nobody in from outside and reach the service through a tunnel, or list the range in \`allowedSources\` if it is one of yours.`,
                ],
            },
        ],
        compliant: [
            {
                what: "private ones",
                resources: [
                    database("db", {}),
                    azureFirewall("office", { startIpAddress: "203.0.113.1", endIpAddress: "203.0.113.9" }),
                ],
                config: { allowedSources: ["203.0.113.0/28"] },
            },
        ],
        unknown: [
            {
                what: "the last address, where the first is outside",
                resources: [azureFirewall("all", { startIpAddress: "0.0.0.0", endIpAddress: UNKNOWN })],
                messages: [
                    `FirewallRule 'all' lets "0.0.0.0" in. Let nobody in from outside and reach the service through a tunnel, or list the range in \`allowedSources\` if it is one of yours.`,
                ],
            },
            {
                what: "a switch and an address that are not known",
                resources: [
                    database("db", { publiclyAccessible: UNKNOWN }),
                    azureFirewall("all", { startIpAddress: UNKNOWN, endIpAddress: "10.0.0.1" }),
                ],
            },
        ],
    },
    {
        topic: "machines that are public by default",
        rules: ["public-machine-has-firewall"],
        violating: [
            {
                what: "a server without a firewall, and one whose firewall is another's",
                resources: [
                    server("web", { labels: { role: "web" } }),
                    server("db", { labels: { role: "db" }, name: "db" }),
                    resource(
                        "hcloud:index/firewallAttachment:FirewallAttachment",
                        "of-web",
                        {
                            firewallId: 1,
                            serverIds: [7],
                            labelSelectors: ["role=api", "role=web,env=prod", "!role", ""],
                        },
                        {},
                    ),
                ],
                messages: [noFirewall("Server 'web'", SERVER), noFirewall("Server 'db'", SERVER)],
            },
            {
                what: "a droplet whose tags no firewall has",
                resources: [
                    resource("digitalocean:index/droplet:Droplet", "web", { tags: ["web"] }),
                    resource("digitalocean:index/firewall:Firewall", "of-db", { tags: ["db"], dropletIds: [] }),
                ],
                messages: [noFirewall("Droplet 'web'", DROPLET)],
            },
            {
                what: "a load balancer whose network leaves its public side on",
                resources: [
                    resource("hcloud:index/loadBalancer:LoadBalancer", "lb", {}),
                    resource(
                        "hcloud:index/loadBalancerNetwork:LoadBalancerNetwork",
                        "net",
                        { loadBalancerId: 1, enablePublicInterface: true },
                        { from: { loadBalancerId: ["lb"] } },
                    ),
                ],
                messages: [
                    noFirewall(
                        "LoadBalancer 'lb'",
                        "Attach it to a network by a `LoadBalancerNetwork` with `enablePublicInterface: false`.",
                    ),
                ],
            },
        ],
        compliant: [
            {
                what: "servers whose firewall is attached by id, by label, or applied to them",
                resources: [
                    server("by-id", {}),
                    server("by-label", { labels: { role: "web", env: "prod" } }),
                    server("applied", {}),
                    server("labelled", { labels: { public: "" } }),
                    resource(
                        "hcloud:index/firewallAttachment:FirewallAttachment",
                        "attachment",
                        { firewallId: 1, serverIds: [1], labelSelectors: ["role==web, env"] },
                        { from: { serverIds: ["by-id"] } },
                    ),
                    resource(
                        "hcloud:index/firewall:Firewall",
                        "firewall",
                        { applyTos: [{ server: 3 }, { labelSelector: "public" }] },
                        { from: { applyTos: ["applied"] } },
                    ),
                ],
            },
            {
                what: "machines that are named, tagged or closed",
                resources: [
                    resource("digitalocean:index/droplet:Droplet", "web", { tags: ["web"] }),
                    resource("digitalocean:index/firewall:Firewall", "of-web", { tags: ["db", "web"] }),
                    resource("aws:lightsail/instance:Instance", "blog", { name: "blog" }),
                    resource("aws:lightsail/instancePublicPorts:InstancePublicPorts", "ports", {
                        instanceName: "blog",
                    }),
                    resource("hcloud:index/loadBalancer:LoadBalancer", "lb", {}),
                    resource(
                        "hcloud:index/loadBalancerNetwork:LoadBalancerNetwork",
                        "net",
                        { loadBalancerId: 1, enablePublicInterface: false },
                        { from: { loadBalancerId: ["lb"] } },
                    ),
                    resource("linode:index/instance:Instance", "node", {}),
                    resource(
                        "linode:index/firewallDevice:FirewallDevice",
                        "device",
                        { entityId: 1 },
                        { from: { entityId: ["node"] } },
                    ),
                    resource("scaleway:instance/server:Server", "private", { enableDynamicIp: false, ipIds: [] }),
                ],
            },
        ],
        unknown: [
            {
                what: "what is not known elsewhere shuts nothing",
                resources: [server("web", { name: UNKNOWN, userData: UNKNOWN, labels: UNKNOWN })],
                messages: [noFirewall("Server 'web'", SERVER)],
            },
            {
                what: "a firewall that is about to be made, addresses that may be off",
                resources: [
                    server("web", { firewallIds: [UNKNOWN] }),
                    server("api", { publicNets: UNKNOWN }),
                    server("db", { publicNets: [{ ipv4Enabled: UNKNOWN, ipv6Enabled: false }] }),
                ],
            },
        ],
    },
];
