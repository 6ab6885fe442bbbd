import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localFiles } from "../../cli/local/files.ts";
import { projectDir } from "../../cli/project.ts";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { sallyport } from "../support/cli.ts";
import { Chromium } from "./support/chromium.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { logInWithPin } from "./support/oneTimePin.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

/** Pictures of what people see, for whoever reads the tests' results. */
const ARTEFACTS = join(projectDir, ".sallyport", "artefacts");

const scripts = [
    ["with scripts", true],
    ["without scripts", false],
] as const;

/** The controls that assistive technology has no name for. */
async function namelessControls(page: Page): Promise<string[]> {
    const tree = await page.locator("body").ariaSnapshot();
    return tree.match(/^\s*- (textbox|checkbox|button|link|combobox|radio)(?! ").*$/gm) ?? [];
}

function pictureOf(page: Page, person: string, variant: string) {
    return async (name: string) => {
        expect(await namelessControls(page)).toEqual([]);
        const path = join(ARTEFACTS, `${person}-${name}-${variant.replaceAll(" ", "-")}.png`);
        await page.screenshot({ path, fullPage: true });
    };
}

describe("a person with a browser, at the local environment", () => {
    const url = "https://demo.sallyport.localhost:8443/";
    const started = new AsyncDisposableStack();
    let chromium: Chromium;

    beforeAll(async () => {
        if (existsSync(localFiles.root)) {
            throw new Error("A local environment is there already. Take it down first: npm run local -- down");
        }
        mkdirSync(ARTEFACTS, { recursive: true });
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode, String(stderr)).toBe(0);
        chromium = started.use(await Chromium.start(readFileSync(localFiles.edgeCa, "utf8"), stderrProgress()));
    });
    afterAll(async () => {
        await started.disposeAsync();
        await sallyport(["local", "down"]);
    });

    it.each(scripts)(
        "who is allowed comes to the page, which knows who they are, and logs out: %s",
        async (variant, on) => {
            const page = await chromium.person({ javaScriptEnabled: on });
            const picture = pictureOf(page, "allowed", variant);
            await page.goto(url);
            expect(new URL(page.url()).hostname).toBe("sallyport-local.cloudflareaccess.localhost");
            await logInWithPin(page, "ann@example.com", picture);
            expect(page.url()).toBe(url);
            const shown = await page.locator("body").textContent();
            expect(shown).toContain("Cf-Access-Authenticated-User-Email: ann@example.com");
            expect(shown).toMatch(/Cf-Access-Jwt-Assertion: ey/);
            await picture("page");

            await page.goto(new URL("/cdn-cgi/access/logout", url).href);
            expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Logged out");
            await picture("logout");
            await page.getByRole("link", { name: "Back to demo.sallyport.localhost" }).click();
            expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
                "Log in to demo.sallyport.localhost",
            );
        },
    );

    it.each(scripts)("who is refused reads why, and may come back as somebody else: %s", async (variant, on) => {
        const page = await chromium.person({ javaScriptEnabled: on });
        const picture = pictureOf(page, "refused", variant);
        await page.goto(url);
        await logInWithPin(page, "eve@elsewhere.example");
        expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Access refused");
        const why = await page.getByRole("main").textContent();
        expect(why).toContain("You cannot reach demo.sallyport.localhost as eve@elsewhere.example");
        expect(why).toMatch(/policy "local-developers": no rule of include matched/);
        await picture("page");

        await page.getByRole("link", { name: /Log out/ }).click();
        await page.goto(url);
        await logInWithPin(page, "ann@example.com");
        expect(page.url()).toBe(url);
    });
});

describe("one login", () => {
    it("is enough for every hostname of the team, until somebody logs out", async () => {
        const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
        await using origin = await listenOnLoopback(
            createServer((request, response) => response.end(request.headers.host)),
        );
        await using account = await ProtectedAccount.start("people.localhost");
        await using chromium = await Chromium.start(account.edge.caPem, stderrProgress());
        const policies = [{ name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] }];
        const hostnames = ["one.people.localhost", "two.people.localhost"] as const;
        const service = `http://127.0.0.1:${origin.port}`;
        await account.expose(
            cloudflared,
            hostnames.map((hostname) => ({ hostname, service, policies })),
        );
        const [one, two] = hostnames.map((hostname) => `https://${hostname}:${account.port}/`) as [string, string];
        const page = await chromium.person();
        const heading = page.getByRole("heading", { level: 1 });
        await page.goto(one);
        await logInWithPin(page, "ann@example.com");
        await page.goto(two);
        expect([page.url(), await page.locator("body").textContent()]).toEqual([two, hostnames[1]]);

        await page.goto(`${two}cdn-cgi/access/logout`);
        for (const url of [one, two]) {
            await page.goto(url);
            expect(await heading.textContent()).toMatch(/^Log in to /);
        }
    });
});
