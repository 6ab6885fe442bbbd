import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { accountId, call, startEmulator, zoneId } from "../emulator/support.ts";

let cloudflared: string;

beforeAll(async () => {
    cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
});

/**
 * An unmodified `cloudflared` that takes the emulator for Cloudflare: `--api-url` says where the API is, and the file
 * that `cloudflared login` would fetch (`cert.pem`) holds the account, the zone and the token.
 */
async function commandLine(emulator: Awaited<ReturnType<typeof startEmulator>>) {
    const home = await mkdtemp(join(tmpdir(), "sallyport-cloudflared-"));
    const login = JSON.stringify({ zoneID: zoneId, accountID: accountId, apiToken: emulator.apiToken });
    const pem = `-----BEGIN ARGO TUNNEL TOKEN-----\n${Buffer.from(login).toString("base64")}\n-----END ARGO TUNNEL TOKEN-----\n`;
    const certificate = join(home, "cert.pem");
    await writeFile(certificate, pem, { mode: 0o600 });
    return {
        run: (...args: string[]) =>
            execa(cloudflared, ["tunnel", "--origincert", certificate, "--api-url", emulator.apiBaseUrl, ...args], {
                env: { HOME: home },
                extendEnv: false,
                reject: false,
            }),
        [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
    };
}

describe("an unmodified cloudflared", () => {
    it("creates a tunnel, finds it, gets its token and deletes it", async () => {
        await using emulator = await startEmulator();
        await using commands = await commandLine(emulator);
        const created = JSON.parse((await commands.run("create", "--output", "json", "edge")).stdout);
        expect(created).toMatchObject({ name: "edge", token: expect.any(String) });
        const listed = JSON.parse((await commands.run("list", "--output", "json")).stdout);
        expect(listed).toMatchObject([{ id: created.id, name: "edge", connections: [] }]);
        expect((await commands.run("token", "edge")).stdout.trim()).toBe(created.token);
        expect((await commands.run("delete", "edge")).exitCode).toBe(0);
        expect(JSON.parse((await commands.run("list", "--output", "json")).stdout)).toBeNull();
    });

    it("says that a name is taken, as it does with Cloudflare", async () => {
        await using emulator = await startEmulator();
        await using commands = await commandLine(emulator);
        await commands.run("create", "edge");
        const again = await commands.run("create", "edge");
        expect(again.exitCode).not.toBe(0);
        expect(again.stderr).toContain("tunnel with name already exists");
    });

    it("will not delete a tunnel that has connections, unless it is forced to", async () => {
        await using emulator = await startEmulator();
        await using commands = await commandLine(emulator);
        const { id } = JSON.parse((await commands.run("create", "--output", "json", "edge")).stdout);
        const time = new Date();
        const uuid = "22222222-2222-4222-8222-222222222222";
        const connection = {
            id: uuid,
            coloName: "loc01",
            originIp: "192.0.2.7",
            openedAt: time,
            isPendingReconnect: false,
        };
        emulator.directory.connectionsChanged(id, [
            {
                id: uuid,
                version: "2025.2.0",
                arch: "linux_amd64",
                features: [],
                runAt: time,
                connections: [connection],
            },
        ]);
        expect((await commands.run("info", "edge")).stdout).toContain("2025.2.0");
        const refused = await commands.run("delete", "edge");
        expect(refused.exitCode).not.toBe(0);
        expect(refused.stderr).toContain("active connections");
        expect((await commands.run("delete", "--force", "edge")).exitCode).toBe(0);
    });

    it("leads a DNS name and a private network to a tunnel", async () => {
        await using emulator = await startEmulator();
        await using commands = await commandLine(emulator);
        const { id } = JSON.parse((await commands.run("create", "--output", "json", "edge")).stdout);
        expect((await commands.run("route", "dns", "edge", "app.example.com")).stderr).toContain(
            "Added CNAME app.example.com",
        );
        expect((await call(emulator, "GET", `/zones/${zoneId}/dns_records`)).result).toMatchObject([
            { name: "app.example.com", content: `${id}.cfargotunnel.com`, proxied: true },
        ]);
        await commands.run("vnet", "add", "staging");
        await commands.run("route", "ip", "add", "--vnet", "staging", "10.20.0.0/16", "edge");
        expect((await commands.run("route", "ip", "show")).stdout).toContain("10.20.0.0/16");
        const removed = await commands.run("route", "ip", "delete", "--vnet", "staging", "10.20.0.0/16");
        expect(removed.stdout).toContain("Successfully deleted route");
    });
});
