import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { credentialsFile } from "../../cli/share/journal.ts";
import { listShareObjects } from "../../cli/share/objects.ts";
import { removeLeftovers } from "../../cli/share/removal.ts";
import type { ShareTarget } from "../../cli/share/target.ts";
import { accountId, zoneId } from "../emulator/support.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { processesShowing } from "./support/processList.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";
import { WebBrowser } from "./support/webBrowser.ts";

const parts = new AsyncDisposableStack();
let account: ProtectedAccount;
let target: ShareTarget;
let url: string;

beforeAll(async () => {
    account = parts.use(await ProtectedAccount.start("example.com"));
    const website = createServer((request, response) => {
        const { host, "cf-access-authenticated-user-email": who } = request.headers;
        response.end(`Hello ${who} at ${host}`);
    });
    const { port } = parts.use(await listenOnLoopback(website));
    url = `http://127.0.0.1:${port}`;
    const folder = await mkdtemp(join(tmpdir(), "sallyport-share-"));
    parts.defer(() => rm(folder, { recursive: true }));
    const caFile = join(folder, "ca.pem");
    await writeFile(caFile, account.edge.caPem);
    const [connector = ""] = account.edge.tunnels.addresses;
    target = {
        ...{ stack: `test-${process.pid}`, accountId, team: "team", zone: { id: zoneId, name: "example.com" } },
        api: { baseUrl: account.emulator.apiBaseUrl, token: account.emulator.apiToken },
        edge: { address: account.edge.public.address, caFile, connectors: [connector, connector] },
    };
});

afterAll(() => parts.disposeAsync());

/** A share in a process of its own, once it is open. */
async function share(seconds?: number) {
    const script = join(import.meta.dirname, "support", "shareProcess.ts");
    const command = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "pipe"] });
    const exited = once(command, "exit");
    let said = "";
    command.stderr.on("data", (data) => {
        said += data;
    });
    command.stdin.end(JSON.stringify({ target, url, people: ["ann@example.com"], seconds }));
    const first = await Promise.race([once(command.stdout, "data"), exited.then(() => [])]);
    if (first.length === 0) {
        throw new Error(`It ended: ${said}`);
    }
    return {
        announced: JSON.parse(String(first[0])) as { url: string; with: string[]; until: string },
        said: () => said,
        exited,
        async end(signal: NodeJS.Signals) {
            command.kill(signal);
            await exited;
            return command.exitCode;
        },
        async [Symbol.asyncDispose]() {
            if (command.exitCode === null && command.signalCode === null) {
                command.kill("SIGTERM");
                await exited;
            }
        },
    };
}

describe("what is shared", () => {
    it("is seen by the people named and by nobody else, and is gone afterwards", async () => {
        await using shared = await share();
        expect(shared.announced).toMatchObject({
            url: `https://demo.example.com:${account.port}/`,
            with: ["ann@example.com"],
        });
        const ann = await new WebBrowser(account).logIn(shared.announced.url, "ann@example.com");
        expect(ann.answer).toMatchObject({ status: 200, body: `Hello ann@example.com at ${new URL(url).host}` });
        const eve = await new WebBrowser(account).logIn(shared.announced.url, "eve@example.com");
        expect(eve.answer.status).toBe(403);
        const stranger = await new WebBrowser(account).get(shared.announced.url);
        expect(stranger.status).toBe(302);

        const [object] = await listShareObjects(target);
        const credentials = JSON.parse(await readFile(credentialsFile(object?.title ?? ""), "utf8"));
        expect(await processesShowing(credentials.TunnelID, "cmdline"), "the connector runs").not.toEqual([]);
        for (const where of ["cmdline", "environ"] as const) {
            expect(await processesShowing(credentials.TunnelSecret, where)).toEqual([]);
        }

        expect(await shared.end("SIGINT")).toBe(0);
        expect(await listShareObjects(target)).toEqual([]);
        expect((await new WebBrowser(account).get(shared.announced.url)).status).toBe(530);
        expect(await removeLeftovers(target)).toEqual([]);
    });

    it("is served no more once its command is killed, stays guarded, and the next run removes it", async () => {
        await using killed = await share();
        const ann = new WebBrowser(account);
        await ann.logIn(killed.announced.url, "ann@example.com");
        await killed.end("SIGKILL");
        await vi.waitFor(async () => expect((await ann.get(killed.announced.url)).status).toBe(530), {
            timeout: 10_000,
        });
        expect((await new WebBrowser(account).get(killed.announced.url)).status).toBe(302);
        expect((await listShareObjects(target)).map(({ kind }) => kind).sort()).toEqual([
            "application",
            "record",
            "tunnel",
        ]);

        await using next = await share();
        await vi.waitFor(() => expect(next.said()).toContain("removed what was left of sallyport-share-demo-"));
        expect(await listShareObjects(target)).toHaveLength(3);
        await next.end("SIGTERM");
        expect(await listShareObjects(target)).toEqual([]);
    });

    it("ends by itself when the time is over", async () => {
        await using shared = await share(1);
        expect(await shared.exited).toEqual([0, null]);
        expect(await listShareObjects(target)).toEqual([]);
    });
});
