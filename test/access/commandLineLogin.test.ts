import nacl from "tweetnacl";
import { describe, expect, it } from "vitest";
import { Transfers } from "../../emulator/edge/access/transfer/transfers.ts";
import { AccessUnderTest, type Answer, Browser, start, teamOrigin } from "./support/accessUnderTest.ts";

const app = "https://app.example.com:8443";
const minute = 60_000;

/** A command line that does what `cloudflared access login` does: a key pair, an address to open, and a place to ask for the tokens. */
class CommandLine {
    readonly #keys = nacl.box.keyPair();
    readonly #client: Browser;

    constructor(under: AccessUnderTest) {
        this.#client = new Browser(under);
    }

    get publicKey(): string {
        return Buffer.from(this.#keys.publicKey).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
    }

    address(aud: string, origin = app): string {
        const query = { token: this.publicKey, aud, redirect_url: `${origin}/`, send_org_token: "true" };
        return `${origin}/cdn-cgi/access/cli?${new URLSearchParams({ ...query, edge_token_transfer: "true" })}`;
    }

    poll(signal?: AbortSignal): Promise<Answer> {
        const url = `https://login.cloudflareaccess.org/transfer/${this.publicKey}`;
        return this.#client.get(url, signal && { signal });
    }

    open({ body, headers }: Answer): { app_token: string; org_token: string } {
        const sealed = Buffer.from(body, "base64");
        const sender = Buffer.from(String(headers["service-public-key"]), "base64url");
        const opened = nacl.box.open(sealed.subarray(24), sealed.subarray(0, 24), sender, this.#keys.secretKey);
        return JSON.parse(Buffer.from(opened || []).toString());
    }
}

async function setUp(settings: Record<string, unknown> = {}) {
    const under = await AccessUnderTest.start();
    const { aud } = await under.application(settings);
    const [commandLine, browser] = [new CommandLine(under), new Browser(under)];
    return { under, aud, commandLine, browser, [Symbol.asyncDispose]: () => under[Symbol.asyncDispose]() };
}

describe("a login that is handed over to the command line", () => {
    it("gives it the application's token and the team's, once the person has logged in and approved", async () => {
        await using setup = await setUp();
        const { under, aud, commandLine, browser } = setup;
        const polled = commandLine.poll();
        const asked = await browser.logIn(commandLine.address(aud), "ann@example.com");
        expect(asked.answer.body).toContain("as <strong>ann@example.com</strong>");
        const done = await browser.submit(asked, "/cdn-cgi/access/cli");
        expect(done.answer).toMatchObject({
            status: 200,
            rule: 'app "App", handed over to the command line',
        });
        const tokens = commandLine.open(await polled);
        expect(await under.verified(tokens.app_token)).toMatchObject({
            type: "app",
            aud: [aud],
            email: "ann@example.com",
        });

        const laptop = new Browser(under);
        const headers = { "cf-access-token": tokens.app_token };
        expect((await laptop.get(`${app}/`, { headers })).forward).toBeDefined();
        // With the team's token it gets into other applications without the browser.
        laptop.setCookie("team.cloudflareaccess.localhost", "CF_Authorization", tokens.org_token);
        expect((await laptop.open(`${app}/`)).answer.body).toBe("from the origin");
    });

    it("asks nobody to log in who has done so, and is given out once", async () => {
        await using setup = await setUp();
        const { aud, commandLine, browser } = setup;
        await browser.logIn(`${app}/`, "ann@example.com");
        const asked = await browser.open(commandLine.address(aud));
        await browser.submit(asked, "/cdn-cgi/access/cli");
        expect((await commandLine.poll()).status).toBe(200);
        expect((await commandLine.poll(AbortSignal.abort())).status).toBe(404);
    });

    it("is there for an application on a path, whose cookie goes no further", async () => {
        await using setup = await setUp({ domain: "app.example.com/admin", path_cookie_attribute: true });
        const { aud, commandLine, browser } = setup;
        const asked = await browser.logIn(commandLine.address(aud), "ann@example.com");
        expect((await browser.submit(asked, "/cdn-cgi/access/cli")).answer.status).toBe(200);
        expect((await commandLine.poll()).status).toBe(200);
    });

    it("is refused to whom the application refuses, also when its policy changes between the page and the approval", async () => {
        await using setup = await setUp();
        const { under, aud, commandLine, browser } = setup;
        const stranger = await new Browser(under).logIn(commandLine.address(aud), "eve@elsewhere.example");
        expect(stranger.answer.status).toBe(403);
        const asked = await browser.logIn(commandLine.address(aud), "ann@example.com");
        const [application] = under.emulator.access.applications();
        const policies = [{ name: "staff", decision: "allow", include: [{ email: { email: "bob@example.com" } }] }];
        const body = { name: "App", domain: "app.example.com", type: "self_hosted", policies };
        await under.create(`access/apps/${application?.id}`, body, "PUT");
        expect((await browser.submit(asked, "/cdn-cgi/access/cli")).answer.status).toBe(403);
        expect((await commandLine.poll(AbortSignal.abort())).status).toBe(404);
    });

    it("is not handed over by a link or a form of somebody else's", async () => {
        await using setup = await setUp();
        const { aud, commandLine, browser, under } = setup;
        const asked = await browser.logIn(commandLine.address(aud), "ann@example.com");
        const approval = /name="approval" value="([^"]*)"/.exec(asked.answer.body)?.[1] ?? "";
        const thief = new CommandLine(under);
        const url = `${app}/cdn-cgi/access/cli`;
        const good = { aud, token: commandLine.publicKey, approval };
        const send = (form: Record<string, string>, headers = {}) =>
            browser.send(url, { form: new URLSearchParams(form), headers });
        expect((await send({ ...good, token: thief.publicKey })).status).toBe(400);
        expect((await send({ ...good, approval: "" })).status).toBe(400);
        expect((await send(good, { origin: "https://elsewhere.example" })).status).toBe(400);
        for (const waiting of [commandLine, thief]) {
            expect((await waiting.poll(AbortSignal.abort())).status).toBe(404);
        }
        expect((await send(good, { origin: app })).status).toBe(200);
    });

    it.each([
        ["a key that is none", (aud: string) => `?aud=${aud}&token=short`],
        ["an application of another hostname", () => `?aud=${"0".repeat(64)}&token=${"A".repeat(43)}=`],
        ["nothing", () => ""],
    ])("is not begun with %s", async (_, query) => {
        await using setup = await setUp();
        const { aud, browser } = setup;
        expect((await browser.get(`${app}/cdn-cgi/access/cli${query(aud)}`)).status).toBe(400);
    });
});

