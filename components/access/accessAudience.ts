import { ZeroTrustAccessPolicy } from "@pulumi/cloudflare/zeroTrustAccessPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { lateProblem, plain } from "../internal/problems.ts";
import type {
    AudienceApproval,
    AudienceExclusions,
    AudienceRequirements,
    IdentityGroup,
    PurposeJustification,
} from "./audience/conditions.ts";
import { requirementsOf } from "./audience/requirements.ts";
import {
    type AudienceRule,
    commonNameRules,
    countryRules,
    emailDomainRules,
    emailRules,
    groupRules,
    ipRules,
} from "./audience/rules.ts";
import { checkAudience, namesTokens } from "./audience/validation.ts";

const NO_TOKEN = 'is empty. Give the "tokenId" of at least one ServiceToken, or leave it out.';

export interface AccessAudienceArgs {
    /** Account that owns the policies: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Name of the policies in the dashboard. The component's name if omitted. */
    audienceName?: string;
    /** People by e-mail address; case does not matter. */
    emails?: string[];
    /** Everybody with an address in one of these domains. Domains of free mail are refused. */
    emailDomains?: string[];
    /** People of groups that an identity provider vouches for. */
    groups?: IdentityGroup[];
    /** Machines by the id of their service token ({@link ServiceToken}). */
    serviceTokenIds?: pulumi.Input<pulumi.Input<string>[]>;
    /** Machines by the common name of their client certificate ({@link MutualTlsCertificate}). */
    certificateCommonNames?: string[];
    /** Machines with any client certificate of an authority that is associated with the host name. False if omitted. */
    anyClientCertificate?: boolean;
    /** IP addresses or CIDR ranges: who is let in must also come from one of them. From anywhere if omitted. */
    ipRanges?: string[];
    /** Countries (ISO 3166-1 alpha-2): who is let in must also come from one of them. From anywhere if omitted. */
    countries?: string[];
    /** What members must meet besides: a strong login, a healthy device, a certificate. Nothing if omitted. */
    require?: AudienceRequirements;
    /** Who is kept out although a member. Nobody if omitted. */
    exclude?: AudienceExclusions;
    /** People say why they enter. Not asked if omitted. */
    justification?: PurposeJustification;
    /** People enter once somebody of every entry has agreed. Nobody has to if omitted. */
    approvals?: AudienceApproval[];
    /** How long a login through these policies lasts, in Go's form, at most `730h`. A day (`24h`) if omitted. */
    sessionDuration?: pulumi.Input<string>;
}

/**
 * Who may enter: people, machines, or both, said once as reusable Access policies that any number of applications share.
 *
 * People get an `allow` policy, which asks for a login; service tokens and client certificates get a `non_identity` policy
 * ("Service Auth" in the dashboard). Networks, countries and requirements narrow and never widen. There is no way to let
 * everybody in.
 *
 * @example
 * const staff = new AccessAudience("staff", {
 *     accountId,
 *     groups: [{ identityProviderId: workspace.providerId, googleGroup: "staff@example.com" }],
 *     require: { authenticationMethods: ["mfa"], posture: [{ anyOf: disk.ruleIds }] },
 *     exclude: { emails: ["shared-account@example.com"] },
 * });
 * const robots = new AccessAudience("robots", { accountId, serviceTokenIds: [ci.tokenId] });
 * const policyIds = pulumi.all([staff.policyIds, robots.policyIds]).apply((ids) => ids.flat());
 * new ZeroTrustApp("grafana", { accountId, hostname: "grafana.example.com", policyIds });
 */
export class AccessAudience extends pulumi.ComponentResource {
    /** Policies for a {@link ZeroTrustApp}: people's first, then machines'. Never empty. */
    public readonly policyIds: pulumi.Output<string[]>;

