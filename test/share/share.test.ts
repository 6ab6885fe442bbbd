import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { abandonedShares, credentialsFile } from "../../cli/share/journal.ts";
import { createRecord, createTunnel, listShareObjects } from "../../cli/share/objects.ts";
import { removeLeftovers, removeShares } from "../../cli/share/removal.ts";
import { reached } from "../../cli/share/share.ts";
import { newTitle } from "../../cli/share/title.ts";
import { accountId, call, zoneId } from "../emulator/support.ts";
import { AccountToShareIn, executable, request } from "./support/accountToShareIn.ts";

/** What a share asks of the API, in its order. */
const CREATIONS = [
    ["POST", "/accounts/*/access/apps"],
    ["POST", "/accounts/*/cfd_tunnel"],
    ["PUT", "/accounts/*/cfd_tunnel/*/configurations"],
    ["POST", "/zones/*/dns_records"],
] as const;

describe("a share", () => {
    it("is guarded before it has a name, and loses its name before its guard", async () => {
        await using account = await AccountToShareIn.start();
        const shared = await account.share();
        expect(account.changes).toEqual([
            "POST /accounts/access/apps",
            "POST /accounts/cfd_tunnel",
            "PUT /accounts/cfd_tunnel/configurations",
            "POST /zones/dns_records",
        ]);
        await shared[Symbol.asyncDispose]();
        expect(account.changes.slice(4)).toEqual([
            "DELETE /zones/dns_records",
            "DELETE /accounts/cfd_tunnel",
            "DELETE /accounts/access/apps",
        ]);
        expect(await account.kinds()).toEqual([]);
        expect(abandonedShares(account.target.stack)).toEqual([]);
    });

    it("lets in exactly the people named, for no longer than it lasts, and the connector checks that again", async () => {
        await using account = await AccountToShareIn.start();
        await using shared = await account.share();
        expect(shared.url).toBe("https://demo.example.com/");
        const objects = await listShareObjects(account.target);
        const tunnel = objects.find(({ kind }) => kind === "tunnel");
        const { result: applications } = await call(account.emulator, "GET", `/accounts/${accountId}/access/apps`);
        expect(applications).toMatchObject([{ domain: "demo.example.com", session_duration: "10m" }]);
        expect(applications[0].policies).toMatchObject([
            {
                decision: "allow",
                session_duration: "10m",
                include: [{ email: { email: "ann@example.com" } }, { email_domain: { domain: "example.org" } }],
            },
        ]);
        const path = `/accounts/${accountId}/cfd_tunnel/${tunnel?.id}/configurations`;
        const { result } = await call(account.emulator, "GET", path);
        expect(result.config.ingress).toEqual([
            {
                hostname: "demo.example.com",
                service: "http://127.0.0.1:3000",
                originRequest: {
                    access: { required: true, teamName: "team", audTag: [applications[0].aud] },
                    httpHostHeader: "127.0.0.1:3000",
                },
            },
            { service: "http_status:404" },
        ]);
        const credentials = credentialsFile(shared.title);
        expect(statSync(credentials).mode & 0o777).toBe(0o600);
        await shared[Symbol.asyncDispose]();
        expect(existsSync(credentials)).toBe(false);
    });

    it.each(CREATIONS)("of which %s %s fails leaves nothing, whether it had an effect or not", async (method, path) => {
        await using account = await AccountToShareIn.start();
        for (const when of ["before", "after"] as const) {
            account.emulator.faults.add({ method, path, when, times: 1, outcome: { kind: "drop" } });
            await expect(account.share()).rejects.toThrow(`the API did not answer ${method}`);
            expect(await account.kinds()).toEqual([]);
        }
        expect(abandonedShares(account.target.stack)).toEqual([]);
    });

    it("of a hostname that is taken is refused, and what has it stays", async () => {
        await using account = await AccountToShareIn.start();
        await using first = await account.share();
        await expect(account.share()).rejects.toThrow("the API refused POST");
        expect((await listShareObjects(account.target)).map(({ title }) => title)).toEqual(Array(3).fill(first.title));
    });

    it("whose connector cannot run leaves nothing", async () => {
        await using account = await AccountToShareIn.start();
        await expect(account.share({ executable: "/bin/false" })).rejects.toThrow(
            "cloudflared does not connect: exit code 1",
        );
        expect(await account.kinds()).toEqual([]);
    });

    it("that is given up while it is made leaves nothing", async () => {
        await using account = await AccountToShareIn.start();
        const asked = new AbortController();
        const onNews = (text: string) => text === "connecting" && asked.abort();
        const silent = join(import.meta.dirname, "support", "silentConnector.mjs");
        await expect(account.share({ signal: asked.signal, onNews, executable: silent })).rejects.toThrow(
            "ended before",
        );
        expect(await account.kinds()).toEqual([]);
    });

    it.each(CREATIONS)("killed while it waits for %s %s is removed by the next run", async (method, path) => {
        await using account = await AccountToShareIn.start();
        const { emulator, target } = account;
        const held = emulator.faults.add({ method, path, when: "after", outcome: { kind: "delay", ms: 60_000 } });
        const command = spawn(process.execPath, [join(import.meta.dirname, "support", "startedShare.ts")], {
            stdio: ["pipe", "ignore", "inherit"],
        });
        command.stdin.end(JSON.stringify({ target, request, executable }));
        await vi.waitFor(() => expect(emulator.faults.all()[0]?.struck).toBe(1), { timeout: 10_000 });
        expect(await removeLeftovers(target), "it still runs").toEqual([]);
        command.kill("SIGKILL");
        await once(command, "exit");
        emulator.faults.remove(held);
        expect(await account.kinds()).not.toEqual([]);
        expect(await removeLeftovers(target)).toEqual([
            expect.stringMatching(/^sallyport-share-demo-[0-9a-f]{8}-until-\d{8}t\d{6}z$/),
        ]);
        expect(await account.kinds()).toEqual([]);
        expect(await removeLeftovers(target)).toEqual([]);
    });
});

