import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Audit } from "../../cli/audit/audit.ts";
import { exportState } from "../../cli/engine/state.ts";
import { localFiles } from "../../cli/local/files.ts";
import { openLocalStack } from "../../cli/local/stack.ts";
import type { LocalStatus } from "../../cli/local/status.ts";
import type { Plan } from "../../cli/preview/plan.ts";
import { identityOf } from "../../cli/processes/identity.ts";
import { projectDir } from "../../cli/project.ts";
import { preparePulumi, silentProgress } from "../../toolchain/index.ts";
import { sallyport } from "../support/cli.ts";

const HOSTNAME = "demo.sallyport.localhost";

/** Runs `sallyport`, which must succeed. */
async function succeeds(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const { exitCode, stdout, stderr } = await sallyport(args);
    expect(exitCode, String(stderr)).toBe(0);
    return { stdout: String(stdout), stderr: String(stderr) };
}

function pidIn(record: string): number {
    return (JSON.parse(readFileSync(record, "utf8")) as { pid: number }).pid;
}

const records = [localFiles.emulatorRecord, localFiles.connectorRecord, localFiles.demoRecord];

/** Asks for the demo from outside, as a client that trusts the edge's authority and no other. */
async function ask(headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
    const ca = readFileSync(localFiles.edgeCa);
    const to = { host: "127.0.0.1", port: 8443, servername: HOSTNAME, ca, agent: false };
    const sent = request({ ...to, headers: { host: `${HOSTNAME}:8443`, ...headers } }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
            body += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject).end();
    return promise;
}

/** The stack's own service token, as `sallyport local env` prints it. */
async function serviceToken(): Promise<Record<string, string>> {
    const { stdout } = await succeeds("local", "env");
    const value = (name: string) => new RegExp(`^export ${name}='(.*)'$`, "m").exec(stdout)?.[1] ?? "";
    return {
        "cf-access-client-id": value("CF_ACCESS_CLIENT_ID"),
        "cf-access-client-secret": value("CF_ACCESS_CLIENT_SECRET"),
    };
}

