import { ZeroTrustAccessGroup } from "@pulumi/cloudflare/zeroTrustAccessGroup.js";
import { ZeroTrustAccessPolicy } from "@pulumi/cloudflare/zeroTrustAccessPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { lateProblem, Problems, plain } from "../internal/problems.ts";
import {
    accountIdProblem,
    audienceMemberProblems,
    audienceProblem,
    displayNameProblem,
    normaliseIpRange,
    sessionDurationProblem,
} from "../validation/index.ts";

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
    /** Machines by the id of their service token ({@link ServiceToken}). */
    serviceTokenIds?: pulumi.Input<pulumi.Input<string>[]>;
    /** IP addresses or CIDR ranges: who is let in must also come from one of them. From anywhere if omitted. */
    ipRanges?: string[];
    /** Countries (ISO 3166-1 alpha-2): who is let in must also come from one of them. From anywhere if omitted. */
    countries?: string[];
    /** How long a login through these policies lasts, in Go's form, at most `730h`. A day (`24h`) if omitted. */
    sessionDuration?: pulumi.Input<string>;
}

/**
 * Who may enter: people, machines, or both, as reusable Access policies.
 *
 * People get an `allow` policy, which asks for a login; service tokens get a `non_identity` policy ("Service Auth" in the
 * dashboard). Networks and countries narrow both and never widen them. There is no way to let everybody in.
 *
 * @example
 * const staff = new AccessAudience("staff", { accountId, emailDomains: ["example.com"], countries: ["CH", "FR"] });
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
        checkArgs(name, args);
        super("sallyport:index:AccessAudience", name, args, opts);

        const { accountId } = args;
        const audienceName = args.audienceName ?? name;
        const sessionDuration = args.sessionDuration ?? "24h";
        const requires = [
            ...anyOf(this, `${name}-networks`, {
                accountId,
                name: `${audienceName} (networks)`,
                includes: networks(args),
            }),
            ...anyOf(this, `${name}-countries`, {
                accountId,
                name: `${audienceName} (countries)`,
                includes: countries(args),
            }),
        ];
        const narrowed = requires.length === 0 ? {} : { requires };

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
                        ...narrowed,
                        sessionDuration,
                    },
                    { parent: this },
                ),
            );
        }
        if (namesTokens(args)) {
            policies.push(
                new ZeroTrustAccessPolicy(
                    `${name}-machines`,
                    {
                        accountId,
                        name: `${audienceName} (service tokens)`,
                        decision: "non_identity",
                        includes: tokensOf(name, args.serviceTokenIds ?? []),
                        ...narrowed,
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

/** A rule of an Access policy or group, as far as an audience uses them. */
interface AudienceRule {
    email?: { email: string };
    emailDomain?: { domain: string };
    ip?: { ip: string };
    geo?: { countryCode: string };
}

/**
 * One requirement that any of the group's rules meets. Access demands all requirements of a policy at once, so several
 * networks or countries have to stand in a group; a single one does without.
 */
function anyOf(parent: pulumi.Resource, name: string, group: RuleGroup) {
    if (group.includes.length < 2) return group.includes;
    return [{ group: { id: new ZeroTrustAccessGroup(name, { ...group }, { parent }).id } }];
}

interface RuleGroup {
    accountId: pulumi.Input<string>;
    name: string;
    includes: AudienceRule[];
}

function checkArgs(name: string, args: AccessAudienceArgs): void {
    const problems = new Problems();
    const { emails, emailDomains, ipRanges, countries } = args;
    const serviceTokenIds = namesTokens(args) ? [args.serviceTokenIds] : [];
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("audienceName", args.audienceName ?? name, displayNameProblem);
    problems.add("emails", audienceProblem({ emails, emailDomains, serviceTokenIds, ipRanges, countries }));
    problems.addAll(audienceMemberProblems(args));
    problems.checkEach("serviceTokenIds", args.serviceTokenIds, (id) =>
        id === "" ? 'is empty. Give the "tokenId" of a ServiceToken.' : undefined,
    );
    problems.check("sessionDuration", args.sessionDuration, sessionDurationProblem);
    problems.throwIfAny("AccessAudience", name);
}

/** An output counts as naming tokens: its policy must exist before its elements are known. */
function namesTokens({ serviceTokenIds }: AccessAudienceArgs): boolean {
    return serviceTokenIds !== undefined && plain(serviceTokenIds)?.length !== 0;
}

function tokensOf(name: string, ids: pulumi.Input<pulumi.Input<string>[]>) {
    const known = plain(ids);
    if (known !== undefined) return known.map((tokenId) => ({ serviceToken: { tokenId } }));
    return pulumi.output(ids).apply((tokenIds) => {
        if (tokenIds.length === 0) throw lateProblem("AccessAudience", name, "serviceTokenIds", NO_TOKEN);
        return tokenIds.toSorted().map((tokenId) => ({ serviceToken: { tokenId } }));
    });
}

/** Sorted and in lower case, so that neither order nor spelling in the program is a change. */
function peopleOf({ emails = [], emailDomains = [] }: AccessAudienceArgs): AudienceRule[] {
    return [
        ...normalised(emails, (email) => email.toLowerCase()).map((email) => ({ email: { email } })),
        ...normalised(emailDomains, (domain) => domain.toLowerCase()).map((domain) => ({ emailDomain: { domain } })),
    ];
}

function networks({ ipRanges = [] }: AccessAudienceArgs): AudienceRule[] {
    return normalised(ipRanges, normaliseIpRange).map((ip) => ({ ip: { ip } }));
}

function countries({ countries: codes = [] }: AccessAudienceArgs): AudienceRule[] {
    return normalised(codes, (code) => code).map((countryCode) => ({ geo: { countryCode } }));
}

function normalised(values: readonly string[], normalise: (value: string) => string): string[] {
    return [...new Set(values.map(normalise))].toSorted();
}
