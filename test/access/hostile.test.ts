import { describe, expect, it } from "vitest";
import { accountId, call } from "../emulator/support.ts";
import { AccessUnderTest, type Answer, Browser, teamHost, teamOrigin } from "./support/accessUnderTest.ts";

const app = "https://app.example.com:8443";

/** The login's signed state, from the redirect that began it. */
const metaOf = (answer: Answer) => new URL(String(answer.headers.location)).searchParams.get("meta") ?? "";

/** A value of a hidden field. */
const hidden = (answer: Answer, name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(answer.body)?.[1] ?? "";

async function setUp() {
    const under = await AccessUnderTest.start();
    const made = await under.application();
    return { under, made, browser: new Browser(under), [Symbol.asyncDispose]: () => under[Symbol.asyncDispose]() };
}

describe("a login link", () => {
    it.each([
        "//evil.test/",
        "/\\evil.test",
        "/%0d%0aSet-Cookie:%20a=b",
        "/@evil.test",
        "/.evil.test/?next=https://evil.test#x",
        "/?a=b?c=d&e=%20%22",
    ])("leads to the application's own hostname, whatever the path: %s", async (path) => {
        await using setup = await setUp();
        const { browser } = setup;
        const { url, answer } = await browser.logIn(`${app}${path}`, "ann@example.com");
        expect(answer.body).toBe("from the origin");
        expect(new URL(url).origin).toBe(app);
    });

    it("of somebody's own making leads nowhere", async () => {
        await using setup = await setUp();
        const { under, browser, made } = setup;
        const good = metaOf(await browser.get(`${app}/`));
        const [header, payload = "", signature] = good.split(".");
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
        const evil = Buffer.from(JSON.stringify({ ...claims, hostname: "evil.test" })).toString("base64url");
        for (const meta of [
            "",
            "x",
            [header, evil, signature].join("."),
            [header, evil, ""].join("."),
            "y".repeat(100_000),
        ]) {
            for (const host of ["evil.test", "app.example.com.evil.test", "app.example.com"]) {
                const query = new URLSearchParams({ kid: made.aud, redirect_url: "https://evil.test/", meta });
                const answer = await browser.get(`${teamOrigin}/cdn-cgi/access/login/${host}?${query}`);
                expect(answer.status).toBe(400);
                expect(answer.headers.location).toBeUndefined();
                expect(answer.body.includes("evil.test")).toBe(false);
            }
        }
        // Tokens of other types are signed by the same key.
        await browser.logIn(`${app}/`, "ann@example.com");
        for (const [host, name] of [
            ["app.example.com", "CF_Authorization"],
            [teamHost, "CF_Authorization"],
        ] as const) {
            const query = new URLSearchParams({ meta: browser.cookie(host, name) ?? "" });
            expect(
                (await new Browser(under).get(`${teamOrigin}/cdn-cgi/access/login/app.example.com?${query}`)).status,
            ).toBe(400);
        }
    });

    it("is over when the application has gone, or after an hour", async () => {
        await using setup = await setUp();
        const { under, browser, made } = setup;
        const login = String((await browser.get(`${app}/`)).headers.location);
        expect((await browser.get(login)).status).toBe(200);
        under.later(3_600_000);
        expect((await browser.get(login)).status).toBe(400);
        const again = String((await browser.get(`${app}/`)).headers.location);
        await call(under.emulator, "DELETE", `/accounts/${accountId}/access/apps/${made.id}`);
        expect((await browser.get(again)).status).toBe(400);
        await under.application();
        expect((await browser.get(again)).status).toBe(400);
    });
});

describe("the end of a login", () => {
    /** Logs in up to the link that brings the application its token. */
    async function authorizedLink(browser: Browser): Promise<string> {
        if (browser.cookie(teamHost, "CF_Authorization") === undefined) {
            await browser.logIn(`${app}/`, "ann@example.com");
        }
        browser.setCookie("app.example.com", "CF_Authorization", "gone");
        const login = await browser.get(`${app}/`);
        return String((await browser.get(String(login.headers.location))).headers.location);
    }

    it("is the browser's that began it: nobody can be logged in as somebody else by a link", async () => {
        await using setup = await setUp();
        const { under, browser } = setup;
        const link = await authorizedLink(browser);
        const victim = new Browser(under);
        await victim.get(`${app}/`);
        expect((await victim.get(link)).status).toBe(400);
        expect(victim.cookie("app.example.com", "CF_Authorization")).toBeUndefined();
    });

    it("comes once, within a minute, and on its own hostname", async () => {
        await using setup = await setUp();
        const { under, browser, made } = setup;
        const domains = ["app.example.com", "wiki.example.com"];
        const policies = [{ name: "all", decision: "allow", include: [{ everyone: {} }] }];
        const body = { name: "App", type: "self_hosted", self_hosted_domains: domains, policies };
        await under.create(`access/apps/${made.id}`, body, "PUT");
        const elsewhere = (await authorizedLink(browser)).replace("app.example.com", "wiki.example.com");
        browser.setCookie(
            "wiki.example.com",
            "CF_AppSession",
            browser.cookie("app.example.com", "CF_AppSession") ?? "",
        );
        expect((await browser.get(elsewhere)).status).toBe(400);
        const link = await authorizedLink(browser);
        expect((await browser.get(link)).status).toBe(302);
        expect((await browser.get(link)).status).toBe(400);
        const late = await authorizedLink(browser);
        under.later(60_000);
        expect((await browser.get(late)).status).toBe(400);
    });
});

describe("two logins in one browser", () => {
    it("do not spoil one another", async () => {
        await using setup = await setUp();
        const { browser } = setup;
        const one = await browser.submit(await browser.open(`${app}/one`), "/idp/");
        await browser.submit(await browser.open(`${app}/two`), "/idp/");
        const shown = await browser.submit(one, "/idp/", { email: "ann@example.com" });
        const pin = /<strong id="pin">(\d{6})</.exec(shown.answer.body)?.[1] ?? "";
        expect(await browser.submit(shown, "/pin", { pin })).toMatchObject({
            url: `${app}/one`,
            answer: { status: 200 },
        });
    });
});

describe("a login form", () => {
    it("is taken from the browser that it was shown in only, and not from another site", async () => {
        await using setup = await setUp();
        const { under, browser } = setup;
        const form = await browser.submit(await browser.open(`${app}/`), "/idp/");
        const fields = {
            email: "ann@example.com",
            meta: hidden(form.answer, "meta"),
            csrf: hidden(form.answer, "csrf"),
        };
        const send = (from: Browser, changes: Record<string, string> = {}, headers: Record<string, string> = {}) =>
            from.send(`${teamOrigin}/cdn-cgi/access/idp/onetimepin`, {
                form: new URLSearchParams({ ...fields, ...changes }),
                headers,
            });
        const other = new Browser(under);
        await other.submit(await other.open(`${app}/`), "/idp/");
        expect((await send(new Browser(under))).status).toBe(400);
        expect((await send(other)).status).toBe(400);
        expect((await send(browser, { csrf: "" })).status).toBe(400);
        expect((await send(browser, { meta: "x" })).status).toBe(400);
        expect((await send(browser, {}, { origin: "https://evil.test" })).status).toBe(400);
        expect((await send(browser, {}, { "content-type": "text/plain" })).status).toBe(400);
        expect((await send(browser, {}, { origin: teamOrigin })).status).toBe(200);
    });

    it("writes what it was given as text, never as markup", async () => {
        await using setup = await setUp();
        const { under, browser } = setup;
        const name = '"><script>alert(1)</script>';
        await under.create("access/identity_providers", { name, type: "okta", config: { claims: [name] } });
        await under.create("devices/posture", { name, type: "disk_encryption" });
        const choice = await browser.open(`${app}/`);
        const form = await browser.submit(choice, "/idp/");
        const again = await browser.submit(form, "/idp/", {
            email: name,
            name,
            groups: `</textarea>${name}`,
            claims: name,
        });
        for (const { answer } of [choice, form, again]) {
            expect(answer.body).toContain("&lt;script&gt;");
            expect(answer.body).not.toContain("<script");
            expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
        }
    });
});

describe("anything else that a client may send", () => {
    it("passes nobody", async () => {
        await using setup = await setUp();
        const { under } = setup;
        const junk = [
            "",
            "=",
            ";;;",
            "CF_Authorization",
            "CF_Authorization=",
            `CF_Authorization=${"a.".repeat(50_000)}`,
        ];
        for (const cookie of [...junk, "CF_Authorization=\u0000", "CF_Authorization=eyJhbGciOiJub25lIn0.e30."]) {
            expect((await new Browser(under).get(`${app}/`, { headers: { cookie } })).status).toBe(302);
        }
        const claims = { "cf-access-jwt-assertion": "x", "cf-access-authenticated-user-email": "ann@example.com" };
        expect((await new Browser(under).get(`${app}/`, { headers: claims })).status).toBe(302);
    });

    it("finds no page where there is none", async () => {
        await using setup = await setUp();
        const { browser } = setup;
        expect((await browser.get(`${app}/cdn-cgi/access/nothing`)).status).toBe(404);
        expect((await browser.get("https://other.example.com:8443/cdn-cgi/access/logout")).status).toBe(404);
        expect((await browser.get(`${teamOrigin}/`)).status).toBe(404);
        expect((await browser.send(`${teamOrigin}/cdn-cgi/access/pin`, { form: new URLSearchParams() })).status).toBe(
            400,
        );
    });
});