describe("the place where command lines wait", () => {
    it("forgets what nobody fetches for ten minutes, and keeps the newest thousand", async () => {
        const time = { now: start };
        const transfers = new Transfers(() => new Date(time.now));
        const key = (n: number) => `${n.toString().padStart(43, "A")}=`;
        const now = AbortSignal.timeout(1_000);
        transfers.put(key(1), "old");
        time.now += 10 * minute;
        expect(await transfers.take(key(1), now)).toBeUndefined();
        for (let n = 1; n <= 1_001; n++) {
            transfers.put(key(n), "message");
        }
        expect(await transfers.take(key(1), AbortSignal.abort())).toBeUndefined();
        expect(await transfers.take(key(2), now)).toBeDefined();
    });

    it("answers nothing else", async () => {
        await using setup = await setUp();
        const { browser } = setup;
        for (const path of ["/", "/transfer/", "/transfer/short", `/other/${"A".repeat(43)}=`]) {
            expect((await browser.get(`https://login.cloudflareaccess.org${path}`)).body).toBe("No such resource.\n");
        }
    });
});

describe("a command line that looks for Access", () => {
    it("reads the application's domain on the page that it is sent to", async () => {
        await using setup = await setUp();
        const { url, answer } = await setup.browser.open(`${app}/`, { method: "HEAD" });
        expect(url).toContain(`${teamOrigin}/cdn-cgi/access/login/app.example.com?kid=${setup.aud}`);
        expect(answer.headers["cf-access-domain"]).toBe("app.example.com");
    });
});
