import { type CaseGroup, cloudflare, containerSpec, docker } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const FEWER = "Name e-mail domains or groups instead of people one by one.";
const SECOND = "Declare a second application with the same policies.";
const REPLICAS = "Set `mode.replicated.replicas` to 25 or less.";

const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
const people = (count: number) => times(count, (index) => ({ email: { email: `p${index}@example.com` } }));
const long = (length: number) => "x".repeat(length);
const tooMany = (count: number, what: string, most: number, name: string, key: string) =>
    `The stack declares ${count} ${what}, and the account may have ${most}: '${name}' is the first beyond. Share or remove some, or raise the account's limit and \`limits.${key}\`.`;
const connector = (replicas: unknown, image: unknown = "cloudflare/cloudflared:2025.2.0") =>
    docker.service("connector", { ...containerSpec({ image }), mode: { replicated: { replicas } } });

/** Each kind, with one more than an account may have. */
const beyond = [
    ["applications", "Access applications", 500, (name: string) => cloudflare.application(name, {})],
    ["accessPolicies", "reusable Access policies", 500, (name: string) => cloudflare.policy(name, {})],
    ["groups", "Access groups", 300, (name: string) => cloudflare.group(name, {})],
    ["serviceTokens", "service tokens", 50, (name: string) => cloudflare.serviceToken(name, {})],
    ["identityProviders", "identity providers", 50, (name: string) => cloudflare.identityProvider(name, {})],
    [
        "clientCertificateAuthorities",
        "client certificate authorities",
        50,
        (name: string) => cloudflare.clientCertificateAuthority(name, {}),
    ],
    [
        "infrastructureTargets",
        "infrastructure targets",
        5000,
        (name: string) => cloudflare.infrastructureTarget(name, {}),
    ],
    ["tunnels", "tunnels", 1000, (name: string) => cloudflare.tunnel(name, {})],
    ["privateRoutes", "private routes", 1000, (name: string) => cloudflare.route(name, {})],
    [
        "dnsPolicies",
        "Gateway policies for DNS",
        500,
        (name: string) => cloudflare.gatewayPolicy(name, { filters: ["dns"] }),
    ],
    [
        "networkPolicies",
        "Gateway policies for networks",
        500,
        (name: string) => cloudflare.gatewayPolicy(name, { filters: ["l4"] }),
    ],
    [
        "httpPolicies",
        "Gateway policies for HTTP",
        500,
        (name: string) => cloudflare.gatewayPolicy(name, { filters: ["http"] }),
    ],
    [
        "egressPolicies",
        "Gateway policies for egress",
        500,
        (name: string) => cloudflare.gatewayPolicy(name, { filters: ["egress"] }),
    ],
    [
        "resolverPolicies",
        "Gateway policies for resolvers",
        500,
        (name: string) => cloudflare.gatewayPolicy(name, { filters: ["dns_resolver"] }),
    ],
    ["lists", "Gateway lists", 100, (name: string) => cloudflare.gatewayList(name, {})],
] as const;

const beyondZone = (count: number, most: number, first: string, beside = "") =>
    `The stack declares ${count} DNS records${beside}, and the zone may have ${most}: '${first}' is the first beyond. Share or remove some, or raise the zone's limit and \`limits.dnsRecords\`.`;

