import type { AudienceConfig } from "./config/environment.ts";
import type { GroupConfig } from "./config/identity/audiences.ts";

/** The members of an audience in words, each with the conditions under which it enters: `people of @example.com (only in CH)`. */
export function membersOf(audience: AudienceConfig): string[] {
    const { emails, emailDomains, serviceTokens, groups = [], certificateCommonNames = [] } = audience;
    const people = [
        ...emails,
        ...emailDomains.map((domain) => `people of @${domain}`),
        ...groups.map((group) => `members of ${groupWords(group)}`),
    ];
    const machines = [
        ...serviceTokens.map((token) => `service token ${token}`),
        ...certificateCommonNames.map((name) => `client certificate of ${name}`),
        ...(audience.anyClientCertificate === true ? ["any client certificate"] : []),
    ];
    return [...withCondition(people, peopleCondition(audience)), ...withCondition(machines, placeCondition(audience))];
}

function withCondition(members: readonly string[], condition: string): string[] {
    return members.map((member) => `${member}${condition}`);
}

/** What holds for machines as well: places and client certificates. They admit nobody; they narrow who of the members may enter. */
function placeCondition(audience: AudienceConfig): string {
    return conditionWords(places(audience), exceptPlaces(audience));
}

function peopleCondition(audience: AudienceConfig): string {
    const { require = {}, exclude = {}, approvals = [], justification } = audience;
    const { groups = [], emailDomains = [], providers = [], authenticationMethods = [], posture = [] } = require;
    const only = [
        ...places(audience),
        ...listed("logged in through", providers),
        ...listed("authenticated by", authenticationMethods),
        ...listed(
            "with an address in",
            emailDomains.map((domain) => `@${domain}`),
        ),
        ...listed("also members of", groups.map(groupWords)),
        ...posture.map((anyOf) => `on a device that passes ${[anyOf].flat().toSorted().join(" or ")}`),
        ...approvals.map(
            ({ approvers, approvalsNeeded = 1 }) =>
                `approved by ${approvalsNeeded} of ${approvers.toSorted().join(", ")}`,
        ),
        ...(justification === undefined ? [] : ["who say why"]),
    ];
    const except = [
        ...(exclude.emails ?? []),
        ...(exclude.emailDomains ?? []).map((domain) => `@${domain}`),
        ...(exclude.groups ?? []).map(groupWords),
        ...exceptPlaces(audience),
    ];
    return conditionWords(only, except);
}

function places({ ipRanges, countries, require }: AudienceConfig): string[] {
    return [
        ...listed("from", ipRanges),
        ...listed("in", countries),
        ...(require?.clientCertificate === true ? ["with a client certificate"] : []),
    ];
}

function exceptPlaces({ exclude = {} }: AudienceConfig): string[] {
    return [...listed("from", exclude.ipRanges ?? []), ...listed("in", exclude.countries ?? [])];
}

/** Nothing for an empty list; else any one of its entries, in an order that a program does not change. */
function listed(words: string, entries: readonly string[]): string[] {
    return entries.length === 0 ? [] : [`${words} ${entries.toSorted().join(" or ")}`];
}

function conditionWords(only: readonly string[], except: readonly string[]): string {
    const parts = [
        ...(only.length > 0 ? [`only ${only.join(", ")}`] : []),
        ...(except.length > 0 ? [`except ${except.join(", ")}`] : []),
    ];
    return parts.length > 0 ? ` (${parts.join("; ")})` : "";
}

function groupWords(group: GroupConfig): string {
    const { githubOrganization, githubTeam, samlAttribute, oidcClaim } = group;
    const name =
        group.googleGroup ??
        group.oktaGroup ??
        group.azureGroupId ??
        (githubOrganization && (githubTeam ? `${githubOrganization}/${githubTeam}` : githubOrganization));
    const attribute = samlAttribute ?? oidcClaim;
    return `${name ?? `${attribute?.name}=${attribute?.value}`} at ${group.provider}`;
}
