import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { ConfigError, type ConfigIssue } from "../../stacks/config/configError.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { compareReach, reachOf } from "../../stacks/reach.ts";
import { CERTIFICATE, KEY, Token } from "../components/fixtures.ts";
import { deploy, promiseOf, uuid } from "../support/mocks.ts";

const sealed = { secure: "v1:abc:def" };
const client = { clientId: "id", clientSecret: sealed };
const workspace = { kind: "google-apps", ...client, domain: "example.com" };

/** A stack file's values with an app for the audience `staff`, and whatever else is given. */
function values(staff: object, more: object = {}): Record<string, unknown> {
    return {
        accountId: "a".repeat(32),
        zone: "example.com",
        zoneId: "b".repeat(32),
        team: "example",
        audiences: { staff },
        apps: [{ name: "wiki", hostname: "wiki.example.com", service: "http://wiki:3000", audience: ["staff"] }],
        ...more,
    };
}

function environment(staff: object, more: object = {}, secretsAreEncrypted?: boolean) {
    return parseEnvironment({
        stack: "staging",
        file: "Pulumi.staging.yaml",
        values: values(staff, more),
        projectDir,
        ...(secretsAreEncrypted !== undefined && { secretsAreEncrypted }),
    });
}

function issues(staff: object, more: object = {}): readonly ConfigIssue[] {
    try {
        environment(staff, more);
    } catch (error) {
        if (error instanceof ConfigError) return error.issues;
        throw error;
    }
    return [];
}

const emails = ["ada@example.com"];

/** Everything that a stack file can say of identity. */
const whole = [
    {
        groups: [{ provider: "workspace", googleGroup: "staff@example.com" }],
        require: {
            providers: ["workspace", "okta"],
            authenticationMethods: ["mfa"],
            posture: ["disk", ["macos", "windows"]],
            clientCertificate: true,
        },
        exclude: { groups: [{ provider: "okta", oktaGroup: "Contractors" }], countries: ["US"] },
        justification: { prompt: "Which ticket?" },
        approvals: [{ approvers: ["boss@example.com"] }],
    },
    {
        identityProviders: {
            workspace,
            okta: { kind: "okta", ...client, account: "https://example.okta.com", scim: {}, displayName: "Okta" },
            pin: { kind: "onetimepin" },
        },
        posture: {
            disk: { kind: "disk_encryption", platforms: ["mac", "windows"], schedule: "10m" },
            macos: { kind: "os_version", platforms: ["mac"], version: "14.2.0" },
            windows: { kind: "os_version", platforms: ["windows"], version: "10.0.19045" },
        },
        clientCertificates: {
            machines: { certificate: CERTIFICATE, hostnames: ["wiki.example.com"], forwardToOrigin: true },
            old: { certificate: CERTIFICATE, hostnames: ["old.example.com"], forwardToOrigin: false },
        },
        organization: { sessionDuration: "12h", loginPage: { headerText: "Log in" } },
    },
] as const;

