import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { IdentityProvider, type IdentityProviderArgs, IdentityProviderKind } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf, uuid } from "../support/mocks.ts";
import { ACCOUNT, KEY, Token } from "./fixtures.ts";

const account = { accountId: ACCOUNT, team: "example" };
const client = { clientId: "id", clientSecret: "hush-hush" };
const DIRECTORY = "0f0e0d0c-0000-4000-8000-000000000001";

type Kind = Omit<IdentityProviderArgs, "accountId" | "team">;

/** Each kind with as little as it takes, and the configuration that the API is sent. */
const kinds: [Kind, object][] = [
    [{ kind: IdentityProviderKind.OneTimePin }, {}],
    [{ kind: IdentityProviderKind.Google, google: client }, client],
    [
        { kind: IdentityProviderKind.GoogleWorkspace, googleWorkspace: { ...client, domain: "example.com" } },
        { ...client, appsDomain: "example.com" },
    ],
    [{ kind: IdentityProviderKind.GitHub, github: client }, client],
    [
        { kind: IdentityProviderKind.AzureAd, azureAd: { ...client, directoryId: DIRECTORY } },
        { ...client, directoryId: DIRECTORY, supportGroups: true, conditionalAccessEnabled: false },
    ],
    [
        { kind: IdentityProviderKind.Okta, okta: { ...client, account: "https://example.okta.com" } },
        { ...client, oktaAccount: "https://example.okta.com" },
    ],
    [
        {
            kind: IdentityProviderKind.Oidc,
            oidc: {
                ...client,
                authorizationUrl: "https://id.example.com/auth",
                tokenUrl: "https://id.example.com/token",
                keysUrl: "https://id.example.com/keys",
            },
        },
        {
            ...client,
            authUrl: "https://id.example.com/auth",
            tokenUrl: "https://id.example.com/token",
            certsUrl: "https://id.example.com/keys",
            scopes: ["openid", "email", "profile"],
            pkceEnabled: true,
        },
    ],
    [
        {
            kind: IdentityProviderKind.Saml,
            saml: {
                issuer: "https://id.example.com",
                signInUrl: "https://id.example.com/sso",
                certificates: ["-----BEGIN CERTIFICATE-----\nMIIB\nAAAA\n-----END CERTIFICATE-----\n", "MIIC"],
            },
        },
        {
            issuerUrl: "https://id.example.com",
            ssoTargetUrl: "https://id.example.com/sso",
            idpPublicCerts: ["MIIBAAAA", "MIIC"],
            emailAttributeName: "email",
            signRequest: true,
        },
    ],
];

