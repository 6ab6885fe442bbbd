import type * as pulumi from "@pulumi/pulumi";
import { normaliseIpRange } from "../../validation/index.ts";
import type { IdentityGroup } from "./conditions.ts";

/** A rule of an Access policy or group, as far as an audience uses them: one member of it is set. */
export interface AudienceRule {
    email?: { email: string };
    emailDomain?: { domain: string };
    ip?: { ip: string };
    geo?: { countryCode: string };
    group?: { id: pulumi.Input<string> };
    serviceToken?: { tokenId: pulumi.Input<string> };
    certificate?: Record<string, never>;
    commonName?: { commonName: string };
    loginMethod?: { id: pulumi.Input<string> };
    authMethod?: { authMethod: string };
    devicePosture?: { integrationUid: pulumi.Input<string> };
    gsuite?: { email: string; identityProviderId: pulumi.Input<string> };
    okta?: { name: string; identityProviderId: pulumi.Input<string> };
    azureAd?: { id: string; identityProviderId: pulumi.Input<string> };
    githubOrganization?: { name: string; team?: string; identityProviderId: pulumi.Input<string> };
    saml?: { attributeName: string; attributeValue: string; identityProviderId: pulumi.Input<string> };
    oidc?: { claimName: string; claimValue: string; identityProviderId: pulumi.Input<string> };
}

// Every list is sorted, and lower-cased where case means nothing, so that neither order nor spelling in the program is a change.

export function emailRules(emails: readonly string[] = []): AudienceRule[] {
    return normalised(emails, lowerCase).map((email) => ({ email: { email } }));
}

export function emailDomainRules(domains: readonly string[] = []): AudienceRule[] {
    return normalised(domains, lowerCase).map((domain) => ({ emailDomain: { domain } }));
}

export function ipRules(ranges: readonly string[] = []): AudienceRule[] {
    return normalised(ranges, normaliseIpRange).map((ip) => ({ ip: { ip } }));
}

export function countryRules(codes: readonly string[] = []): AudienceRule[] {
    return normalised(codes, (code) => code).map((countryCode) => ({ geo: { countryCode } }));
}

export function commonNameRules(names: readonly string[] = []): AudienceRule[] {
    return normalised(names, (name) => name).map((commonName) => ({ commonName: { commonName } }));
}

export function authenticationMethodRules(methods: readonly string[] = []): AudienceRule[] {
    return normalised(methods, (method) => method).map((authMethod) => ({ authMethod: { authMethod } }));
}

/** In the order in which they are written: ids of providers are not known in a preview, so there is nothing to sort by. */
export function groupRules(groups: readonly IdentityGroup[] = []): AudienceRule[] {
    return groups.map(groupRule);
}

function groupRule(group: IdentityGroup): AudienceRule {
    const { identityProviderId } = group;
    if (group.googleGroup !== undefined) {
        return { gsuite: { email: group.googleGroup.toLowerCase(), identityProviderId } };
    }
    if (group.oktaGroup !== undefined) return { okta: { name: group.oktaGroup, identityProviderId } };
    if (group.azureGroupId !== undefined) {
        return { azureAd: { id: group.azureGroupId.toLowerCase(), identityProviderId } };
    }
    if (group.githubOrganization !== undefined) {
        const team = group.githubTeam === undefined ? {} : { team: group.githubTeam };
        return { githubOrganization: { name: group.githubOrganization, ...team, identityProviderId } };
    }
    if (group.samlAttribute !== undefined) {
        const { name: attributeName, value: attributeValue } = group.samlAttribute;
        return { saml: { attributeName, attributeValue, identityProviderId } };
    }
    if (group.oidcClaim !== undefined) {
        const { name: claimName, value: claimValue } = group.oidcClaim;
        return { oidc: { claimName, claimValue, identityProviderId } };
    }
    // The arguments are checked before; this would be a mistake of ours.
    throw new Error("a group of an identity provider is of no kind");
}

function lowerCase(text: string): string {
    return text.toLowerCase();
}

function normalised(values: readonly string[], normalise: (value: string) => string): string[] {
    return [...new Set(values.map(normalise))].toSorted();
}
