import type { Problem } from "../internal/problems.ts";
import { authenticationMethodProblem, type GroupDescription } from "./identity.ts";
import { countryProblem, emailDomainProblem, emailProblem, ipRangeProblem } from "./people.ts";

/** The members of an audience that are text. An empty list is the same as none. */
export interface AudienceLists {
    emails?: readonly string[] | undefined;
    emailDomains?: readonly string[] | undefined;
    ipRanges?: readonly string[] | undefined;
    countries?: readonly string[] | undefined;
    require?: RequirementLists | undefined;
    exclude?: ExclusionLists | undefined;
}

/** What is demanded of members, as far as it is told apart here. */
export interface RequirementLists {
    emailDomains?: readonly string[] | undefined;
    authenticationMethods?: readonly string[] | undefined;
    groups?: readonly GroupDescription[] | undefined;
    posture?: readonly unknown[] | undefined;
    identityProviderIds?: unknown;
    clientCertificate?: boolean | undefined;
}

/** Who is kept out. */
export interface ExclusionLists {
    emails?: readonly string[] | undefined;
    emailDomains?: readonly string[] | undefined;
    ipRanges?: readonly string[] | undefined;
    countries?: readonly string[] | undefined;
}

/** Who may enter, as plain data. */
export interface AudienceMembers extends AudienceLists {
    groups?: readonly GroupDescription[] | undefined;
    serviceTokenIds?: readonly unknown[] | undefined;
    certificateCommonNames?: readonly string[] | undefined;
    anyClientCertificate?: boolean | undefined;
}

/** How people enter, as plain data. */
export interface AudienceConditions extends AudienceMembers {
    justification?: object | undefined;
    approvals?: readonly { approvers: readonly string[]; approvalsNeeded?: number | undefined }[] | undefined;
}

/**
 * Says what is wrong with an audience as a whole: that it names nobody.
 *
 * Networks, countries and requirements only narrow who may enter. Alone they would let in whoever happens to be there: an
 * Access policy that includes an IP range or a country takes any identity from it, a one-time PIN to any mailbox among them.
 */
export function audienceProblem(members: AudienceMembers): string | undefined {
    if (hasPeople(members) || hasMachines(members)) return undefined;
    const { ipRanges = [], countries = [], require } = members;
    const narrowed = ipRanges.length + countries.length > 0 || require !== undefined;
    return narrowed
        ? 'names no person and no machine; "ipRanges", "countries" and "require" only narrow who may enter. Add "emails", "emailDomains", "groups", service tokens or client certificates.'
        : 'names nobody. Write at least one of "emails", "emailDomains", "groups", service tokens or client certificates.';
}

/** Every mistake in the lists of an audience, by path (`emails[1]`, `exclude.countries[0]`). */
export function audienceMemberProblems(members: AudienceLists): Problem[] {
    const { require = {}, exclude = {} } = members;
    const checks: [string, readonly string[] | undefined, (value: string) => string | undefined][] = [
        ["emails", members.emails, emailProblem],
        ["emailDomains", members.emailDomains, emailDomainProblem],
        ["ipRanges", members.ipRanges, ipRangeProblem],
        ["countries", members.countries, countryProblem],
        ["require.emailDomains", require.emailDomains, emailDomainProblem],
        ["require.authenticationMethods", require.authenticationMethods, authenticationMethodProblem],
        ["exclude.emails", exclude.emails, emailProblem],
        ["exclude.emailDomains", exclude.emailDomains, excludedDomainProblem],
        ["exclude.ipRanges", exclude.ipRanges, ipRangeProblem],
        ["exclude.countries", exclude.countries, countryProblem],
    ];
    return checks.flatMap(([list, values = [], problemOf]) =>
        values.flatMap((value, index) => {
            const reason = problemOf(value);
            return reason === undefined ? [] : [{ path: `${list}[${index}]`, reason }];
        }),
    );
}

/** Every mistake in what is demanded of members, by path: what contradicts itself or could never be met. */
export function audienceConditionProblems(audience: AudienceConditions): Problem[] {
    const { approvals = [], exclude = {} } = audience;
    const inBoth = (audience.emails ?? []).filter((email) => has(exclude.emails, email));
    return [
        ...ofPeopleOnly(audience),
        ...inBoth.map((email) => ({
            path: "exclude.emails",
            reason: `keeps ${JSON.stringify(email)} out, who is listed under "emails". Remove one of the two.`,
        })),
        ...approvals.flatMap((approval, index) => approvalProblems(`approvals[${index}]`, approval)),
    ];
}

/** A machine has no login, so what a login tells could never be met by it, or would be left out without a word. */
function ofPeopleOnly(audience: AudienceConditions): Problem[] {
    const { require = {}, justification, approvals = [] } = audience;
    const needLogin = Object.entries({
        "require.identityProviderIds": require.identityProviderIds !== undefined,
        "require.authenticationMethods": (require.authenticationMethods ?? []).length > 0,
        "require.groups": (require.groups ?? []).length > 0,
        "require.emailDomains": (require.emailDomains ?? []).length > 0,
        "require.posture": (require.posture ?? []).length > 0,
        justification: justification !== undefined,
        approvals: approvals.length > 0,
    }).filter(([, given]) => given);
    if (!hasMachines(audience)) return [];
    return needLogin.map(([path]) => ({
        path,
        reason: "is for people, and machines do not log in. Put service tokens and client certificates into an audience of their own.",
    }));
}

function approvalProblems(
    path: string,
    { approvers, approvalsNeeded = 1 }: { approvers: readonly string[]; approvalsNeeded?: number | undefined },
): Problem[] {
    const count = approvers.length;
    const enough = Number.isInteger(approvalsNeeded) && approvalsNeeded >= 1 && approvalsNeeded <= count;
    return [
        ...(count === 0 ? [{ path: `${path}.approvers`, reason: "is empty. Write who may agree." }] : []),
        ...(count > 0 && !enough
            ? [
                  {
                      path: `${path}.approvalsNeeded`,
                      reason: `${approvalsNeeded} is more or less than ${count} approver(s) can give. Write 1 to ${count}.`,
                  },
              ]
            : []),
        ...approvers.flatMap((email, index) => {
            const reason = emailProblem(email);
            return reason === undefined ? [] : [{ path: `${path}.approvers[${index}]`, reason }];
        }),
    ];
}

function hasPeople({ emails = [], emailDomains = [], groups = [] }: AudienceMembers): boolean {
    return emails.length + emailDomains.length + groups.length > 0;
}

function hasMachines(members: AudienceMembers): boolean {
    const { serviceTokenIds = [], certificateCommonNames = [], anyClientCertificate = false } = members;
    return serviceTokenIds.length + certificateCommonNames.length > 0 || anyClientCertificate;
}

/** Domains of free mail are refused as members; to keep them out is fine. */
function excludedDomainProblem(domain: string): string | undefined {
    const reason = emailDomainProblem(domain);
    return reason?.includes("gives addresses to anybody") ? undefined : reason;
}

function has(emails: readonly string[] = [], email: string): boolean {
    return emails.some((one) => one.toLowerCase() === email.toLowerCase());
}