describe("IdentityProvider", () => {
    it.each(kinds)("describes %j to the API, the secure form where it is not told", async (args, config) => {
        const { inputsOf, error } = await deploy(() => new IdentityProvider("login", { ...account, ...args }));
        expect(error).toBeUndefined();
        expect(inputsOf(Token.IdentityProvider, "login-provider")).toEqual({
            accountId: ACCOUNT,
            name: "login",
            type: args.kind,
            config,
        });
    });

    it.each(kinds)("keeps the client secret of %j sealed, in its own arguments as well", async (args) => {
        const { resources } = await deploy(() => new IdentityProvider("login", { ...account, ...args }));
        const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("hush-hush"));
        for (const { name, secrets } of holders) {
            expect(
                secrets.filter((path) => path.endsWith("clientSecret")),
                name,
            ).toHaveLength(1);
        }
        expect(holders).toHaveLength(JSON.stringify(args).includes("hush-hush") ? 2 : 0);
    });

    it("gives the address to register at the provider, and its id for groups", async () => {
        const { result } = await deploy(
            () => new IdentityProvider("login", { ...account, kind: "github", github: client, providerName: "GitHub" }),
        );
        const provider = result as IdentityProvider;
        expect(await promiseOf(provider.callbackUrl)).toBe(
            "https://example.cloudflareaccess.com/cdn-cgi/access/callback",
        );
        expect(await promiseOf(provider.providerId)).toBe(uuid("login-provider"));
        expect(await promiseOf(provider.scimBaseUrl)).toBe("");
    });

    it("lets the directory tell who leaves, and gives its address in clear and its bearer token as a secret", async () => {
        const okta = { ...client, account: "https://example.okta.com" };
        const { result, inputsOf } = await deploy(
            () => new IdentityProvider("okta", { ...account, kind: "okta", okta, scim: {} }),
        );
        expect(inputsOf(Token.IdentityProvider, "okta-provider")).toMatchObject({
            scimConfig: {
                enabled: true,
                userDeprovision: true,
                seatDeprovision: false,
                identityUpdateBehavior: "automatic",
            },
        });
        const { scimSecret, scimBaseUrl } = result as IdentityProvider;
        expect(await promiseOf(scimSecret)).toBe("okta-provider bearer");
        expect(await pulumi.isSecret(scimSecret)).toBe(true);
        expect(await promiseOf(scimBaseUrl)).toBe("okta-provider SCIM");
        expect(await pulumi.isSecret(scimBaseUrl)).toBe(false);
    });

    it.each<[string, Partial<IdentityProviderArgs>, string, RegExp]>([
        ["no description of its kind", { kind: "okta" }, "okta", /is missing.*"okta"/],
        [
            "a description of another kind",
            { kind: "google", google: client, github: client },
            "github",
            /does not belong to the kind "google".*"google"/,
        ],
        ["a PIN with a client", { kind: "onetimepin", google: client }, "google", /kind "onetimepin". Remove it\.$/],
        ["an unknown kind", { kind: "myspace" as "google" }, "kind", /"myspace" is unknown.*azureAD/],
        ["SCIM beside a PIN", { kind: "onetimepin", scim: {} }, "scim", /onetimepin.*azureAD, okta, oidc, saml/],
        [
            "seats freed from people who stay",
            {
                kind: "okta",
                okta: { ...client, account: "https://a.okta.com" },
                scim: { revokeSessions: false, freeSeats: true },
            },
            "scim.freeSeats",
            /needs the sessions to be revoked/,
        ],
        [
            "a key instead of a certificate",
            { kind: "saml", saml: { issuer: "i", signInUrl: "https://i.example.com", certificates: [KEY] } },
            "saml.certificates[0]",
            /is a private key/,
        ],
        [
            "no certificate at all",
            { kind: "saml", saml: { issuer: "i", signInUrl: "https://i.example.com", certificates: [] } },
            "saml.certificates",
            /any answer would do/,
        ],
    ])("refuses %s and registers nothing", async (_, args, path, reason) => {
        const { error, resources } = await deploy(
            () => new IdentityProvider("login", { ...account, ...args } as IdentityProviderArgs),
        );
        expect(problemsOf(error)).toEqual({ [path]: expect.stringMatching(reason) });
        expect(resources).toEqual([]);
    });

    it.each(
        kinds.filter(([, config]) => Object.keys(config).length > 0).map(([{ kind, ...login }]) => ({ kind, login })),
    )("misses what the kind $kind cannot do without, before anything is registered", async ({ kind, login }) => {
        const [property = ""] = Object.keys(login);
        const args = { ...account, kind, [property]: {} };
        const { error, resources } = await deploy(() => new IdentityProvider("login", args));
        const missing = Object.entries(problemsOf(error));
        expect(missing.length).toBeGreaterThan(1);
        for (const [path, reason] of missing) {
            expect(path).toMatch(new RegExp(`^${property}\\.`));
            expect(reason).toMatch(/^is missing\. Write a (text|list)\.$/);
        }
        expect(resources).toEqual([]);
    });

    it("tells all mistakes at once, and never the secret", async () => {
        const args = {
            accountId: "acme",
            team: "example.cloudflareaccess.com",
            kind: IdentityProviderKind.Oidc,
            oidc: {
                clientId: "",
                clientSecret: " ",
                authorizationUrl: "http://id.example.com/auth",
                tokenUrl: "id.example.com/token",
                keysUrl: "https://user:pass@id.example.com/keys",
                scopes: ["email"],
                claims: ["groups", "groups"],
            },
        };
        const { error } = await deploy(() => new IdentityProvider("login", args));
        expect(problemsOf(error)).toEqual({
            accountId: expect.stringContaining("32 hexadecimal digits"),
            team: expect.stringContaining('Write its first label: "example"'),
            "oidc.clientId": expect.stringContaining("is empty"),
            "oidc.clientSecret": expect.stringContaining("is empty"),
            "oidc.authorizationUrl": expect.stringContaining("not reached over TLS"),
            "oidc.tokenUrl": expect.stringContaining("is not a URL"),
            "oidc.keysUrl": "holds credentials. Write the URL without them.",
            "oidc.scopes": expect.stringContaining('lacks "openid"'),
            "oidc.claims[1]": expect.stringContaining("already"),
        });
    });
});
