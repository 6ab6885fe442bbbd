import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { Chromium } from "./support/chromium.ts";
import { Laptop } from "./support/laptop.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { logInWithPin } from "./support/oneTimePin.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

const app = "https://app.example.com";
const wiki = "https://wiki.example.com";

const started = new AsyncDisposableStack();
let account: ProtectedAccount;
let laptop: Laptop;
let chromium: Chromium;

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    const origin = createServer(({ headers }, response) =>
        response.end(`${headers.host}: ${headers["cf-access-authenticated-user-email"]}`),
    );
    const { port } = started.use(await listenOnLoopback(origin));
    account = started.use(await ProtectedAccount.start("example.com"));
    const policies = [{ name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] }];
    const exposures = [app, wiki].map((url) => ({
        ...{ hostname: new URL(url).hostname, service: `http://127.0.0.1:${port}`, policies },
    }));
    await account.expose(cloudflared, exposures);
    laptop = started.use(await Laptop.start(cloudflared, account));
    chromium = started.use(await Chromium.start(account.edge.caPem, stderrProgress(), laptop.proxy));
});

afterAll(() => started.disposeAsync());

describe("cloudflared access, for a person", () => {
    it("waits for the login in the browser, and asks for applications as that person from then on", async () => {
        const login = laptop.access(["login", "--app", app]);
        const address = printedAddress(login.stderr);
        const page = await chromium.person();
        await page.goto(await address);
        await logInWithPin(page, "ann@example.com");
        await page.getByRole("button", { name: "Approve" }).click();
        expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("The command line is logged in");
        const { exitCode, stderr } = await login;
        expect(exitCode, String(stderr)).toBe(0);

        expect((await fetched(`${app}/`)).body).toBe("app.example.com: ann@example.com");
        const rule = 'app "app.example.com", policy "staff" (Allow): include email_domain example.com matched';
        await vi.waitFor(() => expect(account.verdicts("app.example.com").at(-1)).toEqual({ status: 200, rule }));
        const token = await laptop.access(["token", "--app", app]);
        expect(token.stdout).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
    });

    it("needs no browser for the team's other applications", async () => {
        const { body, said } = await fetched(`${wiki}/`);
        expect(body).toBe("wiki.example.com: ann@example.com");
        expect(said).not.toContain("/cdn-cgi/access/cli");
    });
});

/** What `cloudflared access curl` gets. Not from its output, of which it loses some: it ends without waiting for the pipe from curl. */
async function fetched(url: string): Promise<{ body: string; said: string }> {
    const file = join(laptop.home, "fetched");
    const { stderr } = await laptop.access(["curl", url, "--silent", "--output", file]);
    return { body: await readFile(file, "utf8"), said: String(stderr) };
}

/** The address that cloudflared wants opened, where it finds no browser to open it with. */
async function printedAddress(log: NodeJS.ReadableStream | null): Promise<string> {
    const said: string[] = [];
    for await (const line of createInterface({ input: log ?? process.stdin })) {
        said.push(line);
        if (line.startsWith("https://")) {
            return line;
        }
    }
    throw new Error(`cloudflared asks nobody to log in: ${said.join("; ")}`);
}