describe("identity in a stack file", () => {
    it("becomes providers, checks, authorities, the organization and audiences that refer to them", async () => {
        const { inputsOf, error, resources } = await deploy(() => deployStack(environment(...whole)));
        expect(error).toBeUndefined();
        expect(inputsOf(Token.IdentityProvider, "workspace-provider")).toMatchObject({
            name: "workspace",
            type: "google-apps",
            config: { clientId: "id", appsDomain: "example.com" },
        });
        expect(inputsOf(Token.IdentityProvider, "okta-provider")).toMatchObject({
            name: "Okta",
            scimConfig: { enabled: true },
        });
        expect(inputsOf(Token.IdentityProvider, "pin-provider")).toMatchObject({ type: "onetimepin", config: {} });
        expect(inputsOf(Token.PostureRule, "disk-mac")).toMatchObject({ name: "staging-disk (mac)", schedule: "10m" });
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toMatchObject({
            includes: [{ gsuite: { email: "staff@example.com", identityProviderId: uuid("workspace-provider") } }],
            requires: [
                { certificate: {} },
                { group: { id: "staff-login-methods-id" } },
                { authMethod: { authMethod: "mfa" } },
                { group: { id: "staff-posture-0-id" } },
                { group: { id: "staff-posture-1-id" } },
            ],
            excludes: [
                { okta: { name: "Contractors", identityProviderId: uuid("okta-provider") } },
                { geo: { countryCode: "US" } },
            ],
            approvalRequired: true,
            purposeJustificationPrompt: "Which ticket?",
        });
        expect(inputsOf(Token.AccessGroup, "staff-posture-1")).toMatchObject({
            includes: [uuid("macos-mac"), uuid("windows-windows")].map((integrationUid) => ({
                devicePosture: { integrationUid },
            })),
        });
        expect(inputsOf(Token.ClientCertificateAuthority, "machines-certificate")).toMatchObject({
            name: "staging-machines",
            associatedHostnames: ["wiki.example.com"],
        });
        expect(inputsOf(Token.ClientCertificateSettings, "client-certificate-forwarding-settings")).toMatchObject({
            settings: [
                { hostname: "old.example.com", clientCertificateForwarding: false },
                { hostname: "wiki.example.com", clientCertificateForwarding: true },
            ],
        });
        expect(inputsOf(Token.AccessOrganization, "organization-settings")).toMatchObject({ sessionDuration: "12h" });
        expect(resources.filter(({ type }) => type === Token.PostureRule)).toHaveLength(4);
    });

    it("gives what to register at each provider", async () => {
        const { result } = await deploy(() => deployStack(environment(...whole)));
        const { identityProviders = {} } = result as { identityProviders?: Record<string, Registration> };
        expect(Object.keys(identityProviders)).toEqual(["workspace", "okta", "pin"]);
        expect(await promiseOf((identityProviders.okta as Registration).callbackUrl)).toBe(
            "https://example.cloudflareaccess.com/cdn-cgi/access/callback",
        );
    });

    it("leaves the organization, the zone's settings and the outputs alone where it says nothing of them", async () => {
        const { resources, result } = await deploy(() => deployStack(environment({ emails })));
        const types = resources.map(({ type }) => type);
        expect(types).not.toContain(Token.AccessOrganization);
        expect(types).not.toContain(Token.ClientCertificateSettings);
        expect(result).not.toHaveProperty("identityProviders");
    });
});

type Registration = { callbackUrl: import("@pulumi/pulumi").Output<string> };

