import { describe, expect, it } from "vitest";
import { accountId, call } from "../emulator/support.ts";
import { AccessUnderTest, Browser, start } from "./support/accessUnderTest.ts";

const app = "https://app.example.com:8443/";
const hour = 3_600_000;
const anyToken = { name: "robots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };
const people = { name: "staff", decision: "allow", include: [{ everyone: {} }] };

/** Access before an application that lets in service tokens (and people), with one token. */
async function withToken(settings: Record<string, unknown> = {}) {
    const under = await AccessUnderTest.start();
    const token = await under.create("access/service_tokens", { name: "ci", duration: "48h" });
    const made = await under.application({ policies: [anyToken, people], ...settings });
    const headers = { "cf-access-client-id": token.client_id, "cf-access-client-secret": token.client_secret };
    return { under, token, made, headers, [Symbol.asyncDispose]: () => under[Symbol.asyncDispose]() };
}

const send = (under: AccessUnderTest, headers: Record<string, string | string[]>, url = app) =>
    new Browser(under).get(url, { headers });

describe("a service token", () => {
    it("passes where Service Auth names it, with the documented claims for the origin", async () => {
        await using setup = await withToken();
        const { under, token, made, headers } = setup;
        const answer = await send(under, headers);
        expect(answer.rule).toBe('app "App", policy "robots" (Service Auth): include any_valid_service_token matched');
        const jwt = answer.forward?.["cf-access-jwt-assertion"] ?? "";
        expect(await under.verified(jwt)).toEqual({
            ...{ type: "app", aud: [made.aud], iss: "https://team.cloudflareaccess.com", common_name: token.client_id },
            ...{ sub: "", iat: start / 1000, nbf: start / 1000, exp: start / 1000 + 86_400 },
        });
        expect(answer.forward).not.toHaveProperty("cf-access-authenticated-user-email");
        expect((await send(under, headers)).forward?.["cf-access-jwt-assertion"]).toBe(jwt);
    });

    it("passes nowhere else: another token's policy, an Allow policy", async () => {
        await using setup = await withToken({ policies: [people] });
        const { under, headers } = setup;
        expect(await send(under, headers)).toMatchObject({ status: 403, rule: 'app "App", no policy lets anybody in' });
        const other = await under.create("access/service_tokens", { name: "other" });
        const policy = { ...anyToken, include: [{ service_token: { token_id: other.id } }] };
        await under.application({ name: "B", domain: "b.example.com", policies: [policy] });
        expect(await send(under, headers, "https://b.example.com:8443/")).toMatchObject({
            status: 403,
            rule: 'app "B", policy "robots": no rule of include matched',
        });
    });

    it.each([
        ["of nobody", { "cf-access-client-id": "nobody.access" }, "no service token has this client id"],
        [
            "with a wrong secret",
            { "cf-access-client-secret": "0".repeat(64) },
            'the secret is not that of service token "ci"',
        ],
        ["with half a secret", { "cf-access-client-secret": "" }, "only one half of the credentials"],
        [
            "of another script",
            { "cf-access-client-secret": "\u212A".repeat(64) },
            'the secret is not that of service token "ci"',
        ],
        [
            "of a megabyte",
            { "cf-access-client-secret": "0".repeat(1_000_000) },
            'the secret is not that of service token "ci"',
        ],
        ["twice", { "cf-access-client-id": ["a.access", "b.access"] }, "credentials that are there twice"],
    ])("%s is refused with 403, and with 401 where the organization is strict", async (_, wrong, reason) => {
        await using setup = await withToken();
        const { under, headers } = setup;
        expect(await send(under, { ...headers, ...wrong })).toMatchObject({
            status: 403,
            rule: `app "App", ${reason}`,
        });
        await under.create("access/organizations", { strict_service_token_auth: true }, "PUT");
        const strict = await send(under, { ...headers, ...wrong });
        expect(strict).toMatchObject({ status: 401, rule: `app "App", ${reason}` });
        expect(strict.headers.location).toBeUndefined();
    });

    it("stops with its time, and when it is disabled, rotated or deleted", async () => {
        await using setup = await withToken();
        const { under, token, headers } = setup;
        const path = `access/service_tokens/${token.id}`;
        const expectRefused = async (reason: string) =>
            expect(await send(under, headers)).toMatchObject({ status: 403, rule: `app "App", ${reason}` });
        await under.create(path, { name: "ci", duration: "48h", enabled: false }, "PUT");
        await expectRefused('service token "ci" is disabled');
        await under.create(path, { name: "ci", duration: "48h", enabled: true }, "PUT");
        const previous_client_secret_expires_at = new Date(start + hour).toISOString();
        await under.create(`${path}/rotate`, { previous_client_secret_expires_at });
        expect((await send(under, headers)).status).toBe(200);
        under.later(hour);
        await expectRefused('the secret is not that of service token "ci"');
        under.later(47 * hour);
        await expectRefused('service token "ci" has expired');
        await call(under.emulator, "DELETE", `/accounts/${accountId}/${path}`);
        await expectRefused("no service token has this client id");
    });

    it("gets a cookie that counts for as long as the token does, and none where the organization is strict", async () => {
        await using setup = await withToken();
        const { under, token, headers } = setup;
        const client = new Browser(under);
        await client.get(app, { headers });
        expect((await client.get(app)).rule).toContain('policy "robots" (Service Auth)');
        await call(under.emulator, "DELETE", `/accounts/${accountId}/access/service_tokens/${token.id}`);
        expect((await client.get(app)).status).toBe(302);
        await under.create("access/organizations", { strict_service_token_auth: true }, "PUT");
        const other = await under.create("access/service_tokens", { name: "other" });
        const strict = await send(under, {
            "cf-access-client-id": other.client_id,
            "cf-access-client-secret": other.client_secret,
        });
        expect([strict.status, strict.headers["set-cookie"]]).toEqual([200, []]);
    });

    it("that is wrong does not hide who is logged in, unless the organization is strict", async () => {
        await using setup = await withToken();
        const { under, headers } = setup;
        const browser = new Browser(under);
        await browser.logIn(app, "ann@example.com");
        const wrong = { ...headers, "cf-access-client-secret": "x" };
        expect((await browser.get(app, { headers: wrong })).status).toBe(200);
        await under.create("access/organizations", { strict_service_token_auth: true }, "PUT");
        expect((await browser.get(app, { headers: wrong })).status).toBe(401);
    });

    it("travels in the one header that the application names, which may carry something else as well", async () => {
        await using setup = await withToken({ read_service_tokens_from_header: "Authorization" });
        const { under, headers } = setup;
        const authorization = JSON.stringify(headers);
        expect((await send(under, { authorization })).rule).toContain("Service Auth");
        expect((await send(under, { authorization: "Bearer x" })).status).toBe(302);
        expect((await send(under, { authorization: "null" })).status).toBe(302);
        expect((await send(under, { authorization, ...headers })).rule).toContain("and in the application's own");
    });
});

describe("without a login", () => {
    it("Bypass lets through by address and tells the origin nothing", async () => {
        const office = { name: "office", decision: "bypass", include: [{ ip: { ip: "203.0.113.0/24" } }] };
        await using setup = await withToken({ policies: [people, office] });
        const { under } = setup;
        const inside = await new Browser(under).get(app, { clientIp: "203.0.113.9" });
        expect(inside).toMatchObject({
            forward: {},
            rule: 'app "App", policy "office" (Bypass): include ip 203.0.113.0/24 matched',
        });
        expect((await new Browser(under).get(app, { clientIp: "198.51.100.9" })).status).toBe(302);
        const headers = { "x-forwarded-for": "203.0.113.9", "cf-connecting-ip": "203.0.113.9" };
        expect((await new Browser(under).get(app, { headers })).status).toBe(302);
    });

    it("a CORS preflight passes where the application lets it, and nothing that only looks like one", async () => {
        await using setup = await withToken({ options_preflight_bypass: true });
        const { under } = setup;
        const preflight = { origin: "https://a.test", "access-control-request-method": "PUT" };
        const browser = new Browser(under);
        expect((await browser.send(app, { method: "OPTIONS", headers: preflight })).status).toBe(200);
        expect((await browser.send(app, { method: "GET", headers: preflight })).status).toBe(302);
        expect((await browser.send(app, { method: "OPTIONS" })).status).toBe(302);
    });

    it("what no application covers passes, as at Cloudflare, unless the organization denies it", async () => {
        await using setup = await withToken();
        const { under } = setup;
        const other = "https://other.example.com:8443/";
        const open = await send(under, {}, other);
        expect(open).toMatchObject({ forward: {}, rule: "no Access application covers this" });
        await under.create("access/organizations", { deny_unmatched_requests: true }, "PUT");
        expect((await send(under, {}, other)).status).toBe(403);
    });

    it("a path that can be read in two ways is refused before anybody is asked", async () => {
        await using setup = await withToken();
        const { under, headers } = setup;
        await under.application({ name: "Admin", domain: "app.example.com/admin" });
        expect((await send(under, headers, `${app}public/..%2fadmin`)).status).toBe(400);
        expect((await send(under, headers, `${app}public`)).status).toBe(200);
    });

    it("who is refused can be sent somewhere else", async () => {
        await using setup = await withToken({
            ...{ policies: [{ ...people, include: [{ email: { email: "bob@example.com" } }] }] },
            ...{
                custom_deny_url: "https://no.example.org/people",
                custom_non_identity_deny_url: "https://no.example.org/robots",
            },
        });
        const { under, headers } = setup;
        expect((await send(under, headers)).headers.location).toBe("https://no.example.org/robots");
        const choice = await new Browser(under).open(app);
        expect(choice.answer.body).toContain("One-time PIN");
    });
});
