import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { AccessAudience, type AccessAudienceArgs, type IdentityGroup } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const GROUP = "0f0e0d0c-0000-4000-8000-0000000000AA";
const identityProviderId = "idp";

function audience(args: Omit<AccessAudienceArgs, "accountId">) {
    return deploy(() => new AccessAudience("staff", { accountId: ACCOUNT, ...args }));
}

const groups: [string, IdentityGroup, object][] = [
    [
        "Google Workspace",
        { identityProviderId, googleGroup: "Dev@example.com" },
        { gsuite: { email: "dev@example.com", identityProviderId } },
    ],
    ["Okta", { identityProviderId, oktaGroup: "Developers" }, { okta: { name: "Developers", identityProviderId } }],
    [
        "Microsoft Entra",
        { identityProviderId, azureGroupId: GROUP },
        { azureAd: { id: GROUP.toLowerCase(), identityProviderId } },
    ],
    [
        "a GitHub organisation",
        { identityProviderId, githubOrganization: "example" },
        { githubOrganization: { name: "example", identityProviderId } },
    ],
    [
        "a GitHub team",
        { identityProviderId, githubOrganization: "example", githubTeam: "dev" },
        { githubOrganization: { name: "example", team: "dev", identityProviderId } },
    ],
    [
        "SAML",
        { identityProviderId, samlAttribute: { name: "group", value: "dev" } },
        { saml: { attributeName: "group", attributeValue: "dev", identityProviderId } },
    ],
    [
        "OpenID Connect",
        { identityProviderId, oidcClaim: { name: "groups", value: "dev" } },
        { oidc: { claimName: "groups", claimValue: "dev", identityProviderId } },
    ],
];

describe("an audience's members", () => {
    it.each(groups)("may be a group of %s", async (_, group, rule) => {
        const { inputsOf } = await audience({ groups: [group] });
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toEqual({
            accountId: ACCOUNT,
            name: "staff",
            decision: "allow",
            includes: [rule],
            sessionDuration: "24h",
        });
    });

    it("may be machines with a client certificate, which enter without a login", async () => {
        const { inputsOf, result } = await audience({
            certificateCommonNames: ["billing", "accounts"],
            anyClientCertificate: true,
        });
        expect(inputsOf(Token.AccessPolicy, "staff-machines")).toMatchObject({
            name: "staff (client certificates)",
            decision: "non_identity",
            includes: [
                { commonName: { commonName: "accounts" } },
                { commonName: { commonName: "billing" } },
                { certificate: {} },
            ],
        });
        expect(await promiseOf((result as AccessAudience).policyIds)).toEqual(["staff-machines-id"]);
    });

    it("share one policy when they are machines of both kinds, also where the tokens are not known yet", async () => {
        const serviceTokenIds = pulumi.output(Promise.resolve(["b", "a"]));
        const { inputsOf } = await audience({ serviceTokenIds, certificateCommonNames: ["billing"] });
        expect(inputsOf(Token.AccessPolicy, "staff-machines")).toMatchObject({
            name: "staff (service tokens and client certificates)",
            includes: [
                { serviceToken: { tokenId: "a" } },
                { serviceToken: { tokenId: "b" } },
                { commonName: { commonName: "billing" } },
            ],
        });
    });
});

describe("an audience's requirements", () => {
    it("are all demanded, one entry straight in the policy and several as a group of which one does", async () => {
        const { inputsOf } = await audience({
            emailDomains: ["example.com"],
            require: {
                identityProviderIds: ["okta", "google"],
                authenticationMethods: ["mfa"],
                emailDomains: ["example.com"],
                groups: [{ identityProviderId, oktaGroup: "Staff" }],
                posture: [{ anyOf: ["disk-mac", "disk-windows"] }, { anyOf: ["warp"] }],
                clientCertificate: true,
            },
        });
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toMatchObject({
            requires: [
                { certificate: {} },
                { group: { id: "staff-login-methods-id" } },
                { authMethod: { authMethod: "mfa" } },
                { emailDomain: { domain: "example.com" } },
                { okta: { name: "Staff", identityProviderId } },
                { group: { id: "staff-posture-0-id" } },
                { devicePosture: { integrationUid: "warp" } },
            ],
        });
        expect(inputsOf(Token.AccessGroup, "staff-posture-0")).toEqual({
            accountId: ACCOUNT,
            name: "staff (posture 0)",
            includes: [
                { devicePosture: { integrationUid: "disk-mac" } },
                { devicePosture: { integrationUid: "disk-windows" } },
            ],
        });
        expect(inputsOf(Token.AccessGroup, "staff-login-methods")).toMatchObject({
            includes: [{ loginMethod: { id: "okta" } }, { loginMethod: { id: "google" } }],
        });
    });

    it("stand in a group as long as nobody knows how many posture rules there are", async () => {
        const anyOf = pulumi.output(Promise.resolve(["disk-mac"]));
        const { inputsOf } = await audience({ emails: ["ada@example.com"], require: { posture: [{ anyOf }] } });
        expect(inputsOf(Token.AccessGroup, "staff-posture-0")).toMatchObject({
            includes: [{ devicePosture: { integrationUid: "disk-mac" } }],
        });
    });

    it("that turn out to be none refuse the policy instead of demanding nothing", async () => {
        const anyOf = pulumi.output(Promise.resolve<string[]>([]));
        const { error, resources } = await audience({
            emails: ["ada@example.com"],
            require: { posture: [{ anyOf }] },
        });
        expect(problemsOf(error)).toHaveProperty(["require.posture[0].anyOf"]);
        expect(resources.filter(({ type }) => type === Token.AccessPolicy)).toEqual([]);
    });

    it("of a certificate hold for machines too", async () => {
        const { inputsOf } = await audience({ serviceTokenIds: ["ci"], require: { clientCertificate: true } });
        expect(inputsOf(Token.AccessPolicy, "staff-machines")).toMatchObject({ requires: [{ certificate: {} }] });
    });

    it.each<[string, Omit<AccessAudienceArgs, "accountId">]>([
        ["require.authenticationMethods", { require: { authenticationMethods: ["mfa"] } }],
        ["require.identityProviderIds", { require: { identityProviderIds: ["okta"] } }],
        ["require.groups", { require: { groups: [{ identityProviderId, oktaGroup: "Staff" }] } }],
        ["require.emailDomains", { require: { emailDomains: ["example.com"] } }],
        ["require.posture", { require: { posture: [{ anyOf: ["disk"] }] } }],
        ["justification", { justification: {} }],
        ["approvals", { approvals: [{ approvers: ["boss@example.com"] }] }],
    ])("that only a login can meet are refused beside machines: %s", async (path, args) => {
        const { error, resources } = await audience({
            emails: ["ada@example.com"],
            certificateCommonNames: ["ci"],
            ...args,
        });
        expect(problemsOf(error)).toEqual({ [path]: expect.stringContaining("machines do not log in") });
        expect(resources).toEqual([]);
    });
});