describe("a mistake about identity in a stack file is refused with its path", () => {
    const provider = (login: object) => ({ identityProviders: { login } });
    const check = (disk: object) => [{ emails, require: { posture: ["disk"] } }, { posture: { disk } }] as const;

    it.each<[string, readonly [object, object?], string, RegExp]>([
        [
            "a client secret in clear",
            [{ emails }, provider({ kind: "github", clientId: "id", clientSecret: "hush" })],
            "sallyport:identityProviders.login.clientSecret",
            /in clear.*pulumi config set --secret --path 'sallyport:identityProviders\.login\.clientSecret'/,
        ],
        [
            "an unknown kind of provider",
            [{ emails }, provider({ kind: "myspace" })],
            "sallyport:identityProviders.login.kind",
            /no kind of provider.*google-apps/,
        ],
        [
            "a key of another kind",
            [{ emails }, provider({ kind: "github", ...client, domain: "example.com" })],
            "sallyport:identityProviders.login.domain",
            /not a key here/,
        ],
        [
            "no client secret",
            [{ emails }, provider({ kind: "github", clientId: "id" })],
            "sallyport:identityProviders.login.clientSecret",
            /no client secret.*pulumi config set --secret/,
        ],
        [
            "SCIM beside a PIN",
            [{ emails }, provider({ kind: "onetimepin", scim: {} })],
            "sallyport:identityProviders.login.scim",
            /onetimepin.*okta/,
        ],
        [
            "a second PIN",
            [{ emails }, { identityProviders: { a: { kind: "onetimepin" }, b: { kind: "onetimepin" } } }],
            "sallyport:identityProviders.b",
            /beside "a"/,
        ],
        [
            "an undeclared provider",
            [{ groups: [{ provider: "ghost", oktaGroup: "x" }] }],
            "sallyport:audiences.staff.groups[0].provider",
            /"ghost" is not declared.*none/,
        ],
        [
            "a group of another kind of provider",
            [{ groups: [{ provider: "login", oktaGroup: "x" }] }, provider(workspace)],
            "sallyport:audiences.staff.groups[0].provider",
            /"google-apps", and "oktaGroup" needs "okta"/,
        ],
        [
            "no group at all",
            [{ emails, groups: [{ provider: "login" }] }, provider(workspace)],
            "sallyport:audiences.staff.groups[0]",
            /names no group/,
        ],
        [
            "an undeclared check",
            [{ emails, require: { posture: [["ghost"]] } }],
            "sallyport:audiences.staff.require.posture[0]",
            /"ghost" is not declared/,
        ],
        [
            "a check that nobody requires",
            [{ emails }, { posture: { disk: { kind: "warp", platforms: ["mac"] } } }],
            "sallyport:posture.disk",
            /keep nobody out/,
        ],
        [
            "a check where the client cannot make it",
            check({ kind: "domain_joined", platforms: ["mac"] }),
            "sallyport:posture.disk.platforms[0]",
            /windows/,
        ],
        [
            "a check without its description",
            check({ kind: "antivirus", platforms: ["windows"] }),
            "sallyport:posture.disk.updatedWithinDays",
            /is missing/,
        ],
        [
            "requirements that machines cannot meet",
            [{ certificateCommonNames: ["ci"], require: { providers: ["login"] } }, provider(workspace)],
            "sallyport:audiences.staff.require.providers",
            /machines do not log in/,
        ],
        [
            "requirements without a member",
            [{ require: { authenticationMethods: ["mfa"] } }],
            "sallyport:audiences.staff",
            /only narrow who may enter/,
        ],
        [
            "a method that nobody knows",
            [{ emails, require: { authenticationMethods: ["mind-reading"] } }],
            "sallyport:audiences.staff.require.authenticationMethods[0]",
            /RFC 8176/,
        ],
        [
            "somebody let in and kept out",
            [{ emails, exclude: { emails: ["Ada@example.com"] } }],
            "sallyport:audiences.staff.exclude.emails",
            /Remove one of the two/,
        ],
        [
            "a private key in the stack file",
            [{ emails }, { clientCertificates: { ca: { certificate: KEY, hostnames: ["a.example.com"] } } }],
            "sallyport:clientCertificates.ca.certificate",
            /holds a private key/,
        ],
        [
            "an authority for another zone",
            [{ emails }, { clientCertificates: { ca: { certificate: CERTIFICATE, hostnames: ["a.example.org"] } } }],
            "sallyport:clientCertificates.ca.hostnames[0]",
            /outside the zone/,
        ],
        [
            "a private network for people who must say why",
            [
                { emails, justification: {} },
                { privateNetworks: [{ name: "office", networks: ["10.20.0.0/16"], grants: [{ audience: "staff" }] }] },
            ],
            "sallyport:privateNetworks[0].grants[0].audience",
            /"staff" asks for justification, which Gateway cannot ask/,
        ],
        [
            "a login that is too short",
            [{ emails }, { organization: { sessionDuration: "5m" } }],
            "sallyport:organization.sessionDuration",
            /at least "15m"/,
        ],
    ])("%s", (_, [staff, more], path, reason) => {
        expect(issues(staff, more)).toEqual([{ path, reason: expect.stringMatching(reason) }]);
    });

    it("and all of them at once, a secret in clear beside a value of the wrong form", () => {
        const found = issues(
            { emails: ["ada"] },
            { identityProviders: { login: { kind: "github", clientId: "", clientSecret: "hush" } } },
        );
        expect(found.map(({ path }) => path).toSorted()).toEqual([
            "sallyport:audiences.staff.emails[0]",
            "sallyport:identityProviders.login.clientId",
            "sallyport:identityProviders.login.clientSecret",
        ]);
        expect(JSON.stringify(found)).not.toContain("hush");
    });

    it("but not a secret that the engine has decrypted", () => {
        const login = { kind: "github", clientId: "id", clientSecret: "hush" };
        expect(environment({ emails }, { identityProviders: { login } }, true).identityProviders).toEqual([
            { name: "login", kind: "github", login: { clientId: "id", clientSecret: "hush" } },
        ]);
    });
});

