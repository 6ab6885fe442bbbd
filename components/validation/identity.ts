import type { Problem } from "../internal/problems.ts";
import { UUID } from "./identifiers.ts";
import { emailProblem } from "./people.ts";

/** Ways of authenticating that a provider may report (RFC 8176, section 2, and the registry it opens). */
const AUTHENTICATION_METHODS: ReadonlySet<string> = new Set(
    "face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia".split(" "),
);

/** GitHub: letters, digits and single inner hyphens, at most 39 (organisations) or the slug of a team. */
const GITHUB_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/;

/** Says what is wrong with the public credentials id of a login, or nothing. */
export function clientIdProblem(id: string): string | undefined {
    return id.trim() === "" ? "is empty. Write the client id that the identity provider shows." : undefined;
}

/** Says what is wrong with a client secret, or nothing. The secret is never quoted. */
export function clientSecretProblem(secret: string): string | undefined {
    return secret.trim() === "" ? "is empty. Give the client secret that the identity provider shows." : undefined;
}

/** Says what is wrong with an id that Microsoft Entra gives (a directory's, a group's), or nothing. */
export function entraIdProblem(id: string): string | undefined {
    return UUID.test(id)
        ? undefined
        : `${JSON.stringify(id)} is not an id of Microsoft Entra. Write the UUID that its portal shows as object or tenant id.`;
}

/** Says what is wrong with the name of a claim, an attribute or a group, or nothing. */
export function nameProblem(name: string): string | undefined {
    if (name.trim() === "") return "is empty. Write a name.";
    return name === name.trim()
        ? undefined
        : `${JSON.stringify(name)} has a space at its edge. Write ${JSON.stringify(name.trim())}.`;
}

/** Says what is wrong with a way of authenticating that a login must have used, or nothing. */
export function authenticationMethodProblem(method: string): string | undefined {
    if (AUTHENTICATION_METHODS.has(method)) return undefined;
    return `${JSON.stringify(method)} is not an authentication method of RFC 8176. Write one such as "mfa" or "hwk".`;
}

/**
 * Says what is wrong with a certificate with which an identity provider signs, or nothing. It may be PEM or the base64 of
 * its DER form, as metadata files have it. Only its frame is looked at.
 */
export function signingCertificateProblem(certificate: string): string | undefined {
    if (/PRIVATE KEY/.test(certificate)) return "is a private key. Give the certificate, which is public.";
    const body = certificateBody(certificate);
    return /^MI[A-Za-z0-9+/]+={0,2}$/.test(body)
        ? undefined
        : "is not a certificate. Give PEM, or the text of <X509Certificate> in the provider's metadata.";
}

/** Base64 of a certificate's DER form without PEM's frame and line breaks: the form in which the API takes and returns it. */
export function certificateBody(certificate: string): string {
    return certificate.replace(/-----(BEGIN|END) CERTIFICATE-----|\s/g, "");
}

/** A group at an identity provider, as far as it is plain text: exactly one kind of group. */
export interface GroupDescription {
    googleGroup?: string | undefined;
    oktaGroup?: string | undefined;
    azureGroupId?: string | undefined;
    githubOrganization?: string | undefined;
    githubTeam?: string | undefined;
    samlAttribute?: { name: string; value: string } | undefined;
    oidcClaim?: { name: string; value: string } | undefined;
}

const GROUP_KINDS = [
    "googleGroup",
    "oktaGroup",
    "azureGroupId",
    "githubOrganization",
    "samlAttribute",
    "oidcClaim",
] as const;

/** Every mistake in a group of an identity provider, by path below `path`. */
export function groupProblems(path: string, group: GroupDescription): Problem[] {
    const kinds = GROUP_KINDS.filter((kind) => group[kind] !== undefined);
    if (kinds.length !== 1) {
        const what = kinds.length === 0 ? "names no group" : `names ${kinds.length} groups (${kinds.join(", ")})`;
        return [{ path, reason: `${what}. Write exactly one of ${GROUP_KINDS.join(", ")}.` }];
    }
    const checks: [string, string | undefined][] = [
        ["googleGroup", ifGiven(group.googleGroup, emailProblem)],
        ["oktaGroup", ifGiven(group.oktaGroup, nameProblem)],
        ["azureGroupId", ifGiven(group.azureGroupId, entraIdProblem)],
        ["githubOrganization", ifGiven(group.githubOrganization, githubProblem)],
        ["githubTeam", ifGiven(group.githubTeam, (team) => teamProblem(team, group.githubOrganization))],
        ["samlAttribute.name", ifGiven(group.samlAttribute?.name, nameProblem)],
        ["samlAttribute.value", ifGiven(group.samlAttribute?.value, nameProblem)],
        ["oidcClaim.name", ifGiven(group.oidcClaim?.name, nameProblem)],
        ["oidcClaim.value", ifGiven(group.oidcClaim?.value, nameProblem)],
    ];
    return checks.flatMap(([property, reason]) =>
        reason === undefined ? [] : [{ path: `${path}.${property}`, reason }],
    );
}

function ifGiven(value: string | undefined, problemOf: (value: string) => string | undefined): string | undefined {
    return value === undefined ? undefined : problemOf(value);
}

function githubProblem(name: string): string | undefined {
    return GITHUB_NAME.test(name)
        ? undefined
        : `${JSON.stringify(name)} is not a name on GitHub. Write the last part of its address, such as "example".`;
}

function teamProblem(team: string, organization: string | undefined): string | undefined {
    if (organization === undefined) return 'has no organisation. Write it as "githubOrganization".';
    const slug = team.toLowerCase().replaceAll(/\s+/g, "-");
    return /^[a-z0-9_-]+$/.test(team)
        ? undefined
        : `${JSON.stringify(team)} is not the slug of a team. Write the last part of its address, such as ${JSON.stringify(slug)}.`;
}