describe("what a share left", () => {
    it("keeps its guard while its name cannot be removed, and stays in the journal", async () => {
        await using account = await AccountToShareIn.start();
        const shared = await account.share();
        const { title } = shared;
        const outcome = { kind: "status", status: 500 } as const;
        const fault = account.emulator.faults.add({ method: "DELETE", path: "/zones/*/dns_records/*", outcome });
        await expect(removeShares(account.target, new Set([title]), [], [1, 1])).rejects.toMatchObject({
            exit: 3,
            fix: expect.stringContaining(`share --clean --stack ${account.target.stack}`),
        });
        expect(await account.kinds()).toEqual(["application", "record", "tunnel"]);
        expect(existsSync(credentialsFile(title))).toBe(true);
        account.emulator.faults.remove(fault);
        await shared[Symbol.asyncDispose]();
        expect(await account.kinds()).toEqual([]);
    });

    it("is removed though the API fails now and then", async () => {
        await using account = await AccountToShareIn.start();
        const shared = await account.share();
        const { title } = shared;
        account.emulator.faults.add({ path: "/**", times: 2, outcome: { kind: "status", status: 429 } });
        await removeShares(account.target, new Set([title]), [], [1, 1, 1]);
        expect(await account.kinds()).toEqual([]);
        await shared[Symbol.asyncDispose]();
    });

    it("on another machine is removed once its time is over, and nothing else is", async () => {
        await using account = await AccountToShareIn.start();
        const { target } = account;
        const minutes = (count: number) => new Date(Date.now() + count * 60_000);
        const titles: string[] = [];
        const secret = Buffer.alloc(32).toString("base64");
        for (const [hostname, until] of [
            ["over.example.com", minutes(-6)],
            ["ending.example.com", minutes(-1)],
            ["open.example.com", minutes(1)],
        ] as const) {
            const title = newTitle(hostname, until);
            titles.push(title);
            const { id } = await createTunnel(target, title, secret);
            await createRecord(target, title, id, hostname);
        }
        const other = { name: "sallyport-share-manual", config_src: "cloudflare", tunnel_secret: secret };
        await call(account.emulator, "POST", `/accounts/${accountId}/cfd_tunnel`, other);
        const record = {
            type: "CNAME",
            name: "www",
            content: "over.example.com",
            proxied: true,
            ttl: 1,
            comment: "mine",
        };
        await call(account.emulator, "POST", `/zones/${zoneId}/dns_records`, record);

        expect(await removeLeftovers(target)).toEqual([titles[0]]);
        const left = await listShareObjects(target);
        expect(new Set(left.map(({ title }) => title))).toEqual(new Set(titles.slice(1)));
        expect(left).toHaveLength(4);
        const { result: records } = await call(account.emulator, "GET", `/zones/${zoneId}/dns_records?type=CNAME`);
        expect(records).toHaveLength(3);
    });
});

describe("the end of a share", () => {
    it("comes at its time, or when it is asked for", async () => {
        const { signal } = new AbortController();
        const until = new Date(Date.now() + 30);
        await reached(until, signal);
        expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
        await reached(new Date(Date.now() + 3_600_000), AbortSignal.abort());
    });
});
