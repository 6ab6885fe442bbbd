import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { Sessions } from "../../emulator/edge/access/session/sessions.ts";
import { AccessUnderTest, Browser } from "./support/accessUnderTest.ts";
import { ann } from "./support/subjects.ts";

const hour = 3_600_000;
const app = "https://app.example.com:8443/";
const other = "https://other.example.com:8443/";

/** Access that keeps its state, with two applications and somebody who has logged in to the first. */
async function setUp(settings: Record<string, unknown> = {}) {
    const stateDir = await mkdtemp(join(tmpdir(), "sallyport-sessions-"));
    const under = await AccessUnderTest.start(stateDir);
    await under.application(settings);
    await under.application({ name: "Other", domain: "other.example.com" });
    const browser = new Browser(under);
    await browser.logIn(app, "ann@example.com");
    return {
        ...{ under, browser, file: join(stateDir, "access-sessions.json") },
        [Symbol.asyncDispose]: async () => {
            await under[Symbol.asyncDispose]();
            await rm(stateDir, { recursive: true });
        },
    };
}

const kept = async (file: string): Promise<{ sessions: { identity: { email: string } }[] }> =>
    JSON.parse(await readFile(file, "utf8"));

describe("a login", () => {
    it("outlives a restart of the edge, at its application and at others", async () => {
        await using setup = await setUp();
        const { under, browser } = setup;
        await under.restart();
        const again = await browser.get(app);
        expect([again.status, again.forward?.["cf-access-authenticated-user-email"]]).toEqual([200, "ann@example.com"]);
        expect((await browser.open(other)).answer.body).toBe("from the origin");
        const identity = await browser.get(`${app}cdn-cgi/access/get-identity`);
        expect(JSON.parse(identity.body)).toMatchObject({ email: "ann@example.com", iat: 1_767_225_600 });
    });

    it("that was ended does not come back with a restart", async () => {
        await using setup = await setUp();
        const { under, browser } = setup;
        const token = browser.cookie("app.example.com", "CF_Authorization") ?? "";
        await browser.get(`${app}cdn-cgi/access/logout`);
        await under.restart();
        browser.setCookie("app.example.com", "CF_Authorization", token);
        expect((await browser.get(app)).status).toBe(302);
    });

    it("is kept in a file for its owner alone, from which no token can be made", async () => {
        await using setup = await setUp();
        const { browser, file } = setup;
        const token = browser.cookie("app.example.com", "CF_Authorization") ?? "";
        const { identity_nonce: nonce } = decodeJwt(token);
        const text = await readFile(file, "utf8");
        expect((await stat(file)).mode & 0o777).toBe(0o600);
        expect(text).toContain("ann@example.com");
        expect(text).not.toContain(String(nonce));
    });

    it("is let go of when it is over, and not before the last of its tokens is", async () => {
        await using setup = await setUp({ session_duration: "48h" });
        const { under, browser, file } = setup;
        await new Browser(under).logIn(other, "bob@example.com");
        under.later(25 * hour);
        await new Browser(under).logIn(other, "eve@example.com");
        expect((await kept(file)).sessions.map(({ identity }) => identity.email)).toEqual([
            "ann@example.com",
            "eve@example.com",
        ]);
        await under.restart();
        expect((await browser.get(app)).status).toBe(200);
    });

    it("is not taken from a file that others can read, or that is damaged", async () => {
        await using setup = await setUp();
        const { under, file } = setup;
        await chmod(file, 0o644);
        await expect(under.restart()).rejects.toThrow(
            `${file}: logins that others can read (mode 644); run "chmod 600 ${file}"`,
        );
        await chmod(file, 0o600);
        await writeFile(file, '{"sessions":[{"id":"x"}]}');
        await expect(under.restart()).rejects.toThrow(`${file}: not whole sessions of ours; delete the file`);
    });
});

describe("logins", () => {
    it("are a thousand at most; the oldest makes room", async () => {
        const sessions = await Sessions.load({ clock: () => new Date() });
        const first = await sessions.open(ann, hour);
        const second = await sessions.open(ann, hour);
        for (let number = 3; number <= 1001; number++) {
            await sessions.open(ann, hour);
        }
        expect(sessions.get(first.nonce)).toBeUndefined();
        expect(sessions.get(second.nonce)).toEqual(second);
    });

    it("are answered when they are kept: one that cannot be kept fails", async () => {
        await using setup = await setUp();
        const { under, file } = setup;
        await rm(file);
        // A folder in the file's place cannot be replaced.
        await mkdir(join(file, "occupied"), { recursive: true });
        await expect(new Browser(under).logIn(app, "bob@example.com")).rejects.toThrow();
    });
});
