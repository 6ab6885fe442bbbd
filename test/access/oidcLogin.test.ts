import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { AccessUnderTest, Browser, start, teamOrigin } from "./support/accessUnderTest.ts";
import { OidcProvider, type TokenFlaws } from "./support/oidcProvider.ts";

const app = "https://app.example.com:8443/reports?year=2026";
const ann = { email: "ann@example.com", email_verified: true, name: "Ann", groups: ["sales", "engineering"] };

/** An application that only people who came through the provider may enter. */
async function setUp({ config = {}, require = [] as object[] } = {}) {
    await using started = new AsyncDisposableStack();
    const under = started.use(await AccessUnderTest.start());
    const clock = () => new Date(start);
    const provider = started.use(await OidcProvider.start({ person: ann, clock }));
    const { id } = await under.create("access/identity_providers", {
        ...{ name: "Keycloak", type: "oidc" },
        config: { ...provider.config, claims: ["groups", "department"], pkce_enabled: true, ...config },
    });
    const rule = (claim_name: string, claim_value: string) => ({
        oidc: { claim_name, claim_value, identity_provider_id: id },
    });
    const staff = { name: "staff", decision: "allow", include: [{ login_method: { id } }], require };
    await under.application({ policies: [staff], auto_redirect_to_identity: true });
    const disposables = started.move();
    return { under, provider, id, rule, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

/** Where a browser is sent to log in; it goes no further. */
async function addressAtProvider(browser: Browser): Promise<string> {
    const login = await browser.get(app);
    const chosen = await browser.get(String(login.headers.location));
    const sent = await browser.get(new URL(String(chosen.headers.location), teamOrigin).href);
    return String(sent.headers.location);
}

describe("a login by OpenID Connect", () => {
    it("leads through the provider back to what was asked for, with what the provider vouches for", async () => {
        await using setup = await setUp();
        const { under, provider, id } = setup;
        provider.person = { ...ann, amr: ["pwd", "mfa"], department: "it", phone: "1" };
        const browser = new Browser(under);
        const { url, answer } = await browser.open(app);
        expect(url).toBe(app);
        expect(answer.forward?.["cf-access-authenticated-user-email"]).toBe("ann@example.com");
        expect(answer.rule).toBe('app "App", policy "staff" (Allow): include login_method "Keycloak" matched');
        const identity = await browser.get("https://app.example.com:8443/cdn-cgi/access/get-identity");
        expect(JSON.parse(identity.body)).toMatchObject({
            ...{ email: "ann@example.com", name: "Ann", groups: ["sales", "engineering"], amr: ["pwd", "mfa"] },
            ...{ idp: { id, type: "oidc" } },
            custom: { groups: ["sales", "engineering"], department: ["it"] },
        });
        expect(provider.tokenRequests).toMatchObject([
            { status: 200, form: { redirect_uri: `${teamOrigin}/cdn-cgi/access/callback` } },
        ]);
    });

    it.each([true, false])("binds the code to the login (PKCE) where the provider is to: %s", async (isBound) => {
        await using setup = await setUp({ config: { pkce_enabled: isBound } });
        const { under, provider } = setup;
        const browser = new Browser(under);
        expect((await browser.open(app)).answer.status).toBe(200);
        expect(provider.tokenRequests[0]?.form.code_verifier !== undefined).toBe(isBound);
    });

    it("asks for the scopes and the prompt that are configured, and reads the e-mail address from the configured claim", async () => {
        const config = { scopes: ["openid", "profile", "upn"], prompt: "select_account", email_claim_name: "upn" };
        await using setup = await setUp({ config });
        const { under, provider } = setup;
        provider.person = { email: "other@example.com", email_verified: false, upn: "ann@example.com" };
        const { answer } = await new Browser(under).open(app);
        expect(answer.forward?.["cf-access-authenticated-user-email"]).toBe("ann@example.com");
        const asked = new URL(await addressAtProvider(new Browser(under))).searchParams;
        expect([asked.get("scope"), asked.get("prompt")]).toEqual(["openid profile upn", "select_account"]);
    });

    it("lets the right people in by their claims, and nobody else", async () => {
        await using setup = await setUp();
        const { under, provider, rule } = setup;
        const policies = [
            { name: "engineers", decision: "allow", include: [rule("groups", "engineering")] },
            { name: "it", decision: "allow", include: [rule("department", "it")] },
        ];
        const made = under.emulator.access.applications()[0];
        const body = { name: "App", domain: "app.example.com", type: "self_hosted", auto_redirect_to_identity: true };
        await under.create(`access/apps/${made?.id}`, { ...body, policies }, "PUT");
        const status = async (person: object) => {
            provider.person = { email: "ann@example.com", ...person };
            return (await new Browser(under).open(app)).answer.status;
        };
        expect(await status({ groups: ["engineering"] })).toBe(200);
        expect(await status({ department: "it" })).toBe(200);
        expect(await status({ groups: ["sales"], department: ["ops"] })).toBe(403);
        // A claim that the provider sends unasked counts for nothing, nor does one with a structure of its own.
        expect(await status({ groups: [{ name: "engineering" }], roles: ["engineering"] })).toBe(403);
    });
});

describe("a login by OpenID Connect is refused", () => {
    it.each<[what: string, flaws: TokenFlaws, why: string]>([
        ["signed by somebody else", { isForged: true }, "signature verification failed"],
        ["not signed", { isUnsigned: true }, "does not hold"],
        ["for another client", { claims: { aud: "other" } }, 'unexpected "aud" claim value'],
        [
            "for several clients, of which another one asked",
            { claims: { aud: ["access client", "x"], azp: "x" } },
            "azp",
        ],
        ["that is over", { claims: { exp: start / 1000 - 61 } }, '"exp" claim timestamp check failed'],
        ["that never ends", { without: ["exp"] }, 'missing required "exp" claim'],
        ["that is not yet good", { claims: { nbf: start / 1000 + 120 } }, '"nbf" claim timestamp check failed'],
        ["of another login", { claims: { nonce: "x" } }, "nonce"],
        ["without a nonce", { without: ["nonce"] }, "nonce"],
        ["without an e-mail address", { without: ["email"] }, "no e-mail address in the claim &quot;email&quot;"],
        ["with an address that is none", { claims: { email: "ann" } }, "does not know as one"],
        ["with an address that nobody verified", { claims: { email_verified: false } }, "has not verified"],
        [
            "with an address that nobody verified, as a text",
            { claims: { email_verified: "false" } },
            "has not verified",
        ],
    ])("with an ID token %s", async (_, flaws, why) => {
        await using setup = await setUp();
        const { under, provider } = setup;
        provider.flaws = flaws;
        const browser = new Browser(under);
        const { answer } = await browser.open(app);
        expect(answer.status).toBe(403);
        expect(answer.body).toContain("The login at Keycloak did not succeed");
        expect(answer.body.replaceAll("&quot;", '"')).toContain(why.replaceAll("&quot;", '"'));
        expect(answer.body).not.toContain(provider.clientSecret);
        expect(browser.cookie("app.example.com", "CF_Authorization")).toBeUndefined();
    });

    it("where state comes a second time, in another browser, after ten minutes, or from nowhere", async () => {
        await using setup = await setUp();
        const { under } = setup;
        /** A browser that comes back from the provider, and the address that it comes back to. */
        const returning = async () => {
            const browser = new Browser(under);
            const answer = await browser.get(await addressAtProvider(browser));
            return { browser, callback: String(answer.headers.location) };
        };
        const first = await returning();
        expect((await new Browser(under).get(first.callback)).status).toBe(400);
        expect((await first.browser.open(first.callback)).answer.status).toBe(200);
        expect((await first.browser.get(first.callback)).status).toBe(400);
        const late = await returning();
        under.later(600_000);
        expect((await late.browser.get(late.callback)).status).toBe(400);
        const invented = new URL(late.callback);
        invented.searchParams.set("state", "x");
        expect((await late.browser.get(invented.href)).status).toBe(400);
    });

    it("where the provider refuses the person, the client or the code", async () => {
        await using setup = await setUp();
        const { under, provider, id } = setup;
        const config = { ...provider.config, client_secret: "wrong" };
        await under.create(`access/identity_providers/${id}`, { name: "Keycloak", type: "oidc", config }, "PUT");
        const browser = new Browser(under);
        const wrongSecret = await browser.open(app);
        expect(wrongSecret.answer.status).toBe(403);
        expect(wrongSecret.answer.body).toContain("answered 401 (invalid_client)");
        const state = new URL(await addressAtProvider(browser)).searchParams.get("state") ?? "";
        const denied = new URLSearchParams({ state, error: "access_denied", error_description: "<b>No</b>" });
        const answer = await browser.get(`${teamOrigin}/cdn-cgi/access/callback?${denied}`);
        expect(answer.status).toBe(403);
        expect(answer.body).toContain("access_denied &lt;b&gt;No&lt;/b&gt;");
        expect(answer.rule).toBe('login at "Keycloak": it says access_denied <b>No</b>');
    });

    it("where somebody fills in another provider's form for it", async () => {
        await using setup = await setUp();
        const { under, id } = setup;
        const google = await under.create("access/identity_providers", { name: "G", type: "google", config: {} });
        const browser = new Browser(under);
        const form = await browser.submit(await browser.open(app), `/idp/${google.id}`);
        const body = form.answer.body.replace(google.id, id);
        const sent = await browser.submit({ ...form, answer: { ...form.answer, body } }, "/idp/", { email: ann.email });
        expect(sent.answer.status).toBe(400);
    });

    it("where the provider's settings are not whole, or would send the secret in clear", async () => {
        await using setup = await setUp();
        const { under, provider, id } = setup;
        const { certs_url: _, ...rest } = provider.config;
        const config = { ...rest, token_url: "http://idp.example.com/token" };
        await under.create(`access/identity_providers/${id}`, { name: "Keycloak", type: "oidc", config }, "PUT");
        const { answer } = await new Browser(under).open(app);
        expect(answer.status).toBe(403);
        expect(answer.body).toContain("config.certs_url is missing");
        expect(answer.body).toContain("config.token_url is not an https address; http is for this machine alone");
    });

    it("where nobody is there to be asked", async () => {
        await using setup = await setUp();
        const { under, provider, id } = setup;
        // Port 9 (discard): nobody listens there.
        const config = { ...provider.config, certs_url: "http://127.0.0.1:9/keys" };
        await under.create(`access/identity_providers/${id}`, { name: "Keycloak", type: "oidc", config }, "PUT");
        const { answer } = await new Browser(under).open(app);
        expect(answer.status).toBe(403);
        expect(answer.body).toContain("the key set at http://127.0.0.1:9/keys cannot be asked");
    });
});

describe("the token of somebody who came through a provider", () => {
    it("says no more than any other's", async () => {
        await using setup = await setUp();
        const browser = new Browser(setup.under);
        await browser.open(app);
        const claims = decodeJwt(browser.cookie("app.example.com", "CF_Authorization") ?? "");
        expect(Object.keys(claims).toSorted()).toEqual(
            ["aud", "email", "exp", "iat", "identity_nonce", "iss", "nbf", "sub", "type"].toSorted(),
        );
    });
});
