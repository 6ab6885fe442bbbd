import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { ConnectProcess, catalogueFor } from "./support/connectProcess.ts";
import { type Credentials, Laptop } from "./support/laptop.ts";
import { Postgres } from "./support/postgres.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

const HOSTNAME = "db.example.com";
const MIB = 1024 * 1024;

const started = new AsyncDisposableStack();
let account: ProtectedAccount;
let database: Postgres;
let laptop: Laptop;
/** The service token that the database's policy names, and one that it does not. */
let allowed: Credentials;
let stranger: Credentials;

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    database = started.use(await Postgres.start());
    account = started.use(await ProtectedAccount.start("example.com"));
    const [tokenId, credentials] = await serviceToken("ci");
    allowed = credentials;
    [, stranger] = await serviceToken("somebody else's");
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: tokenId } }] };
    await account.expose(cloudflared, [
        {
            hostname: HOSTNAME,
            service: `tcp://127.0.0.1:${database.port}`,
            policies: [robots],
            settings: { service_auth_401_redirect: true },
        },
    ]);
    laptop = started.use(await Laptop.start(cloudflared, account));
});

afterAll(() => started.disposeAsync());

async function serviceToken(name: string): Promise<[id: string, Credentials]> {
    const { id, client_id, client_secret } = await account.create("access/service_tokens", { name });
    return [id, { id: client_id, secret: client_secret }];
}

describe("a PostgreSQL behind Access, reached with cloudflared access tcp", () => {
    it("answers psql's queries to whoever has the service token", async () => {
        await using forwarded = await laptop.forward(HOSTNAME, allowed);
        const answer = await database.query(forwarded.port, "select n, n * n from generate_series(1, 3) n");
        expect(answer).toMatchObject({ exitCode: 0, stdout: "1|1\n2|4\n3|9" });
        await logged(101, `app "${HOSTNAME}", policy "robots" (Service Auth)`);
    });

    it("answers through a port of sallyport connect, which has the service token in its environment", async () => {
        const apps = [{ name: "orders", hostname: HOSTNAME, protocol: "postgresql" as const }];
        const catalogue = await catalogueFor(account, laptop.home, apps);
        const env = { CF_ACCESS_CLIENT_ID: allowed.id, CF_ACCESS_CLIENT_SECRET: allowed.secret };
        await using connected = await ConnectProcess.start("orders", catalogue, [], env);
        expect(await database.query(connected.port, "select 6 * 7")).toMatchObject({ exitCode: 0, stdout: "42" });
        expect(connected.said).not.toContain(allowed.secret);
    });

    it("takes and gives 20 MiB with COPY, whole", async () => {
        await using forwarded = await laptop.forward(HOSTNAME, allowed);
        const [sent, received] = [join(laptop.home, "sent"), join(laptop.home, "received")];
        const lines = Array.from({ length: 1024 }, (_, n) => `${n}\t${randomBytes(10 * 1024).toString("hex")}\n`);
        await writeFile(sent, lines);
        const { exitCode, stderr } = await database.query(
            forwarded.port,
            "create table noise (n int, line text)",
            `\\copy noise from '${sent}'`,
            `\\copy (select n, line from noise order by n) to '${received}'`,
        );
        expect(exitCode, stderr).toBe(0);
        expect(await fingerprint(received)).toEqual(await fingerprint(sent));
    });

    it("gives a result of 20 MiB at once", async () => {
        await using forwarded = await laptop.forward(HOSTNAME, allowed);
        const { stdout } = await database.query(forwarded.port, `select repeat('x', ${20 * MIB})`);
        expect(stdout.length).toBe(20 * MIB);
    });

    it("comes over standard input and output as well, as ssh's ProxyCommand wants it", async () => {
        const env = { TUNNEL_SERVICE_TOKEN_ID: allowed.id, TUNNEL_SERVICE_TOKEN_SECRET: allowed.secret };
        const client = laptop.access(["ssh", "--hostname", HOSTNAME], { env, stdin: "pipe" });
        // PostgreSQL's SSLRequest; a server without TLS answers with one letter.
        client.stdin?.write(Buffer.from("0000000804d2162f", "hex"));
        expect(String((await once(client.stdout ?? client, "data"))[0])).toBe("N");
        client.stdin?.end();
        expect((await client).exitCode).toBe(0);
    });

    it.each([
        ["without a token", undefined, 401, "nobody is logged in"],
        ["with a secret that is not the token's", "wrong secret", 403, 'the secret is not that of service token "ci"'],
        ["with a token that no policy names", "stranger", 403, "no rule of include matched"],
    ])("lets nobody in %s, and the edge's log says why", async (_, who, status, reason) => {
        const wrong = { ...allowed, secret: "0".repeat(64) };
        const credentials = who === undefined ? undefined : who === "stranger" ? stranger : wrong;
        await using forwarded = await laptop.forward(HOSTNAME, credentials);
        const { exitCode, stdout, stderr } = await database.query(forwarded.port, "select 1");
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
        expect(stderr).toContain("server closed the connection unexpectedly");
        await logged(status, reason);
    });
});

/** The edge notes a request once its connection is over, which is not necessarily when the client ends. */
async function logged(status: number, reason: string): Promise<void> {
    const verdict = { status, rule: expect.stringContaining(reason) };
    await vi.waitFor(() => expect(account.verdicts(HOSTNAME)).toContainEqual(verdict), { timeout: 5_000 });
}

/** Length and hash of a file. */
async function fingerprint(file: string): Promise<{ bytes: number; sha256: string }> {
    const [hash, content] = [createHash("sha256"), createReadStream(file)];
    await pipeline(content, hash);
    return { bytes: content.bytesRead, sha256: hash.digest("hex") };
}