describe("an audience's exclusions", () => {
    it("keep people out by name and group, and everybody by place", async () => {
        const { inputsOf } = await audience({
            emailDomains: ["example.com"],
            serviceTokenIds: ["ci"],
            exclude: {
                emails: ["Shared@example.com"],
                emailDomains: ["gmail.com"],
                groups: [{ identityProviderId, oktaGroup: "Contractors" }],
                ipRanges: ["203.0.113.7"],
                countries: ["US"],
            },
        });
        const places = [{ ip: { ip: "203.0.113.7/32" } }, { geo: { countryCode: "US" } }];
        expect(inputsOf(Token.AccessPolicy, "staff-people").excludes).toEqual([
            { email: { email: "shared@example.com" } },
            { emailDomain: { domain: "gmail.com" } },
            { okta: { name: "Contractors", identityProviderId } },
            ...places,
        ]);
        expect(inputsOf(Token.AccessPolicy, "staff-machines").excludes).toEqual(places);
    });
});

describe("an audience's door-keepers", () => {
    it("are asked for their agreement, and people for a reason", async () => {
        const { inputsOf } = await audience({
            emails: ["ada@example.com"],
            justification: { prompt: "Which ticket?" },
            approvals: [
                { approvers: ["Grace@example.com", "boss@example.com"], approvalsNeeded: 2 },
                { approvers: ["security@example.com"] },
            ],
        });
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toMatchObject({
            purposeJustificationRequired: true,
            purposeJustificationPrompt: "Which ticket?",
            approvalRequired: true,
            approvalGroups: [
                { approvalsNeeded: 2, emailAddresses: ["boss@example.com", "grace@example.com"] },
                { approvalsNeeded: 1, emailAddresses: ["security@example.com"] },
            ],
        });
    });
});

it("an audience of requirements alone names nobody", async () => {
    const { error, resources } = await audience({ require: { authenticationMethods: ["mfa"] } });
    expect(problemsOf(error)).toEqual({ emails: expect.stringContaining('"require" only narrow who may enter') });
    expect(resources).toEqual([]);
});

it("an audience tells all mistakes in its groups, requirements and exclusions at once", async () => {
    const { error } = await audience({
        emails: ["ada@example.com"],
        groups: [
            { identityProviderId: "" },
            { identityProviderId, oktaGroup: "a", googleGroup: "b@example.com" },
            { identityProviderId, azureGroupId: "developers" },
            { identityProviderId, githubTeam: "dev" },
            { identityProviderId, githubOrganization: "example", githubTeam: "The Team" },
            { identityProviderId, samlAttribute: { name: "", value: " x" } },
        ],
        require: { identityProviderIds: [], authenticationMethods: ["retina-scan"], posture: [{ anyOf: [""] }] },
        exclude: { emails: ["Ada@example.com"], countries: ["UK"] },
        approvals: [{ approvers: [] }, { approvers: ["boss@example.com"], approvalsNeeded: 2 }],
    });
    expect(problemsOf(error)).toEqual({
        "groups[0].identityProviderId": expect.stringContaining('"providerId" of an IdentityProvider'),
        "groups[0]": expect.stringContaining("names no group"),
        "groups[1]": expect.stringContaining("names 2 groups (googleGroup, oktaGroup)"),
        "groups[2].azureGroupId": expect.stringContaining("UUID"),
        "groups[3]": expect.stringContaining("names no group"),
        "groups[4].githubTeam": expect.stringContaining('"the-team"'),
        "groups[5].samlAttribute.name": expect.stringContaining("is empty"),
        "groups[5].samlAttribute.value": expect.stringContaining("space at its edge"),
        "require.identityProviderIds": expect.stringContaining("is empty"),
        "require.authenticationMethods[0]": expect.stringContaining("RFC 8176"),
        "require.posture[0].anyOf[0]": expect.stringContaining("is empty"),
        "exclude.emails": expect.stringContaining('"ada@example.com"'),
        "exclude.countries[0]": expect.stringContaining("GB"),
        "approvals[0].approvers": expect.stringContaining("who may agree"),
        "approvals[1].approvalsNeeded": expect.stringContaining("Write 1 to 1"),
    });
});