/** What an account, an object and a name may be in size. */
export const limits: readonly CaseGroup[] = [
    {
        topic: "the objects of an account",
        rules: ["account-objects-are-within-limits"],
        violating: [
            {
                what: "more tokens than an account of one's own may have",
                resources: times(3, (index) => cloudflare.serviceToken(`token-${index}`, {})),
                config: { limits: { serviceTokens: 2 } },
                messages: [tooMany(3, "service tokens", 2, "token-2", "serviceTokens")],
            },
            {
                what: "more tokens with those that the account has elsewhere, and none that would fit",
                resources: [
                    ...times(6, (index) => cloudflare.serviceToken(`token-${index}`, {})),
                    cloudflare.group("staff", {}),
                ],
                config: { elsewhere: { serviceTokens: 45, groups: 400 } },
                messages: [
                    tooMany(1, "Access groups beside 400 elsewhere in the account", 300, "staff", "groups"),
                    tooMany(6, "service tokens beside 45 elsewhere in the account", 50, "token-5", "serviceTokens"),
                ],
            },
            {
                what: "more routes than an account may have, to addresses and to private host names together",
                resources: [
                    ...times(600, (index) => cloudflare.route(`range-${index}`, {})),
                    ...times(401, (index) => cloudflare.hostnameRoute(`host-${index}`, {})),
                ],
                messages: [tooMany(1001, "private routes", 1000, "host-400", "privateRoutes")],
            },
            {
                what: "more records than a zone may have, of one zone of two",
                resources: [
                    ...times(3501, (index) => cloudflare.record(`large-${index}`, { zoneId: "large" })),
                    ...times(3500, (index) => cloudflare.record(`small-${index}`, { zoneId: "small" })),
                ],
                messages: [beyondZone(3501, 3500, "large-3500")],
            },
            {
                what: "more records than a zone of the Free plan may have, with those of other stacks",
                resources: times(150, (index) => cloudflare.record(`name-${index}`, { zoneId: "free" })),
                config: { limits: { dnsRecords: 200 }, elsewhere: { dnsRecords: 51 } },
                messages: [beyondZone(150, 200, "name-149", " beside 51 elsewhere in the zone")],
            },
            ...beyond.map(([key, what, most, make]) => ({
                what: `more ${what} than an account may have`,
                resources: times(most + 1, (index) => make(`one-${index}`)),
                messages: [tooMany(most + 1, what, most, `one-${most}`, key)],
            })),
        ],
        compliant: [
            ...beyond.map(([, what, most, make]) => ({
                what: `as many ${what} as an account may have`,
                resources: times(most, (index) => make(`one-${index}`)),
            })),
            {
                what: "as many as fit beside what the account and the zone have elsewhere",
                resources: [
                    ...times(5, (index) => cloudflare.serviceToken(`token-${index}`, {})),
                    ...times(3000, (index) => cloudflare.record(`name-${index}`, { zoneId: "one" })),
                ],
                config: { elsewhere: { serviceTokens: 45, dnsRecords: 500, applications: 600 } },
            },
            {
                what: "more, where the account may have them",
                resources: times(51, (index) => cloudflare.serviceToken(`token-${index}`, {})),
                config: { limits: { serviceTokens: 200 } },
            },
        ],
        unknown: [
            {
                what: "tokens whose names are not known, and policies for what is not known",
                resources: [
                    ...times(51, (index) => cloudflare.serviceToken(`token-${index}`, { name: UNKNOWN })),
                    ...times(501, (index) => cloudflare.gatewayPolicy(`policy-${index}`, { filters: UNKNOWN })),
                    ...times(3501, (index) => cloudflare.record(`name-${index}`, { zoneId: UNKNOWN })),
                ],
                messages: [
                    tooMany(51, "service tokens", 50, "token-50", "serviceTokens"),
                    beyondZone(3501, 3500, "name-3500"),
                ],
            },
        ],
    },
    {
        topic: "rules and domains",
        rules: ["access-rules-are-within-limits"],
        violating: [
            {
                what: "more rules than Cloudflare takes, and more domains",
                resources: [
                    cloudflare.group("all", { includes: people(600), requires: people(200), excludes: people(201) }),
                    cloudflare.policy("all", { decision: "allow", includes: people(1001) }),
                    cloudflare.application("wiki", {
                        domain: "a.example.com",
                        selfHostedDomains: [
                            "b.example.com",
                            "c.example.com",
                            "d.example.com",
                            "e.example.com",
                            "e.example.com/x",
                        ],
                        policies: [{ name: "all", decision: "allow", includes: people(1001) }],
                    }),
                ],
                messages: [
                    `Access group 'all' has 1001 rules, and Cloudflare takes 1000. ${FEWER}`,
                    `Access policy 'all' has 1001 rules, and Cloudflare takes 1000. ${FEWER}`,
                    `Access application 'wiki' has 6 domains, and Cloudflare takes 5. ${SECOND}`,
                    `Policy "all" of Access application 'wiki' has 1001 rules, and Cloudflare takes 1000. ${FEWER}`,
                ],
            },
        ],
        compliant: [
            {
                what: "as many as Cloudflare takes",
                resources: [
                    cloudflare.group("all", { includes: people(600), requires: people(200), excludes: people(200) }),
                    cloudflare.policy("all", { decision: "allow", includes: people(1000) }),
                    cloudflare.application("wiki", {
                        domain: "a.example.com",
                        // Its own domain again, as the API returns it.
                        selfHostedDomains: [
                            "a.example.com",
                            "b.example.com",
                            "c.example.com",
                            "d.example.com",
                            "e.example.com",
                        ],
                        policies: [{ name: "all", decision: "allow", includes: people(1000) }],
                    }),
                ],
            },
        ],
        unknown: [
            {
                what: "too many rules beside lists that are not known",
                resources: [
                    cloudflare.group("all", { includes: people(1001), requires: UNKNOWN }),
                    cloudflare.group("few", { includes: UNKNOWN }),
                    cloudflare.policy("few", { includes: UNKNOWN }),
                    cloudflare.application("wiki", { domain: UNKNOWN, selfHostedDomains: UNKNOWN, policies: UNKNOWN }),
                ],
                messages: [`Access group 'all' has 1001 rules, and Cloudflare takes 1000. ${FEWER}`],
            },
        ],
    },
    {
        topic: "names",
        rules: ["names-are-within-limits"],
        violating: [
            {
                what: "names that are too long",
                resources: [
                    cloudflare.application("a", { name: long(351) }),
                    cloudflare.group("g", { name: long(351) }),
                    cloudflare.serviceToken("t", { name: long(351) }),
                    cloudflare.clientCertificateAuthority("c", { name: long(351) }),
                    cloudflare.identityProvider("p", { name: long(351) }),
                    cloudflare.infrastructureTarget("i", { hostname: long(256) }),
                ],
                messages: [
                    "Access application 'a' has a 'name' of 351 characters, and Cloudflare takes 350. Shorten it.",
                    "Access group 'g' has a 'name' of 351 characters, and Cloudflare takes 350. Shorten it.",
                    "Service token 't' has a 'name' of 351 characters, and Cloudflare takes 350. Shorten it.",
                    "Client certificate authority 'c' has a 'name' of 351 characters, and Cloudflare takes 350. Shorten it.",
                    "Identity provider 'p' has a 'name' of 351 characters, and Cloudflare takes 350. Shorten it.",
                    "Infrastructure target 'i' has a 'hostname' of 256 characters, and Cloudflare takes 255. Shorten it.",
                ],
            },
        ],
        compliant: [
            {
                what: "names that are just short enough, or left out",
                resources: [
                    cloudflare.application("a", { name: long(350) }),
                    cloudflare.group("g", {}),
                    cloudflare.infrastructureTarget("i", { hostname: long(255) }),
                ],
            },
        ],
        unknown: [
            {
                what: "a long name beside what is not known, and one that is not known",
                resources: [
                    cloudflare.application("a", { name: long(351), domain: UNKNOWN }),
                    cloudflare.group("g", { name: UNKNOWN }),
                ],
                messages: [
                    "Access application 'a' has a 'name' of 351 characters, and Cloudflare takes 350. Shorten it.",
                ],
            },
        ],
    },
    {
        topic: "expressions",
        rules: ["gateway-expression-is-within-limits"],
        violating: [
            {
                what: "expressions that are too long",
                resources: ["traffic", "identity", "devicePosture"].map((property) =>
                    cloudflare.gatewayPolicy(property, { [property]: long(140_001) }),
                ),
                messages: ["traffic", "identity", "devicePosture"].map(
                    (property) =>
                        `Gateway policy '${property}' has a '${property}' of 140001 characters, and Cloudflare takes 140000. Put the values into a Gateway list.`,
                ),
            },
        ],
        compliant: [
            {
                what: "one that is just short enough",
                resources: [cloudflare.gatewayPolicy("wide", { traffic: long(140_000) })],
            },
        ],
        unknown: [
            {
                what: "a long one beside one that is not known",
                resources: [cloudflare.gatewayPolicy("wide", { traffic: long(140_001), identity: UNKNOWN })],
                messages: [
                    "Gateway policy 'wide' has a 'traffic' of 140001 characters, and Cloudflare takes 140000. Put the values into a Gateway list.",
                ],
            },
        ],
    },
    {
        topic: "connectors of a tunnel",
        rules: ["tunnel-replicas-are-within-limits"],
        violating: [
            {
                what: "more connectors than Cloudflare takes",
                resources: [connector(26), connector(30, "registry.example.com/mirror/cloudflared@sha256:0")],
                messages: [
                    `Service 'connector' runs 26 connectors of a tunnel, and Cloudflare takes 25. ${REPLICAS}`,
                    `Service 'connector' runs 30 connectors of a tunnel, and Cloudflare takes 25. ${REPLICAS}`,
                ],
            },
        ],
        compliant: [
            {
                what: "as many as Cloudflare takes, and other services",
                resources: [
                    connector(25),
                    connector(26, "nginx:1.29"),
                    connector(26, "example/not-cloudflared-exporter:1"),
                    docker.service("agent", {
                        ...containerSpec({ image: "cloudflare/cloudflared" }),
                        mode: { global: true },
                    }),
                ],
            },
        ],
        unknown: [
            {
                what: "too many beside what is not known, and numbers and images that are not known",
                resources: [
                    docker.service("connector", {
                        ...containerSpec({ image: "cloudflare/cloudflared:1", env: UNKNOWN }),
                        mode: { replicated: { replicas: 26 } },
                    }),
                    connector(UNKNOWN),
                    connector(26, UNKNOWN),
                ],
                messages: [`Service 'connector' runs 26 connectors of a tunnel, and Cloudflare takes 25. ${REPLICAS}`],
            },
        ],
    },
];
