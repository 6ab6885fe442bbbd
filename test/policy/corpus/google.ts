import type { Specimen } from "./specimen.ts";

const rule = "no-open-firewall";

/** Google Cloud's firewalls. */
export const googleFirewalls: readonly Specimen[] = [
    {
        what: "a firewall rule that lets everybody reach SSH",
        type: "gcp:compute/firewall:Firewall",
        rule,
        props: {
            network: "default",
            sourceRanges: ["0.0.0.0/0"],
            allows: [{ protocol: "tcp", ports: ["22", "8000-8999"] }],
        },
        safe: [
            {
                what: "from Google's ranges inside, configured as private ones",
                set: { sourceRanges: ["10.128.0.0/9"] },
            },
            {
                what: "for outgoing traffic",
                set: { direction: "EGRESS", sourceRanges: undefined, destinationRanges: ["0.0.0.0/0"] },
            },
            { what: "disabled", set: { disabled: true } },
        ],
    },
    {
        what: "a firewall rule that denies, turned into one that allows",
        type: "gcp:compute/firewall:Firewall",
        rule,
        props: { network: "default", direction: "INGRESS", sourceRanges: ["::/0"], allows: [{ protocol: "all" }] },
        safe: [{ what: "one that denies", set: { allows: undefined, denies: [{ protocol: "all" }] } }],
    },
    {
        what: "a firewall rule that names no source",
        type: "gcp:compute/firewall:Firewall",
        rule,
        props: { network: "default", allows: [{ protocol: "tcp", ports: ["443"] }] },
        safe: [
            { what: "from tagged machines", set: { sourceTags: ["web"] } },
            { what: "from a service account", set: { sourceServiceAccounts: ["web@example.iam.gserviceaccount.com"] } },
        ],
    },
    {
        what: "a rule of a firewall policy",
        type: "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
        rule,
        props: {
            action: "allow",
            direction: "INGRESS",
            firewallPolicy: "policy",
            priority: 1000,
            match: { srcIpRanges: ["198.51.100.0/24"], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
        },
        safe: [
            { what: "for a private range", set: { "match.srcIpRanges": ["10.0.0.0/16"] } },
            { what: "that denies", set: { action: "deny" } },
            { what: "for outgoing traffic", set: { direction: "EGRESS" } },
        ],
    },
    {
        what: "a rule of a region's firewall policy for a country",
        type: "gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule",
        rule,
        props: {
            action: "allow",
            direction: "INGRESS",
            firewallPolicy: "policy",
            priority: 1000,
            match: { srcRegionCodes: ["FR"], layer4Configs: [{ ipProtocol: "all" }] },
        },
        safe: [
            {
                what: "for tagged machines",
                set: { "match.srcRegionCodes": undefined, "match.srcSecureTags": [{ name: "tagValues/1" }] },
            },
        ],
    },
    {
        what: "a rule of an organisation's firewall policy",
        type: "gcp:compute/firewallPolicyRule:FirewallPolicyRule",
        rule,
        props: {
            action: "allow",
            direction: "INGRESS",
            firewallPolicy: "policy",
            priority: 1000,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] },
        },
        safe: [{ what: "disabled", set: { disabled: true } }],
    },
    {
        what: "a firewall policy with its rules",
        type: "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules",
        rule,
        props: {
            rules: [
                {
                    action: "allow",
                    priority: 1000,
                    match: { srcFqdns: ["partner.example.net"], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] },
                },
            ],
        },
        safe: [{ what: "for traffic that goes out", set: { "rules.0.direction": "EGRESS" } }],
    },
    {
        what: "a firewall rule by the API's own schema",
        type: "google-native:compute/v1:Firewall",
        rule,
        props: { network: "default", sourceRanges: ["0.0.0.0/0"], allowed: [{ ipProtocol: "tcp", ports: ["80"] }] },
        safe: [{ what: "for a private range", set: { sourceRanges: ["192.168.0.0/16"] } }],
    },
];
