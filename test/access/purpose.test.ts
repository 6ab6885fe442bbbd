import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AccessUnderTest, Browser } from "./support/accessUnderTest.ts";

const app = "https://app.example.com:8443/reports?year=2026";
const purposePath = "/cdn-cgi/access/purpose";
const hour = 3_600_000;

const staff = {
    ...{ name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] },
    ...{ purpose_justification_required: true, purpose_justification_prompt: "Which <ticket>?" },
};

async function setUp(policies: readonly object[] = [staff]) {
    const stateDir = await mkdtemp(join(tmpdir(), "sallyport-purpose-"));
    const under = await AccessUnderTest.start(stateDir);
    const { id } = await under.application({ policies });
    return {
        ...{ under, id, browser: new Browser(under) },
        [Symbol.asyncDispose]: async () => {
            await under[Symbol.asyncDispose]();
            await rm(stateDir, { recursive: true });
        },
    };
}

describe("a policy that asks for a reason", () => {
    it("asks in its own words before anybody enters, and the log has the answer", async () => {
        await using setup = await setUp();
        const { browser } = setup;
        const asked = await browser.logIn(app, "ann@example.com");
        expect(asked.answer.status).toBe(200);
        expect(asked.answer.body).toContain("Which &lt;ticket&gt;?");
        expect(browser.cookie("app.example.com", "CF_Authorization")).toBeUndefined();
        const purpose = "Ticket\r\n 42,  <b>now</b>";
        const inside = await browser.submit(asked, purposePath, { purpose });
        expect([inside.url, inside.answer.body]).toEqual([app, "from the origin"]);
        const entry = /name="entry" value="([^"]*)"/.exec(asked.answer.body)?.[1] ?? "";
        const form = new URLSearchParams({ entry, purpose });
        const again = await browser.send(new URL(purposePath, app).href, { form });
        expect(again.rule).toBe(
            'app "App", policy "staff" (Allow): include email_domain example.com matched, for the reason "Ticket 42, <b>now</b>"',
        );
    });

    it("asks again for nothing, and for too much", async () => {
        await using setup = await setUp();
        const { browser } = setup;
        let asked = await browser.logIn(app, "ann@example.com");
        for (const [purpose, what] of [
            [" \r\n ", "empty"],
            ["x".repeat(1001), "too long"],
        ] as const) {
            asked = await browser.submit(asked, purposePath, { purpose });
            expect([asked.answer.status, asked.answer.body]).toEqual([400, expect.stringContaining(what)]);
            expect(asked.answer.body).toContain("Which &lt;ticket&gt;?");
        }
        expect((await browser.submit(asked, purposePath, { purpose: "x".repeat(1000) })).answer.status).toBe(200);
    });

    it("asks nobody whom it does not let in", async () => {
        await using setup = await setUp();
        expect((await setup.browser.logIn(app, "eve@example.org")).answer.status).toBe(403);
    });

    it("asks of whoever is inside as soon as it begins to ask, and of machines with a 401", async () => {
        await using setup = await setUp([{ ...staff, purpose_justification_required: false }]);
        const { under, browser, id } = setup;
        expect((await browser.logIn(app, "ann@example.com")).url).toBe(app);
        const body = { name: "App", domain: "app.example.com", type: "self_hosted", policies: [staff] };
        await under.create(`access/apps/${id}`, body, "PUT");
        const sent = await browser.get(app);
        expect([sent.status, sent.rule]).toEqual([302, expect.stringContaining("which asks for a reason")]);
        const headers = { "x-requested-with": "XMLHttpRequest" };
        expect((await browser.get(app, { headers })).status).toBe(401);
        const asked = await browser.open(app);
        expect((await browser.submit(asked, purposePath, { purpose: "42" })).answer.body).toBe("from the origin");
    });

    it("is content with the answer while the token lasts, over a restart too, and asks with the next one", async () => {
        await using setup = await setUp([{ ...staff, session_duration: "1h" }]);
        const { under, browser } = setup;
        await browser.submit(await browser.logIn(app, "ann@example.com"), purposePath, { purpose: "42" });
        await under.restart();
        expect((await browser.get(app)).status).toBe(200);
        under.later(hour);
        expect((await browser.open(app)).answer.body).toContain("Which &lt;ticket&gt;?");
    });

    it("is not content with what was said to another application", async () => {
        await using setup = await setUp();
        const { under, browser, id } = setup;
        const reusable = await under.create("access/policies", staff);
        const policies = [{ id: reusable.id, precedence: 1 }];
        const body = { name: "App", domain: "app.example.com", type: "self_hosted", policies };
        await under.create(`access/apps/${id}`, body, "PUT");
        await under.application({ name: "Wiki", domain: "wiki.example.com", policies });
        await browser.submit(await browser.logIn(app, "ann@example.com"), purposePath, { purpose: "42" });
        expect((await browser.open("https://wiki.example.com:8443/")).answer.body).toContain("Which &lt;ticket&gt;?");
    });

    it("decides before one that asks for none", async () => {
        await using setup = await setUp([staff, { ...staff, name: "all", purpose_justification_required: false }]);
        expect((await setup.browser.logIn(app, "ann@example.com")).answer.body).toContain("Which &lt;ticket&gt;?");
    });
});

describe("the answer counts for nothing", () => {
    it.each<
        [where: string, send: (under: AccessUnderTest, browser: Browser, form: URLSearchParams) => Promise<number>]
    >([
        [
            "from another browser",
            async (under, _, form) => (await new Browser(under).send(new URL(purposePath, app).href, { form })).status,
        ],
        [
            "from another site",
            async (_, browser, form) => {
                const headers = { origin: "https://evil.test" };
                return (await browser.send(new URL(purposePath, app).href, { form, headers })).status;
            },
        ],
        [
            "on another hostname",
            async (under, browser, form) => {
                await under.application({ name: "Wiki", domain: "wiki.example.com" });
                return (await browser.send(`https://wiki.example.com:8443${purposePath}`, { form })).status;
            },
        ],
        [
            "after an hour",
            async (under, browser, form) => {
                under.later(hour);
                return (await browser.send(new URL(purposePath, app).href, { form })).status;
            },
        ],
        [
            "once the person has logged out",
            async (_, browser, form) => {
                await browser.get("https://team.cloudflareaccess.localhost:8443/cdn-cgi/access/logout");
                return (await browser.send(new URL(purposePath, app).href, { form })).status;
            },
        ],
    ])("%s", async (_, send) => {
        await using setup = await setUp();
        const { under, browser } = setup;
        const asked = await browser.logIn(app, "ann@example.com");
        const entry = /name="entry" value="([^"]*)"/.exec(asked.answer.body)?.[1] ?? "";
        expect(await send(under, browser, new URLSearchParams({ entry, purpose: "42" }))).toBe(400);
        expect(browser.cookie("app.example.com", "CF_Authorization")).toBeUndefined();
    });
});
