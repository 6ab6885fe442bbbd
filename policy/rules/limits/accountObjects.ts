import type { Resource, RuleConfig, StackFinding, StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems } from "../../values.ts";

/** What an account, or a zone of it, may have so many of. */
interface Kind {
    readonly what: string;
    readonly types: readonly string[];
    readonly most: number;
    /** Only those with this entry in their `filters`. */
    readonly filter?: string;
    /** Counted for each zone by itself. */
    readonly inZone?: true;
}

/**
 * By their name in the settings (developers.cloudflare.com/cloudflare-one/account-limits). Routes to addresses and to private host names share a
 * limit. A zone of the Free plan has 200 records, and 1,000 if it is older than September 2024; 3,500 is what the paid plans have
 * (developers.cloudflare.com/dns/manage-dns-records/faq).
 */
const KINDS: Readonly<Record<string, Kind>> = {
    applications: { what: "Access applications", types: [Token.accessApplication], most: 500 },
    accessPolicies: { what: "reusable Access policies", types: [Token.accessPolicy], most: 500 },
    groups: { what: "Access groups", types: [Token.accessGroup], most: 300 },
    serviceTokens: { what: "service tokens", types: [Token.accessServiceToken], most: 50 },
    identityProviders: { what: "identity providers", types: [Token.identityProvider], most: 50 },
    clientCertificateAuthorities: {
        what: "client certificate authorities",
        types: [Token.clientCertificateAuthority],
        most: 50,
    },
    infrastructureTargets: { what: "infrastructure targets", types: [Token.accessInfrastructureTarget], most: 5000 },
    tunnels: { what: "tunnels", types: [Token.tunnel], most: 1000 },
    privateRoutes: { what: "private routes", types: [Token.privateRoute, Token.privateHostnameRoute], most: 1000 },
    dnsRecords: { what: "DNS records", types: [Token.dnsRecord], most: 3500, inZone: true },
    dnsPolicies: { what: "Gateway policies for DNS", types: [Token.gatewayPolicy], filter: "dns", most: 500 },
    networkPolicies: { what: "Gateway policies for networks", types: [Token.gatewayPolicy], filter: "l4", most: 500 },
    httpPolicies: { what: "Gateway policies for HTTP", types: [Token.gatewayPolicy], filter: "http", most: 500 },
    egressPolicies: { what: "Gateway policies for egress", types: [Token.gatewayPolicy], filter: "egress", most: 500 },
    resolverPolicies: {
        what: "Gateway policies for resolvers",
        types: [Token.gatewayPolicy],
        filter: "dns_resolver",
        most: 500,
    },
    lists: { what: "Gateway lists", types: [Token.gatewayList], most: 100 },
};

/** An update that runs into a limit stops half-way: some hosts have their records, others their applications only. */
export const accountObjects: StackRule = {
    name: "account-objects-are-within-limits",
    description:
        "A stack declares no more objects of a kind than an account or a zone may have, with those that others declare there.",
    severity: "medium",
    remediationSteps:
        "Share groups, policies and lists, move applications to a stack of another account, or ask Cloudflare for more and write the account's own figures into `limits`.",
    configSchema: {
        limits: {
            description: "What the account may have where it differs from the documented defaults, by kind.",
            type: "object",
            additionalProperties: false,
            properties: integersByKind(({ what, most, inZone }) =>
                inZone ? `Number of ${what} in a zone; ${most} if omitted.` : `Number of ${what}; ${most} if omitted.`,
            ),
            default: {},
        },
        elsewhere: {
            description:
                "What the account has beside this stack, by kind: other stacks', other teams', made by hand. `sallyport preview` adds what the project's other stack files declare.",
            type: "object",
            additionalProperties: false,
            properties: integersByKind(({ what, inZone }) =>
                inZone
                    ? `Number of other ${what} in the stack's zone; 0 if omitted.`
                    : `Number of other ${what}; 0 if omitted.`,
            ),
            default: {},
        },
    },
    judgeStack: (resources, config) =>
        Object.entries(KINDS).flatMap(([key, kind]) => {
            const declared = resources.filter((resource) => isOf(kind, resource));
            const counted = kind.inZone
                ? [...Map.groupBy(declared, ({ props }) => at(props, "zoneId")).values()]
                : [declared];
            return counted.flatMap((some) => judgeCount(some, key, kind, config));
        }),
};

function integersByKind(describe: (kind: Kind) => string) {
    return Object.fromEntries(
        Object.entries(KINDS).map(([key, kind]) => [
            key,
            { type: "integer" as const, minimum: 0, description: describe(kind) },
        ]),
    );
}

function isOf({ types, filter }: Kind, { type, props }: Resource): boolean {
    return types.includes(type) && (filter === undefined || knownItems(at(props, "filters")).includes(filter));
}

function judgeCount(
    declared: readonly StackResource[],
    key: string,
    { what, most: documented, inZone }: Kind,
    config: RuleConfig,
): StackFinding[] {
    const most = integer(at(config.limits, key)) ?? documented;
    const elsewhere = integer(at(config.elsewhere, key)) ?? 0;
    const first = declared[Math.max(0, most - elsewhere)];
    if (first === undefined) return [];
    const place = inZone ? "zone" : "account";
    const beside = elsewhere === 0 ? "" : ` beside ${elsewhere} elsewhere in the ${place}`;
    return [
        {
            resource: first,
            wrong: `The stack declares ${declared.length} ${what}${beside}, and the ${place} may have ${most}: '${first.name}' is the first beyond.`,
            instead: `Share or remove some, or raise the ${place}'s limit and \`limits.${key}\`.`,
        },
    ];
}

function integer(value: unknown): number | undefined {
    return typeof value === "number" ? value : undefined;
}
