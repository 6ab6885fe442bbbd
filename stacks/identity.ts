import * as pulumi from "@pulumi/pulumi";
import { LOGIN_PROPERTY } from "../components/access/identity/logins.ts";
import { CHECK_PROPERTY } from "../components/access/posture/checks.ts";
import {
    AccessAudience,
    AccessOrganization,
    ClientCertificateForwarding,
    DevicePosture,
    type DevicePostureArgs,
    type IdentityGroup,
    IdentityProvider,
    type IdentityProviderArgs,
    MutualTlsCertificate,
    type ServiceToken,
} from "../components/index.ts";
import type { AudienceConfig, Environment } from "./config/environment.ts";
import type { GroupConfig } from "./config/identity/audiences.ts";
import { required } from "./required.ts";

type Options = pulumi.ComponentResourceOptions;

/** What identity is made from beside the environment. */
export interface IdentityDependencies {
    tokens: ReadonlyMap<string, ServiceToken>;
    zoneId: pulumi.Input<string>;
}

/** Who may enter, by name of the audience, and what to register at the identity providers. */
export interface Identity {
    audiences: Map<string, AccessAudience>;
    outputs: { identityProviders?: Record<string, object> };
}

/** Everything about who somebody is: ways to log in, checks of devices, client certificates, the organization, audiences. */
export function identityOf(
    environment: Environment,
    { tokens, zoneId }: IdentityDependencies,
    opts: Options,
): Identity {
    const { accountId, team, stack, organization, clientCertificates } = environment;
    const providers = mapByName(environment.identityProviders, (provider) => providerOf(environment, provider, opts));
    const checks = mapByName(environment.posture, (posture) => checkOf(environment, posture, opts));
    for (const { name, certificate: certificatePem, hostnames } of clientCertificates) {
        const certificateName = `${stack}-${name}`;
        new MutualTlsCertificate(name, { accountId, certificateName, certificatePem, hostnames }, opts);
    }
    forwardCertificates(environment, zoneId, opts);
    if (organization !== undefined) {
        new AccessOrganization("organization", { accountId, team, ...organization }, opts);
    }
    const audiences = mapByName(environment.audiences, (audience) =>
        audienceOf(environment, audience, { tokens, providers, checks }, opts),
    );
    return { audiences, outputs: providers.size === 0 ? {} : { identityProviders: registrationsOf(providers) } };
}

function providerOf(
    { accountId, team }: Environment,
    { name, kind, login, displayName, scim }: Environment["identityProviders"][number],
    opts: Options,
): IdentityProvider {
    const description: Partial<IdentityProviderArgs> = described(LOGIN_PROPERTY[kind], login);
    const providerName = displayName ?? name;
    return new IdentityProvider(name, { accountId, team, providerName, kind, scim, ...description }, opts);
}

function checkOf(
    { accountId, stack }: Environment,
    { name, kind, check, ...rest }: Environment["posture"][number],
    opts: Options,
): DevicePosture {
    const description: Partial<DevicePostureArgs> = described(CHECK_PROPERTY[kind], check);
    return new DevicePosture(name, { accountId, postureName: `${stack}-${name}`, kind, ...rest, ...description }, opts);
}

/** The argument that describes a kind. The configuration has checked that the description is of that kind. */
function described(property: string | undefined, description: object): object {
    return property === undefined ? {} : { [property]: description };
}

interface Declared {
    tokens: ReadonlyMap<string, ServiceToken>;
    providers: ReadonlyMap<string, IdentityProvider>;
    checks: ReadonlyMap<string, DevicePosture>;
}

function audienceOf(
    { accountId, stack }: Environment,
    { name, serviceTokens, groups, require, exclude, ...who }: AudienceConfig,
    { tokens, providers, checks }: Declared,
    opts: Options,
): AccessAudience {
    const groupsOf = (some: readonly GroupConfig[] = []): IdentityGroup[] =>
        some.map(({ provider, ...group }) => ({
            ...group,
            identityProviderId: required(providers, provider).providerId,
        }));
    const rulesOf = (anyOf: string | string[]) =>
        pulumi.all([anyOf].flat().map((check) => required(checks, check).ruleIds)).apply((lists) => lists.flat());
    return new AccessAudience(
        name,
        {
            accountId,
            audienceName: `${stack}-${name}`,
            ...who,
            serviceTokenIds: serviceTokens.map((token) => required(tokens, token).tokenId),
            ...(groups && { groups: groupsOf(groups) }),
            ...(require && {
                require: {
                    authenticationMethods: require.authenticationMethods,
                    emailDomains: require.emailDomains,
                    clientCertificate: require.clientCertificate,
                    groups: groupsOf(require.groups),
                    posture: (require.posture ?? []).map((anyOf) => ({ anyOf: rulesOf(anyOf) })),
                    identityProviderIds: require.providers?.map((provider) => required(providers, provider).providerId),
                },
            }),
            ...(exclude && { exclude: { ...exclude, groups: groupsOf(exclude.groups) } }),
        },
        opts,
    );
}

/** One list for the zone, and only where an authority says something of it: otherwise the zone's own is left alone. */
function forwardCertificates({ clientCertificates }: Environment, zoneId: pulumi.Input<string>, opts: Options): void {
    const said = clientCertificates.filter(({ forwardToOrigin }) => forwardToOrigin !== undefined);
    if (said.length === 0) return;
    const forward = new Set(
        said.filter(({ forwardToOrigin }) => forwardToOrigin).flatMap(({ hostnames }) => hostnames),
    );
    const withhold = said.flatMap(({ hostnames }) => hostnames).filter((hostname) => !forward.has(hostname));
    new ClientCertificateForwarding(
        "client-certificate-forwarding",
        { zoneId, forward: [...forward], withhold: [...new Set(withhold)] },
        opts,
    );
}

/** What to enter at each identity provider. */
function registrationsOf(providers: ReadonlyMap<string, IdentityProvider>): Record<string, object> {
    return Object.fromEntries(
        [...providers].map(([name, { providerId, callbackUrl, scimBaseUrl, scimSecret }]) => [
            name,
            { providerId, callbackUrl, scimBaseUrl, scimSecret },
        ]),
    );
}

function mapByName<Config extends { name: string }, T>(
    configs: readonly Config[],
    make: (config: Config) => T,
): Map<string, T> {
    return new Map(configs.map((config) => [config.name, make(config)]));
}
