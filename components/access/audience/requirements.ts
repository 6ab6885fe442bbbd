import { ZeroTrustAccessGroup } from "@pulumi/cloudflare/zeroTrustAccessGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { lateProblem, plain } from "../../internal/problems.ts";
import type { AccessAudienceArgs } from "../accessAudience.ts";
import {
    type AudienceRule,
    authenticationMethodRules,
    countryRules,
    emailDomainRules,
    groupRules,
    ipRules,
} from "./rules.ts";

/** What a policy demands beyond membership: all of these rules at once. */
export interface Requirements {
    /** For everybody, machines among them. */
    everybody: AudienceRule[];
    /** For people alone: only a login tells these. */
    people: AudienceRule[];
}

/**
 * The requirements of an audience.
 *
 * Access demands every requirement of a policy, so a list of which any one entry does has to stand in a group; a single entry
 * does without.
 */
export function requirementsOf(parent: pulumi.Resource, name: string, args: AccessAudienceArgs): Requirements {
    const { accountId, audienceName = name, require = {} } = args;
    const anyOf = (suffix: string, includes: AudienceRule[]): AudienceRule[] =>
        includes.length < 2 ? includes : [inGroup(suffix, includes)];
    const anyIdOf = (suffix: string, path: string, ids: Ids, toRule: (id: pulumi.Input<string>) => AudienceRule) => {
        const known = plain(ids);
        return known !== undefined
            ? anyOf(suffix, known.map(toRule))
            : [inGroup(suffix, lateRules(name, path, ids, toRule))];
    };
    return {
        everybody: [
            ...anyOf("networks", ipRules(args.ipRanges)),
            ...anyOf("countries", countryRules(args.countries)),
            ...(require.clientCertificate === true ? [{ certificate: {} }] : []),
        ],
        people: [
            ...anyIdOf("login-methods", "require.identityProviderIds", require.identityProviderIds ?? [], (id) => ({
                loginMethod: { id },
            })),
            ...anyOf("authentication-methods", authenticationMethodRules(require.authenticationMethods)),
            ...anyOf("required-domains", emailDomainRules(require.emailDomains)),
            ...anyOf("required-groups", groupRules(require.groups)),
            ...(require.posture ?? []).flatMap(({ anyOf: ids }, index) =>
                anyIdOf(`posture-${index}`, `require.posture[${index}].anyOf`, ids, (integrationUid) => ({
                    devicePosture: { integrationUid },
                })),
            ),
        ],
    };

    function inGroup(suffix: string, includes: pulumi.Input<AudienceRule[]>): AudienceRule {
        const group = new ZeroTrustAccessGroup(
            `${name}-${suffix}`,
            { accountId, name: `${audienceName} (${suffix.replaceAll("-", " ")})`, includes },
            { parent },
        );
        return { group: { id: group.id } };
    }
}

type Ids = pulumi.Input<pulumi.Input<string>[]>;

/** Rules for ids whose number is not known yet; that there are any is checked once it is. */
function lateRules(
    name: string,
    path: string,
    ids: Ids,
    toRule: (id: pulumi.Input<string>) => AudienceRule,
): pulumi.Output<AudienceRule[]> {
    return pulumi.output(ids).apply((known) => {
        if (known.length === 0) {
            throw lateProblem("AccessAudience", name, path, "is empty. Give at least one id, or leave it out.");
        }
        return known.map(toRule);
    }) as pulumi.Output<AudienceRule[]>;
}
