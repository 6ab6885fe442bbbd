import { countryProblem, emailDomainProblem, emailProblem, ipRangeProblem } from "./people.ts";

/** Who may enter, as plain data. An empty list is the same as none. */
export interface AudienceMembers extends AudienceLists {
    serviceTokenIds?: readonly unknown[];
}

/** The members of an audience that are text. */
export interface AudienceLists {
    emails?: readonly string[];
    emailDomains?: readonly string[];
    ipRanges?: readonly string[];
    countries?: readonly string[];
}

/**
 * Says what is wrong with an audience as a whole: that it names nobody.
 *
 * Networks and countries only narrow who may enter. Alone they would let in whoever happens to be there: an Access
 * policy that includes an IP range or a country takes any identity from it, a one-time PIN to any mailbox among them.
 */
export function audienceProblem(members: AudienceMembers): string | undefined {
    const { emails = [], emailDomains = [], serviceTokenIds = [], ipRanges = [], countries = [] } = members;
    if (emails.length + emailDomains.length + serviceTokenIds.length > 0) return undefined;
    const narrowed = ipRanges.length + countries.length > 0;
    return narrowed
        ? 'names no person and no service token; "ipRanges" and "countries" only narrow who may enter. Add "emails", "emailDomains" or service tokens.'
        : 'names nobody. Write at least one of "emails", "emailDomains" or service tokens.';
}

/** Every mistake in the lists of an audience, by path (`emails[1]`). */
export function audienceMemberProblems(members: AudienceLists): { path: string; reason: string }[] {
    const checks = [
        ["emails", emailProblem],
        ["emailDomains", emailDomainProblem],
        ["ipRanges", ipRangeProblem],
        ["countries", countryProblem],
    ] as const;
    return checks.flatMap(([list, problemOf]) =>
        (members[list] ?? []).flatMap((value, index) => {
            const reason = problemOf(value);
            return reason === undefined ? [] : [{ path: `${list}[${index}]`, reason }];
        }),
    );
}
