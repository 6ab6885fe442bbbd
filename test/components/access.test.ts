import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { AccessAudience, ServiceToken, ZeroTrustApp } from "../../components/index.ts";
import { audienceTag, deploy, problemsOf, promiseOf, UNKNOWN, uuid } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const app = { accountId: ACCOUNT, hostname: "grafana.example.com", policyIds: ["staff", "robots"] };

describe("ZeroTrustApp", () => {
    it("guards a host name with the policies in their order, and sets what the API would fill in", async () => {
        const { inputsOf } = await deploy(() => new ZeroTrustApp("grafana", app));
        expect(inputsOf(Token.AccessApplication, "grafana-application")).toEqual({
            accountId: ACCOUNT,
            name: "grafana",
            type: "self_hosted",
            domain: "grafana.example.com",
            policies: [
                { id: "staff", precedence: 1 },
                { id: "robots", precedence: 2 },
            ],
            sessionDuration: "24h",
            appLauncherVisible: true,
            autoRedirectToIdentity: false,
            enableBindingCookie: false,
            httpOnlyCookieAttribute: true,
            optionsPreflightBypass: false,
            sameSiteCookieAttribute: "lax",
            serviceAuth401Redirect: true,
        });
    });

    it("guards a path, with a name and a session of its own", async () => {
        const args = { ...app, path: "/admin", sessionDuration: "30m", applicationName: "Grafana admin" };
        const { inputsOf } = await deploy(() => new ZeroTrustApp("grafana", args));
        expect(inputsOf(Token.AccessApplication, "grafana-application")).toMatchObject({
            domain: "grafana.example.com/admin",
            name: "Grafana admin",
            sessionDuration: "30m",
        });
    });

    it("gives the audience tag that the connector demands", async () => {
        const { result } = await deploy(() => new ZeroTrustApp("grafana", app));
        expect(await promiseOf((result as ZeroTrustApp).audience)).toBe(audienceTag("grafana-application"));
        expect(await promiseOf((result as ZeroTrustApp).applicationId)).toBe(uuid("grafana-application"));
        expect(await promiseOf((result as ZeroTrustApp).hostname)).toBe("grafana.example.com");
    });

    it("takes a policy that two audiences share once", async () => {
        const policyIds = pulumi.output(["staff", "robots", "staff"]);
        const { inputsOf } = await deploy(() => new ZeroTrustApp("grafana", { ...app, policyIds }));
        expect(inputsOf(Token.AccessApplication, "grafana-application")).toMatchObject({
            policies: [
                { id: "staff", precedence: 1 },
                { id: "robots", precedence: 2 },
            ],
        });
    });

    it("shows the policy pack how many policies there are before their ids are known", async () => {
        const { inputsOf } = await deploy(
            () => {
                const { policyIds: _, ...rest } = app;
                const ids = new AccessAudience("staff", { accountId: ACCOUNT, emails: ["a@example.com"] }).policyIds;
                return new ZeroTrustApp("grafana", { ...rest, policyIds: [ids.apply(([id]) => id as string)] });
            },
            { preview: true },
        );
        expect(inputsOf(Token.AccessApplication, "grafana-application")).toMatchObject({
            policies: [{ id: UNKNOWN, precedence: 1 }],
        });
    });

    it("refuses an application without a policy and registers nothing", async () => {
        const { error, resources } = await deploy(() => new ZeroTrustApp("grafana", { ...app, policyIds: [] }));
        expect(problemsOf(error)).toEqual({
            policyIds: "is empty, so nobody could ever enter. Give the policyIds of at least one AccessAudience.",
        });
        expect(resources).toEqual([]);
    });

    it("refuses policies that turn out to be none, and the application is not registered", async () => {
        const policyIds = pulumi.output(Promise.resolve<string[]>([]));
        const { error, resources } = await deploy(() => new ZeroTrustApp("grafana", { ...app, policyIds }));
        expect(problemsOf(error)).toHaveProperty("policyIds");
        expect(resources.map(({ type }) => type)).toEqual(["sallyport:index:ZeroTrustApp"]);
    });

    it("tells all mistakes at once, by their path", async () => {
        const args = {
            accountId: "acme",
            hostname: "https://Grafana.example.com/login",
            path: "admin/",
            policyIds: ["staff", "staff", ""],
            sessionDuration: "1 day",
            applicationName: " ",
        };
        const { error } = await deploy(() => new ZeroTrustApp("grafana", args));
        expect(problemsOf(error)).toEqual({
            accountId: expect.stringContaining('"acme"'),
            hostname:
                '"https://Grafana.example.com/login" starts with a scheme. Write the host name alone: "grafana.example.com".',
            path: '"admin/" does not start with "/". Write "/admin/".',
            "policyIds[1]": '"staff" stands at policyIds[0] already. Write it once.',
            "policyIds[2]": "is empty. Give the id of a policy.",
            sessionDuration:
                '"1 day" is not a duration. Write hours, minutes or seconds with their unit, such as "24h".',
            applicationName: 'is empty. Write a name such as "Grafana".',
        });
        expect((error as Error).message).toMatch(/^ZeroTrustApp "grafana" cannot be made:\n {2}accountId: /);
    });
});

