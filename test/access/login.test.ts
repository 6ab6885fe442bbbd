import { describe, expect, it } from "vitest";
import { AccessUnderTest, Browser, start, teamHost, teamOrigin } from "./support/accessUnderTest.ts";

const app = "https://app.example.com:8443";
const hour = 3_600_000;

describe("somebody who is not logged in", () => {
    it("is sent to the team's login page as cloudflared knows it", async () => {
        await using under = await AccessUnderTest.start();
        const { aud } = await under.application();
        const answer = await new Browser(under).get(`${app}/reports?year=2026`);
        expect(answer.status).toBe(302);
        expect(answer.rule).toBe('app "App", nobody is logged in');
        const location = new URL(String(answer.headers.location));
        expect(location.origin + location.pathname).toBe(`${teamOrigin}/cdn-cgi/access/login/app.example.com`);
        expect(location.searchParams.get("kid")).toBe(aud);
        expect(location.searchParams.get("redirect_url")).toBe("/reports?year=2026");
        expect(answer.headers["cf-access-domain"]).toBe("app.example.com");
        expect(answer.headers["cf-access-aud"]).toBe(aud);
    });

    it("gets the signed description of what stands there when cloudflared asks for it", async () => {
        await using under = await AccessUnderTest.start();
        const { aud } = await under.application({ domain: "*.example.com" });
        const headers = { "cf-access-metadata-request": "true" };
        const answer = await new Browser(under).send(`${app}/`, { method: "HEAD", headers });
        expect(await under.verified(String(answer.headers["cf-access-metadata"]))).toMatchObject({
            ...{ type: "match", hostname: "app.example.com", auth_domain: "team.cloudflareaccess.com" },
            ...{ aud, app_hostname: "*.example.com", iat: start / 1000 },
        });
    });

    it("is told 401, not sent away, in a script's request or where only services may come in", async () => {
        await using under = await AccessUnderTest.start();
        await under.application();
        const robots = { name: "robots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };
        const settings = { name: "Hook", domain: "hook.example.com", policies: [robots] };
        await under.application({ ...settings, service_auth_401_redirect: true });
        const browser = new Browser(under);
        const script = await browser.get(`${app}/`, { headers: { "x-requested-with": "XMLHttpRequest" } });
        expect([script.status, script.headers.location]).toEqual([401, undefined]);
        expect((await browser.get("https://hook.example.com:8443/")).status).toBe(401);
    });
});

describe("a login", () => {
    it("leads back to what was asked for, with a token that a connector accepts", async () => {
        await using under = await AccessUnderTest.start();
        const { aud } = await under.application();
        const browser = new Browser(under);
        const { url, answer } = await browser.logIn(`${app}/reports?year=2026`, "ann@example.com", { country: "pt" });
        expect(url).toBe(`${app}/reports?year=2026`);
        expect(answer.rule).toBe('app "App", policy "staff" (Allow): include email_domain example.com matched');
        const token = answer.forward?.["cf-access-jwt-assertion"] ?? "";
        expect(token).toBe(browser.cookie("app.example.com", "CF_Authorization"));
        expect(answer.forward?.["cf-access-authenticated-user-email"]).toBe("ann@example.com");
        expect(await under.verified(token)).toEqual({
            ...{ aud: [aud], email: "ann@example.com", type: "app", iss: "https://team.cloudflareaccess.com" },
            ...{ iat: start / 1000, nbf: start / 1000, exp: start / 1000 + 86_400, country: "PT" },
            ...{
                identity_nonce: expect.any(String),
                sub: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
            },
        });
    });

    it("holds for the team's other applications, without a second page", async () => {
        await using under = await AccessUnderTest.start();
        await under.application();
        const { aud } = await under.application({ name: "Wiki", domain: "wiki.example.com" });
        const browser = new Browser(under);
        await browser.logIn(`${app}/`, "ann@example.com");
        const { url, answer } = await browser.open("https://wiki.example.com:8443/start");
        expect(url).toBe("https://wiki.example.com:8443/start");
        expect((await under.verified(answer.forward?.["cf-access-jwt-assertion"] ?? "")).aud).toEqual([aud]);
    });

    it("of somebody whom no policy lets in ends on a page that says why", async () => {
        await using under = await AccessUnderTest.start();
        await under.application({ custom_deny_message: "Ask <Bob>." });
        const { answer } = await new Browser(under).logIn(`${app}/`, "eve@example.org");
        expect(answer.status).toBe(403);
        expect(answer.body).toContain("policy &quot;staff&quot;: no rule of include matched");
        expect(answer.body).toContain("eve@example.org");
        expect(answer.body).toContain("Ask &lt;Bob&gt;.");
        expect(answer.body).toContain("0123456789abcdef-loc01");
        expect(answer.body).toContain(`${teamOrigin}/cdn-cgi/access/logout`);
    });

    it("through a provider carries what the tester says of groups, claims and the device", async () => {
        await using under = await AccessUnderTest.start();
        const okta = await under.create("access/identity_providers", {
            ...{ name: "Okta", type: "okta" },
            config: { claims: ["team"] },
        });
        const disk = await under.create("devices/posture", { name: "Disk", type: "disk_encryption" });
        const require = [
            { okta: { name: "engineering", identity_provider_id: okta.id } },
            { device_posture: { integration_uid: disk.id } },
            { auth_method: { auth_method: "mfa" } },
        ];
        const engineers = {
            name: "engineers",
            decision: "allow",
            include: [{ login_method: { id: okta.id } }],
            require,
        };
        await under.application({ policies: [engineers], auto_redirect_to_identity: true });
        const said = { email: "ann@example.com", groups: "sales\r\nengineering", amr: "pwd mfa", claims: "team=a=b" };
        const first = new Browser(under);
        const form = await first.open(`${app}/`);
        expect(form.answer.body).toContain("<h1>Okta, emulated</h1>");
        expect((await first.submit(form, "/idp/", said)).answer.rule).toContain(
            'require device_posture "Disk" did not match',
        );
        const second = new Browser(under);
        const inside = await second.submit(await second.open(`${app}/`), "/idp/", { ...said, posture: disk.id });
        expect(inside.answer.status).toBe(200);
        const identity = await second.get(`${app}/cdn-cgi/access/get-identity`);
        expect(JSON.parse(identity.body)).toMatchObject({
            ...{
                email: "ann@example.com",
                groups: ["sales", "engineering"],
                amr: ["pwd", "mfa"],
                custom: { team: ["a=b"] },
            },
            ...{ idp: { id: okta.id, type: "okta" }, devicePosture: { [disk.id]: { success: true } } },
        });
    });

    it("offers the providers that the application allows, and no others", async () => {
        await using under = await AccessUnderTest.start();
        const provider = (name: string) =>
            under.create("access/identity_providers", { name, type: "oidc", config: {} });
        const [one, other] = [await provider("One"), await provider("Other")];
        await under.application({ allowed_idps: [one.id] });
        const browser = new Browser(under);
        const { url, answer } = await browser.open(`${app}/`);
        expect(answer.body).toContain("One</button>");
        expect(answer.body).not.toContain("Other</button>");
        const meta = new URL(url).searchParams.get("meta") ?? "";
        const direct = `${teamOrigin}/cdn-cgi/access/idp/${other.id}?${new URLSearchParams({ meta })}`;
        expect((await browser.get(direct)).status).toBe(400);
    });

    it("asks again for what cannot be, and names all of it", async () => {
        await using under = await AccessUnderTest.start();
        await under.application();
        const browser = new Browser(under);
        const form = await browser.submit(await browser.open(`${app}/`), "/idp/");
        for (const email of [
            "",
            "ann",
            "a@b",
            "änn@example.com",
            "ann@example.com\r\nx: y",
            `${"a".repeat(300)}@example.com`,
            "<b>@example.com\u0000",
            `a@${"example.".repeat(40)}com`,
        ]) {
            const { answer } = await browser.submit(form, "/idp/", { email, country: "Portugal" });
            expect(answer.status).toBe(400);
            expect(answer.body).toContain("<li>E-mail address: is not one that Access knows");
            expect(answer.body).toContain("<li>Country: is not a code of two letters");
            expect(answer.body).not.toContain("<b>@");
        }
    });

    it("with a PIN allows five attempts and ten minutes", async () => {
        await using under = await AccessUnderTest.start();
        await under.application();
        const browser = new Browser(under);
        const shownTo = async () => {
            const form = await browser.submit(await browser.open(`${app}/`), "/idp/");
            return browser.submit(form, "/idp/", { email: "ann@example.com" });
        };
        const pinOf = (body: string) => /<strong id="pin">(\d{6})</.exec(body)?.[1] ?? "";
        const first = await shownTo();
        const pin = pinOf(first.answer.body);
        const wrong = pin === "000000" ? "000001" : "000000";
        for (let attempt = 1; attempt < 5; attempt++) {
            expect((await browser.submit(first, "/pin", { pin: wrong })).answer.body).toContain(
                "PIN: is not the one above",
            );
        }
        await browser.submit(first, "/pin", { pin: wrong });
        expect((await browser.submit(first, "/pin", { pin })).answer.body).toContain("This login is over");
        const late = await shownTo();
        under.later(600_000);
        expect((await browser.submit(late, "/pin", { pin: pinOf(late.answer.body) })).answer.status).toBe(400);
    });
});

describe("a session", () => {
    it.each([
        [{}, {}, 24],
        [{ session_duration: "6h" }, {}, 6],
        [{ session_duration: "6h" }, { session_duration: "30m" }, 0.5],
    ])("lasts as long as policy, application or organization say: %j %j", async (settings, ofPolicy, hours) => {
        await using under = await AccessUnderTest.start();
        const policy = { name: "staff", decision: "allow", include: [{ everyone: {} }], ...ofPolicy };
        await under.application({ ...settings, policies: [policy] });
        const browser = new Browser(under);
        await browser.logIn(`${app}/`, "ann@example.com");
        under.later(hours * hour - 1000);
        expect((await browser.get(`${app}/`)).status).toBe(200);
        under.later(1000);
        expect((await browser.get(`${app}/`)).status).toBe(302);
    });

    it("follows the organization's duration for new tokens", async () => {
        await using under = await AccessUnderTest.start();
        await under.create("access/organizations", { session_duration: "1h" }, "PUT");
        await under.application({ session_duration: "30m" });
        const browser = new Browser(under);
        await browser.logIn(`${app}/`, "ann@example.com");
        under.later(0.5 * hour);
        expect((await browser.open(`${app}/`)).answer.body).toBe("from the origin");
        under.later(0.5 * hour);
        expect((await browser.open(`${app}/`)).answer.body).toContain("Choose how to log in");
    });

    it("ends at once when the policy changes, and when the person logs out anywhere", async () => {
        await using under = await AccessUnderTest.start();
        const made = await under.application();
        const browser = new Browser(under);
        await browser.logIn(`${app}/`, "ann@example.com");
        const token = browser.cookie("app.example.com", "CF_Authorization") ?? "";
        const nobody = [{ name: "staff", decision: "allow", include: [{ email: { email: "bob@example.com" } }] }];
        const body = { name: "App", domain: "app.example.com", type: "self_hosted", policies: nobody };
        await under.create(`access/apps/${made.id}`, body, "PUT");
        expect((await browser.get(`${app}/`)).status).toBe(403);
        await under.create(
            `access/apps/${made.id}`,
            { ...body, policies: [{ name: "all", decision: "allow", include: [{ everyone: {} }] }] },
            "PUT",
        );
        expect((await browser.get(`${app}/`)).status).toBe(200);
        expect((await browser.get(`${teamOrigin}/cdn-cgi/access/logout`)).body).toContain("Logged out");
        expect(browser.cookie(teamHost, "CF_Authorization")).toBeUndefined();
        const kept = new Browser(under);
        kept.setCookie("app.example.com", "CF_Authorization", token);
        expect((await kept.get(`${app}/`)).status).toBe(302);
        expect((await kept.get(`${app}/cdn-cgi/access/get-identity`)).status).toBe(401);
    });

    it("ends for whoever was refused, too, on the hostname that refused them", async () => {
        await using under = await AccessUnderTest.start();
        await under.application();
        const browser = new Browser(under);
        expect((await browser.logIn(`${app}/`, "eve@elsewhere.example")).answer.status).toBe(403);
        const { url, answer } = await browser.open(`${app}/cdn-cgi/access/logout`);
        expect(url).toBe(`${teamOrigin}/cdn-cgi/access/logout`);
        expect(answer.body).toContain("Logged out");
        expect((await browser.open(`${app}/`)).answer.body).toContain("Choose how to log in");
    });

    it("of one application is worth nothing at another", async () => {
        await using under = await AccessUnderTest.start();
        await under.application();
        await under.application({ name: "Wiki", domain: "wiki.example.com" });
        const browser = new Browser(under);
        await browser.logIn(`${app}/`, "ann@example.com");
        const thief = new Browser(under);
        thief.setCookie(
            "wiki.example.com",
            "CF_Authorization",
            browser.cookie("app.example.com", "CF_Authorization") ?? "",
        );
        expect((await thief.get("https://wiki.example.com:8443/")).status).toBe(302);
        thief.setCookie("wiki.example.com", "CF_Authorization", browser.cookie(teamHost, "CF_Authorization") ?? "");
        expect((await thief.get("https://wiki.example.com:8443/")).status).toBe(302);
    });

    it("is cloudflared's with its own header, and is checked without the origin", async () => {
        await using under = await AccessUnderTest.start();
        await under.application();
        const browser = new Browser(under);
        await browser.logIn(`${app}/`, "ann@example.com");
        const headers = { "cf-access-token": browser.cookie("app.example.com", "CF_Authorization") ?? "" };
        const client = new Browser(under);
        expect((await client.get(`${app}/`, { headers })).forward).toBeDefined();
        const check = `${app}/?cloudflared_token_check=true`;
        expect(await client.get(check, { headers })).toMatchObject({ status: 200, body: "" });
        expect((await client.get(check, { headers: { "cf-access-token": "x" } })).status).toBe(302);
    });

    it("has a cookie with the flags that the application chose, and a time that cloudflared can read", async () => {
        await using under = await AccessUnderTest.start();
        const made = await under.application();
        const cookieOf = async () => {
            const browser = new Browser(under);
            const choice = await browser.open(`${app}/`);
            const shown = await browser.submit(await browser.submit(choice, "/idp/"), "/idp/", {
                email: "ann@example.com",
            });
            await browser.submit(shown, "/pin", {
                pin: /<strong id="pin">(\d{6})</.exec(shown.answer.body)?.[1] ?? "",
            });
            // The same browser comes again without its application's cookie, as cloudflared does with the team's token.
            browser.setCookie("app.example.com", "CF_Authorization", "x");
            const login = await browser.get(`${app}/`);
            const authorized = await browser.get(String(login.headers.location), { method: "HEAD" });
            const last = await browser.get(String(authorized.headers.location), { method: "HEAD" });
            return String(last.headers["set-cookie"]);
        };
        expect(await cookieOf()).toMatch(
            /^CF_Authorization=[^;]+; Path=\/; Expires=Fri, 02 Jan 2026 00:00:00 GMT; HttpOnly; Secure$/,
        );
        const policies = [{ name: "all", decision: "allow", include: [{ everyone: {} }] }];
        const settings = { http_only_cookie_attribute: false, same_site_cookie_attribute: "strict" };
        const body = { name: "App", domain: "app.example.com", type: "self_hosted", policies, ...settings };
        await under.create(`access/apps/${made.id}`, body, "PUT");
        expect(await cookieOf()).toMatch(/GMT; Secure; SameSite=Strict$/);
    });
});
