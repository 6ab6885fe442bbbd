import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { freePort } from "./support/freePort.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

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
    await account.expose(cloudflared, [
        { hostname: "db.example.com", service: `tcp://127.0.0.1:${echo.port}`, policies: [robots] },
    ]);
    folder = await mkdtemp(join(tmpdir(), "sallyport-connect-"));
    parts.defer(() => rm(folder, { recursive: true }));
    tokenFile = join(folder, "token.json");
    await keepToken(token.client_secret);
    await writeFile(join(folder, "ca.pem"), account.edge.caPem);
    const apps = [{ name: "db", hostname: "db.example.com", protocol: "postgresql" }];
    const edge = { address: account.edge.public.address, caFile: "ca.pem" };
    await writeFile(join(folder, "apps.json"), JSON.stringify({ version: 1, apps, edge }));
});

afterAll(() => parts.disposeAsync());

function keepToken(clientSecret: string): Promise<void> {
    return writeFile(tokenFile, JSON.stringify({ clientId: token.client_id, clientSecret }), { mode: 0o600 });
}

/** `sallyport connect db` with further arguments, once its port is open. */
async function connectDb(...args: string[]) {
    const catalogue = join(folder, "apps.json");
    const bin = join(projectDir, "cli", "bin.js");
    const command = spawn(
        process.execPath,
        [bin, "connect", "db", "--catalogue", catalogue, "--json", "--local", `db=${await freePort()}`, ...args],
        { stdio: ["ignore", "pipe", "pipe"] },
    );
    let said = "";
    command.stderr.on("data", (data) => {
        said += data;
    });
    const { connections } = JSON.parse(String((await once(command.stdout, "data"))[0]));
    const [host, port] = connections[0].local.split(":");
    return {
        command,
        port: Number(port),
        said: () => said,
        client: () => connect({ host, port: Number(port) }),
        [Symbol.asyncDispose]: () => ended(command, "SIGTERM"),
    };
}

async function ended(command: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (command.exitCode === null && command.signalCode === null) {
        command.kill(signal);
        await once(command, "exit");
    }
}

async function echoed(client: Socket, word: string): Promise<string> {
    client.write(word);
    return String((await once(client, "data"))[0]);
}

describe("sallyport connect", () => {
    it("carries bytes to the service and back, with a service token from a file", async () => {
        await using db = await connectDb("--service-token", tokenFile);
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
        expect(db.said()).not.toContain(token.client_secret);
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
        expect(db.said()).toContain("db: new clients use the new service token");
        before.destroy();
        after.destroy();
    });

    it("tells that the edge refuses a service token", async () => {
        const wrong = join(folder, "wrong.json");
        const credentials = { clientId: token.client_id, clientSecret: "0".repeat(64) };
        await writeFile(wrong, JSON.stringify(credentials), { mode: 0o600 });
        await using db = await connectDb("--service-token", wrong);
        const client = db.client();
        client.resume();
        await once(client, "close");
        await vi.waitFor(() => expect(db.said()).toContain("Access refuses the service token"), { timeout: 10_000 });
    });

    it("ends with Ctrl-C: exit 0, the port free, no cloudflared left", async () => {
        await using db = await connectDb("--service-token", tokenFile);
        const client = db.client();
        expect(await echoed(client, "one")).toBe("one");
        const closed = once(client, "close");
        await ended(db.command, "SIGINT");
        await closed;
        expect(db.command.exitCode).toBe(0);
        const [error] = await once(db.client(), "error");
        expect(error.code).toBe("ECONNREFUSED");
    });
});