describe("AccessAudience", () => {
    it("lets people in by an allow policy, sorted and in lower case, each once", async () => {
        const { inputsOf, resources } = await deploy(
            () =>
                new AccessAudience("staff", {
                    accountId: ACCOUNT,
                    emails: ["Zoe@example.com", "ada@Example.org"],
                    emailDomains: ["Example.com"],
                }),
        );
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toEqual({
            accountId: ACCOUNT,
            name: "staff",
            decision: "allow",
            includes: [
                { email: { email: "ada@example.org" } },
                { email: { email: "zoe@example.com" } },
                { emailDomain: { domain: "example.com" } },
            ],
            sessionDuration: "24h",
        });
        expect(resources).toHaveLength(2);
    });

    it("lets machines in by a policy of their own, which asks for no login", async () => {
        const { inputsOf, resources } = await deploy(
            () =>
                new AccessAudience("robots", {
                    accountId: ACCOUNT,
                    audienceName: "CI",
                    serviceTokenIds: [uuid("ci")],
                    sessionDuration: "1h",
                }),
        );
        expect(inputsOf(Token.AccessPolicy, "robots-machines")).toEqual({
            accountId: ACCOUNT,
            name: "CI (service tokens)",
            decision: "non_identity",
            includes: [{ serviceToken: { tokenId: uuid("ci") } }],
            sessionDuration: "1h",
        });
        expect(resources).toHaveLength(2);
    });

    it("gives people's policy first, then machines'", async () => {
        const { result } = await deploy(
            () =>
                new AccessAudience("all", {
                    accountId: ACCOUNT,
                    emailDomains: ["example.com"],
                    serviceTokenIds: pulumi.output([uuid("b"), uuid("a")]),
                }),
        );
        expect(await promiseOf((result as AccessAudience).policyIds)).toEqual(["all-people-id", "all-machines-id"]);
    });

    it("narrows people and machines to one network and one country by requirement, never by inclusion", async () => {
        const { inputsOf } = await deploy(
            () =>
                new AccessAudience("staff", {
                    accountId: ACCOUNT,
                    emails: ["ada@example.com"],
                    serviceTokenIds: [uuid("ci")],
                    ipRanges: ["203.0.113.7"],
                    countries: ["CH"],
                }),
        );
        const requires = [{ ip: { ip: "203.0.113.7/32" } }, { geo: { countryCode: "CH" } }];
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toMatchObject({
            includes: [{ email: { email: "ada@example.com" } }],
            requires,
        });
        expect(inputsOf(Token.AccessPolicy, "staff-machines")).toMatchObject({ requires });
    });

    it("puts several networks or countries into a group, because a policy demands all of its requirements", async () => {
        const { inputsOf } = await deploy(
            () =>
                new AccessAudience("staff", {
                    accountId: ACCOUNT,
                    emails: ["ada@example.com"],
                    ipRanges: ["2001:DB8::/32", "10.0.0.0/8"],
                    countries: ["FR", "CH"],
                }),
        );
        expect(inputsOf(Token.AccessGroup, "staff-networks")).toEqual({
            accountId: ACCOUNT,
            name: "staff (networks)",
            includes: [{ ip: { ip: "10.0.0.0/8" } }, { ip: { ip: "2001:db8::/32" } }],
        });
        expect(inputsOf(Token.AccessGroup, "staff-countries")).toMatchObject({
            includes: [{ geo: { countryCode: "CH" } }, { geo: { countryCode: "FR" } }],
        });
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toMatchObject({
            requires: [{ group: { id: "staff-networks-id" } }, { group: { id: "staff-countries-id" } }],
        });
    });

    it.each([
        [
            "nobody",
            {},
            'names nobody. Write at least one of "emails", "emailDomains", "groups", service tokens or client certificates.',
        ],
        ["empty lists", { emails: [], serviceTokenIds: [] }, expect.stringContaining("names nobody")],
        ["a country alone", { countries: ["CH"] }, expect.stringContaining("only narrow who may enter")],
        ["a network alone", { ipRanges: ["10.0.0.0/8"] }, expect.stringContaining("only narrow who may enter")],
    ])("refuses %s and registers nothing", async (_, members, reason) => {
        const { error, resources } = await deploy(() => new AccessAudience("x", { accountId: ACCOUNT, ...members }));
        expect(problemsOf(error)).toEqual({ emails: reason });
        expect(resources).toEqual([]);
    });

    it("refuses service tokens that turn out to be none", async () => {
        const serviceTokenIds = pulumi.output(Promise.resolve<string[]>([]));
        const { error, resources } = await deploy(
            () => new AccessAudience("robots", { accountId: ACCOUNT, serviceTokenIds }),
        );
        expect(problemsOf(error)).toHaveProperty("serviceTokenIds");
        expect(resources.filter(({ type }) => type === Token.AccessPolicy)).toEqual([]);
    });

    it("tells all mistakes in its lists at once", async () => {
        const { error } = await deploy(
            () =>
                new AccessAudience("staff", {
                    accountId: ACCOUNT,
                    emails: ["ada@example.com", "@example.com"],
                    emailDomains: ["gmail.com"],
                    ipRanges: ["0.0.0.0/0"],
                    countries: ["UK"],
                    serviceTokenIds: [""],
                    sessionDuration: "800h",
                }),
        );
        expect(problemsOf(error)).toEqual({
            "emails[1]": '"@example.com" names a whole domain. Write "example.com" under "emailDomains".',
            "emailDomains[0]": '"gmail.com" gives addresses to anybody. Name the people one by one instead.',
            "ipRanges[0]": '"0.0.0.0/0" is every address. Write the range that people come from.',
            "countries[0]": '"UK" is not an ISO code. Write "GB".',
            "serviceTokenIds[0]": 'is empty. Give the "tokenId" of a ServiceToken.',
            sessionDuration: '"800h" is too long. Write at most "730h".',
        });
    });
});

describe("ServiceToken", () => {
    it("is good for a year and gives id, client id and secret", async () => {
        const { result, inputsOf } = await deploy(() => new ServiceToken("ci", { accountId: ACCOUNT }));
        const token = result as ServiceToken;
        expect(inputsOf(Token.ServiceToken, "ci-token")).toEqual({
            accountId: ACCOUNT,
            name: "ci",
            duration: "8760h",
        });
        expect(await promiseOf(token.tokenId)).toBe(uuid("ci-token"));
        expect(await promiseOf(token.clientId)).toBe("ci-token.access");
        expect(await promiseOf(token.clientSecret)).toBe("ci-token client secret");
        expect(await pulumi.isSecret(token.clientSecret)).toBe(true);
    });

    it.each([
        ["forever", '"forever" is not a duration. Write hours, minutes or seconds with their unit, such as "24h".'],
        ["10m", '"10m" is too short. Write at least "1h".'],
    ])("refuses a life of '%s'", async (duration, reason) => {
        const { error, resources } = await deploy(() => new ServiceToken("ci", { accountId: ACCOUNT, duration }));
        expect(problemsOf(error)).toEqual({ duration: reason });
        expect(resources).toEqual([]);
    });
});
