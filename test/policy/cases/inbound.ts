import { type CaseGroup, resource } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const NOBODY =
    "Let nobody in from outside and reach the service through a tunnel, or list the range in `allowedSources` if it is one of yours.";

const group = (name: string, ingress: unknown) => resource("aws:ec2/securityGroup:SecurityGroup", name, { ingress });
const tcp = (port: unknown, more: Readonly<Record<string, unknown>>) => ({
    protocol: "tcp",
    fromPort: port,
    toPort: port,
    ...more,
});

/** Ways in beside Docker's; the corpus has one of every kind of resource, these cases what rules have in common. */
export const inbound: readonly CaseGroup[] = [
    {
        topic: "firewalls",
        rules: ["no-open-firewall"],
        violating: [
            {
                what: "each rule that lets outsiders in, and only those",
                resources: [
                    group("web", [
                        tcp(443, { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }),
                        tcp(22, { cidrBlocks: ["10.0.0.0/8"] }),
                        { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.1.0.0/16", "198.51.100.0/24"] },
                    ]),
                ],
                messages: [
                    `SecurityGroup 'web' lets "0.0.0.0/0", "::/0" in on port 443 (\`ingress[0]\`). ${NOBODY}`,
                    `SecurityGroup 'web' lets "198.51.100.0/24" in on every port (\`ingress[2]\`). ${NOBODY}`,
                ],
            },
            {
                what: "private ranges where nobody at all is allowed",
                resources: [group("db", [tcp(5432, { cidrBlocks: ["10.0.0.0/8"] })])],
                config: { allowedSources: [] },
                messages: [`SecurityGroup 'db' lets "10.0.0.0/8" in on port 5432 (\`ingress[0]\`). ${NOBODY}`],
            },
            {
                what: "a range that only touches an allowed one, and what cannot be read as a range",
                resources: [group("db", [tcp(5432, { cidrBlocks: ["203.0.113.0/24", "203.0.113.0/33", "office"] })])],
                config: { allowedSources: ["203.0.113.0/25"] },
                messages: [
                    `SecurityGroup 'db' lets "203.0.113.0/24", "203.0.113.0/33", "office" in on port 5432 (\`ingress[0]\`). ${NOBODY}`,
                ],
            },
            {
                what: "a single rule where a list belongs",
                resources: [group("db", { protocol: "tcp", fromPort: 1, toPort: 9, cidrBlocks: "0.0.0.0/0" })],
                messages: [`SecurityGroup 'db' lets "0.0.0.0/0" in on port 1-9 (\`ingress[0]\`). ${NOBODY}`],
            },
        ],
        compliant: [
            {
                what: "private ranges, other groups, outgoing traffic, no rule",
                resources: [
                    group("web", [tcp(443, { securityGroups: ["sg-1"], self: true, cidrBlocks: [] })]),
                    group("db", undefined),
                    resource("aws:ec2/securityGroup:SecurityGroup", "out", {
                        egress: [tcp(443, { cidrBlocks: ["0.0.0.0/0"] })],
                    }),
                ],
            },
            {
                what: "what the setting names: ranges, and ids that stand for some",
                resources: [
                    group("web", [tcp(443, { cidrBlocks: ["203.0.113.64/26"], prefixListIds: ["PL-1"] })]),
                    group("db", [tcp(5432, { ipv6CidrBlocks: ["2001:db8:1:2::/64"] })]),
                ],
                config: { allowedSources: ["203.0.113.0/24", "2001:db8:1::/48", "pl-1"] },
            },
        ],
        unknown: [
            {
                what: "an unknown range beside a known one, an unknown port",
                resources: [
                    group("web", [UNKNOWN, tcp(UNKNOWN, { cidrBlocks: [UNKNOWN, "0.0.0.0/0"], description: UNKNOWN })]),
                ],
                messages: [
                    `SecurityGroup 'web' lets "0.0.0.0/0" in on ports that are not known yet (\`ingress[1]\`). ${NOBODY}`,
                ],
            },
            {
                what: "one end of a range that is public, whatever the other is",
                resources: [
                    resource("vultr:index/firewallRule:FirewallRule", "ssh", {
                        subnet: "0.0.0.0",
                        subnetSize: UNKNOWN,
                    }),
                ],
                messages: [`FirewallRule 'ssh' lets "0.0.0.0" in on every port. ${NOBODY}`],
            },
            {
                what: "ranges that are about to be given out wait for the update",
                resources: [
                    group("web", UNKNOWN),
                    group("db", [tcp(5432, { cidrBlocks: UNKNOWN }), tcp(22, { cidrBlocks: [UNKNOWN] })]),
                    resource("aws:ec2/securityGroupRule:SecurityGroupRule", "rule", {
                        type: UNKNOWN,
                        cidrBlocks: ["0.0.0.0/0"],
                    }),
                ],
            },
        ],
    },
];
