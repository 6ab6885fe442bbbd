import { ZeroTrustGatewayPolicy } from "@pulumi/cloudflare/zeroTrustGatewayPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { MAX_GRANTS } from "../validation/index.ts";
import {
    grantedDevices,
    grantedLookups,
    grantedPeople,
    grantedTraffic,
    lookupsOf,
    type PrivateNetworkGrant,
    trafficTo,
} from "./grants.ts";

/** What the rules of one network are made from. */
export interface NetworkRules {
    accountId: pulumi.Input<string>;
    /** Beginning of each rule's name. */
    title: string;
    networks: readonly string[];
    hostnames: readonly string[];
    virtualNetworkId: pulumi.Output<string> | undefined;
    grants: readonly PrivateNetworkGrant[];
    precedence: number;
}

type Kind = "l4" | "dns";

/**
 * Gateway's rules for a private network: one that refuses, made first, and one for each grant before it. Gateway takes the first rule that
 * matches, and lets through what none matches, so the refusal is what makes a grant a grant.
 */
export function gatewayRules(name: string, rules: NetworkRules, parent: pulumi.Resource): ZeroTrustGatewayPolicy[] {
    const { networks, hostnames, virtualNetworkId, grants, precedence } = rules;
    const inVirtualNetwork = (traffic: (id: string | undefined) => string): pulumi.Input<string> =>
        virtualNetworkId === undefined ? traffic(undefined) : virtualNetworkId.apply(traffic);
    return [
        ...(networks.length === 0 ? [] : denyByDefault("l4")),
        ...(hostnames.length === 0 ? [] : denyByDefault("dns")),
    ];

    function denyByDefault(kind: Kind): ZeroTrustGatewayPolicy[] {
        const refusal = rule(kind, "block", undefined, { precedence: precedence + MAX_GRANTS });
        const allowed = grants.map((grant, index) =>
            rule(kind, "allow", grant, { precedence: precedence + index }, { dependsOn: [refusal] }),
        );
        return [refusal, ...allowed];
    }

    function rule(
        kind: Kind,
        action: "allow" | "block",
        grant: PrivateNetworkGrant | undefined,
        place: { precedence: number },
        order: pulumi.CustomResourceOptions = {},
    ): ZeroTrustGatewayPolicy {
        const { word, traffic } = KINDS[kind];
        return new ZeroTrustGatewayPolicy(
            grant === undefined ? `${name}-${word}` : `${name}-${word}-${grant.name}`,
            {
                accountId: rules.accountId,
                name: `${rules.title}: ${grant?.name ?? "nobody else"} (${word})`,
                description: `${grant === undefined ? "Does not reach" : "Reaches"} the private network ${rules.title}`,
                action,
                filters: [kind],
                enabled: true,
                ...place,
                traffic: inVirtualNetwork((id) => traffic(rules, grant, id)),
                ...(grant === undefined
                    ? {}
                    : {
                          identity: grantedPeople(grant),
                          devicePosture: pulumi
                              .output((grant.posture ?? []).map(({ anyOf }) => anyOf))
                              .apply(grantedDevices),
                      }),
            },
            { parent, ...order },
        );
    }
}

interface KindOfRule {
    /** In names of resources and rules. */
    word: string;
    traffic(rules: NetworkRules, grant: PrivateNetworkGrant | undefined, virtualNetworkId: string | undefined): string;
}

const KINDS: Readonly<Record<Kind, KindOfRule>> = {
    l4: {
        word: "traffic",
        traffic: ({ networks }, grant, id) =>
            grant === undefined ? trafficTo(networks, id) : grantedTraffic(grant, networks, id),
    },
    // A lookup happens in no virtual network.
    dns: {
        word: "lookup",
        traffic: ({ hostnames }, grant) =>
            grant === undefined ? lookupsOf(hostnames) : grantedLookups(grant, hostnames),
    },
};