describe("the local environment without Docker", () => {
    let pids: number[] = [];
    beforeAll(async () => {
        if (existsSync(localFiles.root)) {
            throw new Error("A local environment is there already. Take it down first: npm run local -- down");
        }
        const { stderr } = await succeeds("local", "up", "--without-docker");
        expect(stderr).toContain("Going on without Docker (as asked for)");
        pids = records.map(pidIn);
    });
    afterAll(() => sallyport(["local", "down"]));

    it("asks strangers to log in, refuses a wrong service token and lets the stack's own through to the service", async () => {
        const token = await serviceToken();
        expect((await ask()).status).toBe(302);
        expect((await ask({ ...token, "cf-access-client-secret": "wrong" })).status).toBe(403);
        const { status, body } = await ask(token);
        expect(status, readFileSync(localFiles.connectorLog, "utf8")).toBe(200);
        expect(body).toMatch(/^Hostname: /);
        expect(body).toMatch(new RegExp(`^Host: ${HOSTNAME}$`, "m"));
        expect(body).toMatch(/^Cf-Access-Jwt-Assertion: ey/m);
    });

    it("tells from its state who reaches what, which its files declare as well", async () => {
        const reached = [
            { who: "people of @example.com", through: "policy local-developers, tunnel sallyport-local" },
            { who: "service token local-ci", through: "policy local-robots (service tokens), tunnel sallyport-local" },
        ];
        const map = JSON.parse((await succeeds("map", "local", "--format", "json")).stdout) as object;
        expect(map).toMatchObject({ source: "state", grants: reached.map((grant) => ({ ...grant, session: "24h" })) });
        const plan = JSON.parse((await succeeds("preview", "local", "--format", "json")).stdout) as Plan;
        expect(plan.changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
        expect(plan.access).toEqual({ gained: [], lost: [], changed: [] });
    });

    it("is planned offline against its recorded state, by somebody who cannot decrypt it", async () => {
        const pulumi = await preparePulumi({ projectDir, progress: silentProgress });
        const stack = await openLocalStack(pulumi, "http://127.0.0.1:8787/client/v4");
        const recorded = await exportState(stack);
        expect(JSON.stringify(recorded)).toMatch(/"ciphertext":/);
        const file = join(localFiles.root, "recorded.json");
        writeFileSync(file, JSON.stringify(recorded));
        const { stdout } = await succeeds("preview", "local", "--offline", "--state", file, "--format", "json");
        const plan = JSON.parse(stdout) as Plan;
        expect(plan.changes).toMatchObject({ create: 0, delete: 0 });
        expect(plan.access).toEqual({ gained: [], lost: [], changed: [] });
    });

    it("names in its status what it does not show", async () => {
        const status = JSON.parse((await succeeds("local", "status", "--json")).stdout) as LocalStatus;
        expect(status.services).toEqual([]);
        expect(status.notShown).toContainEqual(expect.stringContaining("Traefik"));
        expect(status.tunnels).toMatchObject([{ name: "sallyport-local", status: "healthy", connections: 4 }]);
        expect(status.emulator.edge[0]).toBe("127.0.0.1:7844");
        const { stdout } = await succeeds("local", "status");
        expect(stdout).toMatch(/^Not shown without Docker:\n {2}Docker Swarm/m);
    });

    it("passes an audit that names what it could not check", async () => {
        const { ok, checks, notChecked } = JSON.parse((await succeeds("audit", "local", "--json")).stdout) as Audit;
        expect(ok).toBe(true);
        expect(checks.map(({ id }) => id)).toEqual(
            expect.arrayContaining(["anonymous-request-is-refused", "connector-demands-token", "tunnel-is-connected"]),
        );
        const left = notChecked.map(({ id }) => id);
        expect(left).toEqual(expect.arrayContaining(["no-published-port", "every-replica-runs"]));
        expect(checks.filter(({ id }) => left.includes(id))).toEqual([]);
    });

    it("shows the tunnel's credentials to nobody but the connector", () => {
        const { TunnelSecret } = JSON.parse(readFileSync(localFiles.connectorCredentials, "utf8")) as Credentials;
        expect(TunnelSecret).toMatch(/^[A-Za-z0-9+/=]{40,}$/);
        expect(statSync(localFiles.connectorCredentials).mode & 0o077).toBe(0);
        for (const pid of pids) {
            for (const file of ["cmdline", "environ"]) {
                expect(readFileSync(`/proc/${pid}/${file}`, "utf8"), file).not.toContain(TunnelSecret);
            }
        }
        for (const log of [localFiles.connectorLog, localFiles.emulatorLog, localFiles.demoLog]) {
            expect(readFileSync(log, "utf8"), log).not.toContain(TunnelSecret);
        }
    });

    it("changes nothing when it is brought up again, and stays without Docker until it is taken down", async () => {
        const { stderr } = await succeeds("local", "up", "--yes");
        expect(stderr).toMatch(/Going on without Docker \(it was brought up so/);
        expect(stderr).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted, \d+ unchanged/);
        expect(records.map(pidIn)).toEqual(pids);
    });

    it("has its connector and its demo service back after they were killed, and the stack sees no change", async () => {
        for (const record of [localFiles.connectorRecord, localFiles.demoRecord]) {
            process.kill(pidIn(record), "SIGKILL");
        }
        const { stderr } = await succeeds("local", "up", "--without-docker");
        expect(stderr).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted/);
        expect((await ask(await serviceToken())).status).toBe(200);
        const before = pids;
        pids = records.map(pidIn);
        expect(pids[0]).toBe(before[0]);
        expect(pids.slice(1)).not.toEqual(before.slice(1));
    });

    it("is recovered with its ids after its state was lost, and serves again", async () => {
        const told = async () => JSON.parse((await succeeds("local", "status", "--json")).stdout) as LocalStatus;
        const before = await told();
        const refused = await serviceToken();
        rmSync(localFiles.state, { recursive: true });
        const { stdout } = await succeeds("recover", "local", "--yes", "--json");
        expect(JSON.parse(stdout)).toMatchObject({
            done: true,
            doubtful: [],
            replaced: [{ object: 'service token "local-ci"' }],
        });
        // It starts the connector anew, which the tunnel's new secret needs.
        const { stderr } = await succeeds("local", "up", "--without-docker");
        expect(stderr).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted/);
        const after = await told();
        expect(after.tunnels.map(({ id }) => id)).toEqual(before.tunnels.map(({ id }) => id));
        expect(after.hostnames.map(({ aud }) => aud)).toEqual(before.hostnames.map(({ aud }) => aud));
        expect((await ask(await serviceToken())).status).toBe(200);
        expect((await ask(refused)).status).toBe(403);
    });

    it("shows what its processes log", async () => {
        const { stdout } = await succeeds("local", "logs", "connector");
        expect(stdout).toMatch(/^== connector\n/);
        expect(stdout).toContain("Registered tunnel connection");
    });

    it("leaves no process and no file when it is taken down", async () => {
        await succeeds("local", "down");
        expect(pids.map(identityOf)).toEqual([undefined, undefined, undefined]);
        expect(existsSync(localFiles.root)).toBe(false);
    });
});

interface Credentials {
    TunnelSecret: string;
}
