import type { StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems } from "../../values.ts";

/** Objects of a kind that an account may have, by their name in the `limits` setting (developers.cloudflare.com/cloudflare-one/account-limits). */
const KINDS = {
    applications: { what: "Access applications", type: Token.accessApplication, most: 500 },
    groups: { what: "Access groups", type: Token.accessGroup, most: 300 },
    serviceTokens: { what: "service tokens", type: Token.accessServiceToken, most: 50 },
    identityProviders: { what: "identity providers", type: Token.identityProvider, most: 50 },
    clientCertificateAuthorities: {
        what: "client certificate authorities",
        type: Token.clientCertificateAuthority,
        most: 50,
    },
    infrastructureTargets: { what: "infrastructure targets", type: Token.accessInfrastructureTarget, most: 5000 },
    tunnels: { what: "tunnels", type: Token.tunnel, most: 1000 },
    privateRoutes: { what: "private routes", type: Token.privateRoute, most: 1000 },
    dnsPolicies: { what: "Gateway policies for DNS", type: Token.gatewayPolicy, filter: "dns", most: 500 },
    networkPolicies: { what: "Gateway policies for networks", type: Token.gatewayPolicy, filter: "l4", most: 500 },
    httpPolicies: { what: "Gateway policies for HTTP", type: Token.gatewayPolicy, filter: "http", most: 500 },
    egressPolicies: { what: "Gateway policies for egress", type: Token.gatewayPolicy, filter: "egress", most: 500 },
    resolverPolicies: {
        what: "Gateway policies for resolvers",
        type: Token.gatewayPolicy,
        filter: "dns_resolver",
        most: 500,
    },
    lists: { what: "Gateway lists", type: Token.gatewayList, most: 100 },
} as const;

/** An update that runs into a limit stops half-way: some hosts have their records, others their applications only. */
export const accountObjects: StackRule = {
    name: "account-objects-are-within-limits",
    description: "A stack declares no more objects of a kind than an account may have.",
    severity: "medium",
    remediationSteps:
        "Share groups, policies and lists, or ask Cloudflare for more and write the account's own figures into `limits`.",
    configSchema: {
        limits: {
            description: "What the account may have where it differs from the documented defaults, by kind.",
            type: "object",
            additionalProperties: false,
            properties: Object.fromEntries(
                Object.entries(KINDS).map(([key, { what, most }]) => [
                    key,
                    { type: "integer", minimum: 0, description: `Number of ${what}; ${most} if omitted.` },
                ]),
            ),
            default: {},
        },
    },
    judgeStack: (resources, config) =>
        Object.entries(KINDS).flatMap(([key, kind]) => {
            const own = at(config.limits, key);
            const most = typeof own === "number" ? own : kind.most;
            const declared = resources.filter(
                ({ type, props }) =>
                    type === kind.type &&
                    (!("filter" in kind) || knownItems(at(props, "filters")).includes(kind.filter)),
            );
            const first = declared[most];
            if (first === undefined) return [];
            return [
                {
                    resource: first,
                    wrong: `The stack declares ${declared.length} ${kind.what}, and the account may have ${most}: '${first.name}' is the first beyond.`,
                    instead: `Share or remove some, or raise the account's limit and \`limits.${key}\`.`,
                },
            ];
        }),
};