describe("a stack file that is right but for one value", () => {
    const [staff, more] = whole;
    const right = { audiences: { staff }, ...more };
    const junk = [null, 5, true, "", " ", "Ünïcode", "x".repeat(10_000), [], {}, [[]], [null], { surplus: 1 }];

    it("is refused with a path that leads there, whatever stands in its place", () => {
        const refused: string[] = [];
        for (const place of placesIn(right)) {
            for (const value of junk) {
                const issues = issuesOf(replaced(right, place, value));
                for (const { path, reason } of issues) {
                    expect(path, `${place.join(".")} = ${JSON.stringify(value).slice(0, 20)}`).toMatch(/^sallyport:\w/);
                    expect(reason).not.toMatch(/Invalid input|undefined|\[object/);
                    expect(reason).toMatch(/\.$/);
                }
                if (issues.length === 0) continue;
                refused.push(place.join("."));
                // A whole key that is empty is right by itself, and missed wherever its entries were named.
                if (place.length === 1) continue;
                const related = [`sallyport:${place[0]}`, "sallyport:posture."];
                expect(issues.some(({ path }) => related.some((start) => path.startsWith(start)))).toBe(true);
            }
        }
        expect(refused.length).toBeGreaterThan(400);
    });

    function issuesOf({ audiences, ...rest }: Record<string, unknown>): readonly ConfigIssue[] {
        return issues({}, { ...rest, audiences });
    }
});

/** Every place in a value, as the keys that lead to it. */
function placesIn(value: unknown): (string | number)[][] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
        const step = Array.isArray(value) ? Number(key) : key;
        return [[step], ...placesIn(inner).map((rest) => [step, ...rest])];
    });
}

function replaced<T extends object>(whole: T, place: readonly (string | number)[], value: unknown): T {
    const copy = structuredClone(whole);
    const parent = place
        .slice(0, -1)
        .reduce<Record<string | number, unknown>>(
            (at, step) => at[step] as Record<string | number, unknown>,
            copy as Record<string | number, unknown>,
        );
    parent[place.at(-1) ?? ""] = value;
    return copy;
}

describe("who gains and who loses access, in words,", () => {
    const who = (staff: object, more: object = {}) => reachOf(environment(staff, more)).map((reach) => reach.who);
    const providers = {
        identityProviders: {
            workspace,
            github: { kind: "github", ...client },
            entra: { kind: "azureAD", ...client, directoryId: uuid("directory") },
            saml: { kind: "saml", issuer: "i", signInUrl: "https://i.example.com", certificates: ["MIIB"] },
        },
    };

    it("names groups, certificates and the provider that vouches", () => {
        const groups = [
            { provider: "workspace", googleGroup: "staff@example.com" },
            { provider: "github", githubOrganization: "example", githubTeam: "dev" },
            { provider: "github", githubOrganization: "example" },
            { provider: "entra", azureGroupId: uuid("group") },
            { provider: "saml", samlAttribute: { name: "group", value: "dev" } },
        ];
        expect(who({ groups }, providers)).toEqual(
            [
                "members of staff@example.com at workspace",
                "members of example/dev at github",
                "members of example at github",
                `members of ${uuid("group")} at entra`,
                "members of group=dev at saml",
            ].toSorted((one, other) => one.localeCompare(other)),
        );
        expect(who({ certificateCommonNames: ["billing"], anyClientCertificate: true })).toEqual([
            "any client certificate",
            "client certificate of billing",
        ]);
    });

    it("says under which conditions", () => {
        const [staff, more] = whole;
        expect(who(staff, more)).toEqual([
            "members of staff@example.com at workspace (only with a client certificate, logged in through okta or workspace, " +
                "authenticated by mfa, on a device that passes disk, on a device that passes macos or windows, " +
                "approved by 1 of boss@example.com, who say why; except Contractors at okta, in US)",
        ]);
        expect(
            who({ serviceTokens: ["ci"], emails, exclude: { emails: ["eve@example.com"], countries: ["US"] } }),
        ).toEqual(["ada@example.com (except eve@example.com, in US)", "service token ci (except in US)"]);
    });

    it("tells a dropped requirement as a gain", () => {
        const strong = environment({ emails, require: { authenticationMethods: ["mfa"] } });
        const { gained, lost } = compareReach(reachOf(strong), reachOf(environment({ emails })));
        expect(gained).toMatchObject([{ who: "ada@example.com" }]);
        expect(lost).toMatchObject([{ who: "ada@example.com (only authenticated by mfa)" }]);
    });
});