    /**
     * @param name Name of the component, and of the policies where `audienceName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: AccessAudienceArgs, opts?: pulumi.ComponentResourceOptions) {
        checkAudience(name, args);
        super("sallyport:index:AccessAudience", name, args, opts);

        const { accountId, exclude = {} } = args;
        const audienceName = args.audienceName ?? name;
        const sessionDuration = args.sessionDuration ?? "24h";
        const required = requirementsOf(this, name, args);
        const places = [...ipRules(exclude.ipRanges), ...countryRules(exclude.countries)];

        const policies: ZeroTrustAccessPolicy[] = [];
        const people = peopleOf(args);
        if (people.length > 0) {
            policies.push(
                new ZeroTrustAccessPolicy(
                    `${name}-people`,
                    {
                        accountId,
                        name: audienceName,
                        decision: "allow",
                        includes: people,
                        ...narrowing([...required.everybody, ...required.people], [...peopleOf(exclude), ...places]),
                        ...askingFor(args),
                        sessionDuration,
                    },
                    { parent: this },
                ),
            );
        }
        const machines = machinesOf(name, args);
        if (machines !== undefined) {
            policies.push(
                new ZeroTrustAccessPolicy(
                    `${name}-machines`,
                    {
                        accountId,
                        name: `${audienceName} (${machineKinds(args)})`,
                        decision: "non_identity",
                        includes: machines,
                        ...narrowing(required.everybody, places),
                        sessionDuration,
                    },
                    { parent: this },
                ),
            );
        }

        this.policyIds = pulumi.all(policies.map((policy) => policy.id));
        this.registerOutputs({ policyIds: this.policyIds });
    }
}

function peopleOf({ emails, emailDomains, groups }: AudienceExclusions): AudienceRule[] {
    return [...emailRules(emails), ...emailDomainRules(emailDomains), ...groupRules(groups)];
}

/** Rules for service tokens and client certificates; `undefined` where the audience has none. */
function machinesOf(name: string, args: AccessAudienceArgs): pulumi.Input<AudienceRule[]> | undefined {
    const certificates = [
        ...commonNameRules(args.certificateCommonNames),
        ...(args.anyClientCertificate === true ? [{ certificate: {} }] : []),
    ];
    if (!namesTokens(args)) return certificates.length === 0 ? undefined : certificates;
    const ids = args.serviceTokenIds ?? [];
    const known = plain(ids);
    if (known !== undefined) return [...known.map((tokenId) => ({ serviceToken: { tokenId } })), ...certificates];
    return pulumi.output(ids).apply((tokenIds) => {
        if (tokenIds.length === 0) throw lateProblem("AccessAudience", name, "serviceTokenIds", NO_TOKEN);
        return [...tokenIds.toSorted().map((tokenId) => ({ serviceToken: { tokenId } })), ...certificates];
    });
}

function machineKinds(args: AccessAudienceArgs): string {
    const certificates = (args.certificateCommonNames ?? []).length > 0 || args.anyClientCertificate === true;
    const kinds = [...(namesTokens(args) ? ["service tokens"] : []), ...(certificates ? ["client certificates"] : [])];
    return kinds.join(" and ");
}

/** What is empty is left out: the API leaves it out as well, and the two would differ. */
function narrowing(requires: AudienceRule[], excludes: AudienceRule[]) {
    return { ...(requires.length > 0 && { requires }), ...(excludes.length > 0 && { excludes }) };
}

function askingFor({ justification, approvals = [] }: AccessAudienceArgs) {
    const prompt = justification?.prompt;
    return {
        ...(justification !== undefined && { purposeJustificationRequired: true }),
        ...(prompt !== undefined && { purposeJustificationPrompt: prompt }),
        ...(approvals.length > 0 && {
            approvalRequired: true,
            approvalGroups: approvals.map(({ approvers, approvalsNeeded = 1 }) => ({
                approvalsNeeded,
                emailAddresses: [...new Set(approvers.map((email) => email.toLowerCase()))].toSorted(),
            })),
        }),
    };
}
