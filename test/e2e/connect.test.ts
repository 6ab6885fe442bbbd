import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../cli/processes/freePort.ts";
import { ensureTool, sallyportHome, silentProgress } from "../../toolchain/index.ts";
import { ConnectProcess, catalogueFor } from "./support/connectProcess.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { processesShowing } from "./support/processList.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";
import { WebBrowser } from "./support/webBrowser.ts";

const parts = new AsyncDisposableStack();
let account: ProtectedAccount;
let folder: string;
let tokenFile: string;
let token: { id: string; client_id: string; client_secret: string };

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    account = parts.use(await ProtectedAccount.start("example.com"));
    const echo = parts.use(await listenOnLoopback(createServer((socket) => socket.pipe(socket))));
    token = await account.create("access/service_tokens", { name: "ci" });
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: token.id } }] };
    const staff = { name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] };
    const service = `tcp://127.0.0.1:${echo.port}`;
    await account.expose(cloudflared, [
        { hostname: "db.example.com", service, policies: [robots, staff] },
        { hostname: "cache.example.com", service, policies: [robots] },
    ]);
    folder = await mkdtemp(join(tmpdir(), "sallyport-connect-"));
    parts.defer(() => rm(folder, { recursive: true }));
    tokenFile = join(folder, "token.json");
    await keepToken(token.client_secret);
    await catalogueFor(account, folder, [
        { name: "db", hostname: "db.example.com", protocol: "postgresql" },
        { name: "cache", hostname: "cache.example.com", protocol: "redis" },
    ]);
});

afterAll(() => parts.disposeAsync());

function keepToken(clientSecret: string): Promise<void> {
    return writeFile(tokenFile, JSON.stringify({ clientId: token.client_id, clientSecret }), { mode: 0o600 });
}

function connectDb(...args: string[]): Promise<ConnectProcess> {
    return ConnectProcess.start("db", join(folder, "apps.json"), args);
}

function required<T>(value: T | undefined): T {
    if (value === undefined) {
        throw new Error("It is not there yet.");
    }
    return value;
}

async function echoed(client: Socket, word: string): Promise<string> {
    client.write(word);
    return String((await once(client, "data"))[0]);
}

describe("sallyport connect", () => {
    it("carries bytes to the service and back, with a service token from a file, whatever the laptop's own proxy is", async () => {
        const proxy = { HTTPS_PROXY: "http://192.0.2.1:3128", NO_PROXY: "example.com", no_proxy: "example.com" };
        const args = ["--service-token", tokenFile];
        await using db = await ConnectProcess.start("db", join(folder, "apps.json"), args, proxy);
        const client = db.client();
        const noise = randomBytes(5_000_000);
        client.write(noise);
        const received: Buffer[] = [];
        for await (const piece of client) {
            received.push(piece);
            if (Buffer.concat(received).length >= noise.length) {
                break;
            }
        }
        expect(Buffer.concat(received).equals(noise)).toBe(true);
        expect(db.said).not.toContain(token.client_secret);
        // cloudflared takes a service token from its environment, which its own user alone can read.
        expect(await processesShowing(token.client_secret, "environ")).not.toEqual([]);
        expect(await processesShowing(token.client_secret, "cmdline")).toEqual([]);
    });

    it("opens the ports of several apps at once", async () => {
        const port = await freePort();
        await using db = await connectDb("cache", "--local", `cache=${port}`, "--service-token", tokenFile);
        const clients = [db.client(), connect(port, "127.0.0.1")];
        expect(await Promise.all(clients.map((client) => echoed(client, "one")))).toEqual(["one", "one"]);
        for (const client of clients) {
            client.destroy();
        }
        await vi.waitFor(() => expect(account.verdicts("cache.example.com")).toMatchObject([{ status: 101 }]));
    });

    it("drops no connection when the service token is rotated and the file renewed", async () => {
        await using db = await connectDb("--service-token", tokenFile);
        const before = db.client();
        expect(await echoed(before, "one")).toBe("one");
        const rotated = await account.create(`access/service_tokens/${token.id}/rotate`, undefined);
        await keepToken(rotated.client_secret);
        const after = db.client();
        expect(await echoed(after, "two")).toBe("two");
        expect(await echoed(before, "three")).toBe("three");
        expect(db.said).toContain("db: new clients use the new service token");
        before.destroy();
        after.destroy();
    });

    it("asks a person to log in with a browser when the first client comes, which waits for it", async () => {
        // A home without logins, and no program on PATH that opens a browser.
        const home = { HOME: folder, PATH: folder, SALLYPORT_HOME: sallyportHome() };
        const env = { ...home, CF_ACCESS_CLIENT_ID: "", CF_ACCESS_CLIENT_SECRET: "" };
        await using db = await ConnectProcess.start("db", join(folder, "apps.json"), [], env);
        const client = db.client();
        const answer = echoed(client, "one");
        const address = await vi.waitFor(() => required(/waiting for a login at (\S+)/.exec(db.said)?.[1]), 10_000);
        const browser = new WebBrowser(account);
        await browser.submit(await browser.logIn(address, "ann@example.com"), "/cdn-cgi/access/cli");
        expect(await answer).toBe("one");
        client.destroy();
    });

    it("tells that the edge refuses a service token", async () => {
        const wrong = join(folder, "wrong.json");
        const credentials = { clientId: token.client_id, clientSecret: "0".repeat(64) };
        await writeFile(wrong, JSON.stringify(credentials), { mode: 0o600 });
        await using db = await connectDb("--service-token", wrong);
        const client = db.client();
        client.resume();
        await once(client, "close");
        await vi.waitFor(() => expect(db.said).toContain("Access refuses the service token"), { timeout: 10_000 });
    });

    it("ends with Ctrl-C: exit 0, the port free, no cloudflared left", async () => {
        await using db = await connectDb("--service-token", tokenFile);
        const client = db.client();
        expect(await echoed(client, "one")).toBe("one");
        const closed = once(client, "close");
        await db.end("SIGINT");
        await closed;
        expect(db.exitCode).toBe(0);
        const [error] = await once(db.client(), "error");
        expect(error.code).toBe("ECONNREFUSED");
    });
});
