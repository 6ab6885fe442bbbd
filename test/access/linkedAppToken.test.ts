import { describe, expect, it } from "vitest";
import { AccessUnderTest, Browser, start, teamOrigin } from "./support/accessUnderTest.ts";

const url = { portal: "https://portal.example.com:8443/", api: "https://api.example.com:8443/" };
const staff = { name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] };
const hour = 3_600_000;

/** A portal for people, and an API that takes the portal's tokens and nobody else; ann is logged in at the portal. */
async function setUp(change: Record<string, unknown> = {}) {
    const under = await AccessUnderTest.start();
    const portal = await under.application({ name: "Portal", domain: "portal.example.com", session_duration: "2h" });
    const linked = { name: "portal's", decision: "non_identity", include: [rule(portal.id)], ...change };
    const api = await under.application({ name: "API", domain: "api.example.com", policies: [linked] });
    const browser = new Browser(under);
    await browser.logIn(url.portal, "ann@example.com");
    // What the portal sees of ann, and may forward.
    const token = (await browser.get(url.portal)).forward?.["cf-access-jwt-assertion"] ?? "";
    const send = (headers: Record<string, string> = { "cf-access-token": token }) =>
        new Browser(under).get(url.api, { headers });
    return { under, portal, api, browser, token, send, [Symbol.asyncDispose]: () => under[Symbol.asyncDispose]() };
}

const rule = (id: string) => ({ linked_app_token: { app_uid: id } });

describe("a token that an application forwards", () => {
    it("passes where Service Auth names the application, and the origin learns who the person is", async () => {
        await using setup = await setUp();
        const { under, api, send } = setup;
        under.later(hour);
        const { rule: reason, forward } = await send();
        expect(reason).toBe('app "API", policy "portal\'s" (Service Auth): include linked_app_token "Portal" matched');
        expect(forward?.["cf-access-authenticated-user-email"]).toBe("ann@example.com");
        // No longer than the forwarded token would have been good.
        const jwt = await under.verified(forward?.["cf-access-jwt-assertion"] ?? "");
        expect(jwt).toMatchObject({ aud: [api.aud], email: "ann@example.com", exp: (start + 2 * hour) / 1000 });
    });

    it.each<[what: string, headers: (token: string) => Record<string, string>]>([
        ["nothing", () => ({})],
        ["a changed token", (token) => ({ "cf-access-token": `${token.slice(0, -4)}AAAA` })],
        ["the token in a cookie", (token) => ({ cookie: `CF_Authorization=${token}` })],
        ["the token where the edge puts its own", (token) => ({ "cf-access-jwt-assertion": token })],
    ])("does not pass as %s", async (_, headers) => {
        await using setup = await setUp();
        expect((await setup.send(headers(setup.token))).forward).toBeUndefined();
    });

    it("does not pass once it is over", async () => {
        await using setup = await setUp();
        const { under, send } = setup;
        under.later(2 * hour - 1000);
        expect((await send()).status).toBe(200);
        under.later(1000);
        expect((await send()).status).toBe(302);
    });

    it("does not pass once the person has logged out", async () => {
        await using setup = await setUp();
        const { browser, send } = setup;
        expect((await send()).status).toBe(200);
        await browser.get(`${teamOrigin}/cdn-cgi/access/logout`);
        expect((await send()).status).toBe(302);
    });

    it("does not pass for an application that the policy does not name, nor as a service's", async () => {
        await using setup = await setUp();
        const { under, send } = setup;
        const service = await under.create("access/service_tokens", { name: "ci" });
        const robots = { name: "robots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };
        await under.application({ name: "Wiki", domain: "wiki.example.com", policies: [staff] });
        await under.application({ name: "Other", domain: "other.example.com", policies: [robots] });
        const browser = new Browser(under);
        await browser.logIn("https://wiki.example.com:8443/", "ann@example.com");
        const wikis = browser.cookie("wiki.example.com", "CF_Authorization") ?? "";
        expect((await send({ "cf-access-token": wikis })).status).toBe(302);
        const credentials = {
            "cf-access-client-id": service.client_id,
            "cf-access-client-secret": service.client_secret,
        };
        const { forward } = await browser.get("https://other.example.com:8443/", { headers: credentials });
        expect((await send({ "cf-access-token": forward?.["cf-access-jwt-assertion"] ?? "" })).status).toBe(302);
    });

    it("does not pass by an Allow policy, which is for logins", async () => {
        await using setup = await setUp({ decision: "allow" });
        expect((await setup.send()).status).toBe(302);
    });

    it("says nothing of the person where it is not what lets the request in", async () => {
        await using setup = await setUp({ include: [{ everyone: {} }] });
        const { under, send } = setup;
        const { forward } = await send();
        expect(await under.verified(forward?.["cf-access-jwt-assertion"] ?? "")).toMatchObject({ sub: "" });
        expect(forward).not.toHaveProperty("cf-access-authenticated-user-email");
    });

    it("is required beside a service token where the policy says so", async () => {
        await using setup = await setUp();
        const { under, portal, token } = setup;
        const service = await under.create("access/service_tokens", { name: "ci" });
        const both = {
            ...{ name: "both", decision: "non_identity", include: [{ service_token: { token_id: service.id } }] },
            require: [rule(portal.id)],
        };
        await under.application({ name: "Both", domain: "both.example.com", policies: [both] });
        const credentials = {
            "cf-access-client-id": service.client_id,
            "cf-access-client-secret": service.client_secret,
        };
        const send = (headers: Record<string, string>) =>
            new Browser(under).get("https://both.example.com:8443/", { headers });
        expect((await send({ ...credentials, "cf-access-token": token })).forward).toMatchObject({
            "cf-access-authenticated-user-email": "ann@example.com",
        });
        expect((await send(credentials)).status).toBe(403);
        expect((await send({ "cf-access-token": token })).status).toBe(302);
    });
});
