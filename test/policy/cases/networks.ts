import { type CaseGroup, cloudflare } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const OWN = "Write the private range of your own network.";
const ONCE = "Write each address once, or set another `virtualNetworkId`.";
const block = { action: "block", enabled: true, filters: ["l4"], traffic: "net.dst.ip in {10.20.0.0/16 fd00:20::/48}" };
const open = (name: string, network: string) =>
    `Route '${name}' opens "${network}" to every device: no Gateway rule refuses it. Declare a rule with action "block", filter "l4" and traffic "net.dst.ip in {${network}}", or use a PrivateNetwork.`;

/** Private routes. */
export const networks: readonly CaseGroup[] = [
    {
        topic: "public addresses in routes",
        rules: ["private-route-is-private"],
        violating: [
            {
                what: "public ranges, and one that holds more than the private one",
                resources: [
                    cloudflare.route("dns", { network: "8.8.8.0/24" }),
                    cloudflare.route("wide", { network: "10.0.0.0/7" }),
                    cloudflare.route("six", { network: "2001:db8::/32" }),
                    cloudflare.route("all", { network: "0.0.0.0/0" }),
                    cloudflare.route("text", { network: "10.0.0.0/33" }),
                ],
                messages: [
                    `Route 'dns' leads "8.8.8.0/24" into a tunnel, which is not private. ${OWN}`,
                    `Route 'wide' leads "10.0.0.0/7" into a tunnel, which is not private. ${OWN}`,
                    `Route 'six' leads "2001:db8::/32" into a tunnel, which is not private. ${OWN}`,
                    `Route 'all' leads "0.0.0.0/0" into a tunnel, which is not private. ${OWN}`,
                    `Route 'text' leads "10.0.0.0/33" into a tunnel, which is not private. ${OWN}`,
                ],
            },
        ],
        compliant: [
            {
                what: "private ranges of both families, and a single address",
                resources: ["10.20.0.0/16", "172.31.0.0/16", "192.168.1.1", "100.64.0.0/16", "fd00:20::/48"].map(
                    (network) => cloudflare.route(network, { network }),
                ),
            },
        ],
        unknown: [
            { what: "a range that is not known", resources: [cloudflare.route("a", { network: UNKNOWN })] },
            {
                what: "a public range beside what is not known",
                resources: [cloudflare.route("a", { network: "203.0.113.0/24", tunnelId: UNKNOWN })],
                messages: [
                    `Route 'a' leads "203.0.113.0/24" into a tunnel, which is not private. Write the private range of your own network.`,
                ],
            },
        ],
    },
    {
        topic: "routes that overlap",
        rules: ["private-routes-do-not-overlap"],
        violating: [
            {
                what: "one inside another of the default network, and twice the same of a network of its own",
                resources: [
                    cloudflare.route("office", { network: "10.20.0.0/16" }),
                    cloudflare.route("lab", { network: "10.20.1.0/24" }),
                    cloudflare.route("one", { network: "fd00::/64", virtualNetworkId: "v" }),
                    cloudflare.route("two", { network: "FD00:0::/64", virtualNetworkId: "v" }),
                ],
                messages: [
                    `Route 'lab' for "10.20.1.0/24" overlaps route 'office' for "10.20.0.0/16". ${ONCE}`,
                    `Route 'two' for "FD00:0::/64" overlaps route 'one' for "fd00::/64". ${ONCE}`,
                ],
            },
        ],
        compliant: [
            {
                what: "neighbours, and the same in another virtual network",
                resources: [
                    cloudflare.route("office", { network: "10.20.0.0/16" }),
                    cloudflare.route("next", { network: "10.21.0.0/16" }),
                    cloudflare.route("other", { network: "10.20.0.0/16", virtualNetworkId: "v" }),
                ],
            },
        ],
        unknown: [
            {
                what: "virtual networks that are made in the same update, told apart by what they come from",
                resources: [
                    cloudflare.virtualNetwork("v"),
                    cloudflare.virtualNetwork("w"),
                    cloudflare.route("one", { network: "10.20.0.0/16", virtualNetworkId: UNKNOWN }, "v"),
                    cloudflare.route("two", { network: "10.20.1.0/24", virtualNetworkId: UNKNOWN }, "v"),
                    cloudflare.route("three", { network: "10.20.0.0/16", virtualNetworkId: UNKNOWN }, "w"),
                    cloudflare.route("four", { network: UNKNOWN }),
                ],
                messages: [`Route 'two' for "10.20.1.0/24" overlaps route 'one' for "10.20.0.0/16". ${ONCE}`],
            },
        ],
    },
    {
        topic: "routes open to every device",
        rules: ["private-route-is-denied-by-default"],
        violating: [
            {
                what: "no rule at all, and rules that spare somebody or something",
                resources: [
                    cloudflare.route("office", { network: "10.30.0.0/16" }),
                    cloudflare.gatewayPolicy("allow", {
                        ...block,
                        action: "allow",
                        traffic: "net.dst.ip in {10.30.0.0/16}",
                    }),
                    cloudflare.gatewayPolicy("off", {
                        ...block,
                        enabled: false,
                        traffic: "net.dst.ip in {10.30.0.0/16}",
                    }),
                    cloudflare.gatewayPolicy("some", {
                        ...block,
                        identity: 'identity.email == "a@example.com"',
                        traffic: "net.dst.ip in {10.30.0.0/16}",
                    }),
                    cloudflare.gatewayPolicy("port", {
                        ...block,
                        traffic: "net.dst.ip in {10.30.0.0/16} and net.dst.port in {22}",
                    }),
                    cloudflare.gatewayPolicy("names", {
                        ...block,
                        filters: ["dns"],
                        traffic: "net.dst.ip in {10.30.0.0/16}",
                    }),
                ],
                messages: [open("office", "10.30.0.0/16")],
            },
            {
                what: "a route wider than what is refused",
                resources: [
                    cloudflare.route("wide", { network: "10.0.0.0/8" }),
                    cloudflare.gatewayPolicy("block", block),
                ],
                messages: [open("wide", "10.0.0.0/8")],
            },
        ],
        compliant: [
            {
                what: "routes inside what is refused to everybody",
                resources: [
                    cloudflare.route("office", { network: "10.20.0.0/16" }),
                    cloudflare.route("lab", { network: "10.20.1.0/24" }),
                    cloudflare.route("six", { network: "fd00:20::/48", virtualNetworkId: "v" }),
                    cloudflare.gatewayPolicy("block", { ...block, identity: "", devicePosture: "" }),
                    cloudflare.gatewayPolicy("own", {
                        ...block,
                        traffic: 'net.dst.ip in {10.40.0.0/16} and net.vnet_id == "v"',
                    }),
                    cloudflare.route("own", { network: "10.40.0.0/16" }),
                ],
            },
        ],
        unknown: [
            {
                what: "a refusal that will name its virtual network, and a range that is not known",
                resources: [
                    cloudflare.route("office", { network: "10.30.0.0/16" }),
                    cloudflare.gatewayPolicy("block", { ...block, traffic: UNKNOWN }),
                ],
            },
            {
                what: "a route beside a refusal that may turn out to spare somebody",
                resources: [
                    cloudflare.route("office", { network: "10.20.0.0/16" }),
                    cloudflare.gatewayPolicy("block", { ...block, identity: UNKNOWN }),
                ],
                messages: [open("office", "10.20.0.0/16")],
            },
        ],
    },
];
