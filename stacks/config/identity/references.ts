import { IdentityProviderKind } from "../../../components/access/identity/logins.ts";
import { hostnameProblem } from "../../../components/validation/index.ts";
import type { ConfigIssue } from "../configError.ts";
import type { StackFile } from "../schema.ts";
import type { GroupConfig } from "./audiences.ts";

type Values = Pick<StackFile, "audiences" | "identityProviders" | "posture" | "clientCertificates" | "zone">;

/** The kind of provider that vouches for each kind of group. */
const VOUCHES: Readonly<Record<Exclude<keyof GroupConfig, "provider" | "githubTeam">, string>> = {
    googleGroup: IdentityProviderKind.GoogleWorkspace,
    oktaGroup: IdentityProviderKind.Okta,
    azureGroupId: IdentityProviderKind.AzureAd,
    githubOrganization: IdentityProviderKind.GitHub,
    samlAttribute: IdentityProviderKind.Saml,
    oidcClaim: IdentityProviderKind.Oidc,
};

/** What does not fit together among the identity keys of a stack file, by path. */
export function identityIssues(values: Values): ConfigIssue[] {
    const requiredChecks = new Set<string>();
    const issues = Object.entries(values.audiences).flatMap(([name, { groups, require = {}, exclude = {} }]) => {
        const path = `sallyport:audiences.${name}`;
        const checks = (require.posture ?? []).map((check) => (typeof check === "string" ? [check] : check));
        for (const check of checks.flat()) requiredChecks.add(check);
        return [
            ...groupIssues(`${path}.groups`, groups, values),
            ...groupIssues(`${path}.require.groups`, require.groups, values),
            ...groupIssues(`${path}.exclude.groups`, exclude.groups, values),
            ...(require.providers ?? []).flatMap((provider, index) =>
                undeclared(`${path}.require.providers[${index}]`, provider, "identityProviders", values),
            ),
            ...checks.flatMap((anyOf, index) =>
                anyOf.flatMap((check) => undeclared(`${path}.require.posture[${index}]`, check, "posture", values)),
            ),
        ];
    });
    const idle = Object.keys(values.posture).filter((name) => !requiredChecks.has(name));
    return [
        ...issues,
        ...idle.map((name) => ({
            path: `sallyport:posture.${name}`,
            reason: "No audience requires this check, so it would keep nobody out. Name it in an audience's require.posture or remove it.",
        })),
        ...pinIssues(values),
        ...certificateIssues(values),
    ];
}

/** Client secrets that stand in the stack file as they are, by path. */
export function clearSecretIssues(values: Record<string, unknown>): ConfigIssue[] {
    return Object.entries((values.identityProviders ?? {}) as Record<string, unknown>).flatMap(([name, provider]) => {
        const secret = (provider as { clientSecret?: unknown } | null)?.clientSecret;
        const path = `sallyport:identityProviders.${name}.clientSecret`;
        const command = `pulumi config set --secret --path '${path}'`;
        return typeof secret === "string"
            ? [
                  {
                      path,
                      reason: `stands in clear in the stack file. Remove it, make a new one, and set that with \`${command}\`.`,
                  },
              ]
            : [];
    });
}

function groupIssues(path: string, groups: readonly GroupConfig[] = [], values: Values): ConfigIssue[] {
    return groups.flatMap((group, index) => {
        const at = `${path}[${index}].provider`;
        const kind = values.identityProviders[group.provider]?.kind;
        if (kind === undefined) return undeclared(at, group.provider, "identityProviders", values);
        const [property] = Object.keys(VOUCHES).filter((key) => group[key as keyof typeof VOUCHES] !== undefined);
        const needed = VOUCHES[property as keyof typeof VOUCHES];
        return needed === kind
            ? []
            : [
                  {
                      path: at,
                      reason: `"${group.provider}" is of the kind "${kind}", and "${property}" needs "${needed}".`,
                  },
              ];
    });
}

function undeclared(path: string, name: string, key: "identityProviders" | "posture", values: Values): ConfigIssue[] {
    if (name in values[key]) return [];
    const known = Object.keys(values[key]).join(", ") || "none";
    const reason = `"${name}" is not declared in sallyport:${key} (declared: ${known}). Declare it there or correct the name.`;
    return [{ path, reason }];
}

/** The API has one login by one-time PIN in an account. */
function pinIssues({ identityProviders }: Values): ConfigIssue[] {
    const [first, ...others] = Object.entries(identityProviders)
        .filter(([, { kind }]) => kind === IdentityProviderKind.OneTimePin)
        .map(([name]) => name);
    return others.map((name) => ({
        path: `sallyport:identityProviders.${name}`,
        reason: `is a second login by one-time PIN beside "${first}", and an account has one. Remove it.`,
    }));
}

function certificateIssues({ clientCertificates, zone }: Values): ConfigIssue[] {
    return Object.entries(clientCertificates).flatMap(([name, { hostnames }]) =>
        hostnames.flatMap((hostname, index) => {
            const reason = hostnameProblem(hostname, { zone });
            return reason === undefined
                ? []
                : [{ path: `sallyport:clientCertificates.${name}.hostnames[${index}]`, reason }];
        }),
    );
}
