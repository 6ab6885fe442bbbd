import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Audit } from "../../cli/audit/audit.ts";
import { REMEDIES } from "../../cli/audit/catalogue.ts";
import { askEdge } from "../../cli/edgeRequest.ts";
import { ask } from "../../cli/local/apiObjects.ts";
import { apiToken } from "../../cli/local/emulatorProcess.ts";
import { localFiles } from "../../cli/local/files.ts";
import { type LocalStatus, localOutputs } from "../../cli/local/status.ts";
import { projectDir } from "../../cli/project.ts";
import { objectsOf } from "../../toolchain/docker/index.ts";
import { fieldsOf } from "../support/certificateFields.ts";
import { sallyport } from "../support/cli.ts";
import { filesBelow, secretsIn } from "./support/secretsIn.ts";

const docker = new Docker();

/** The environment that `sallyport local env` prints, as a shell reads it. */
async function printedEnvironment(): Promise<Record<string, string>> {
    const { stdout, exitCode, stderr } = await sallyport(["local", "env"]);
    expect(exitCode, String(stderr)).toBe(0);
    const names = String(stdout).match(/(?<=^export )\w+/gm) ?? [];
    const show = `${stdout}\nfor n in ${names.join(" ")}; do eval "printf '%s\\0' \\"\\$$n\\""; done`;
    const values = execFileSync("sh", ["-c", show], { encoding: "utf8" }).split("\0");
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
}

function pulumi(args: string[], env: Record<string, string>) {
    return execa("npx", ["pulumi", ...args], { cwd: projectDir, env, reject: false, all: true });
}

/** Plain Pulumi writes into it; whatever a test leaves there, the committed text comes back. */
const stackFile = join(projectDir, "Pulumi.local.yaml");
const committed = readFileSync(stackFile, "utf8");
afterAll(() => writeFileSync(stackFile, committed));

beforeAll(() => {
    if (existsSync(localFiles.root)) {
        throw new Error("A local environment is there already. Take it down first: npm run local -- down");
    }
});

it("names a busy port and creates nothing", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    const { port } = busy.address() as AddressInfo;
    const { exitCode, stderr } = await sallyport(["local", "up", "--yes", "--port", String(port)]);
    busy.close();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(new RegExp(`Port ${port} .* in use`));
    expect(await objectsOf(docker, "local")).toEqual({ services: [], networks: [], secrets: [], configs: [] });
    await sallyport(["local", "down"]);
});

describe("the local environment", () => {
    beforeAll(async () => {
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode, String(stderr)).toBe(0);
    });
    afterAll(async () => {
        await sallyport(["local", "down"]);
    });

    it("runs Traefik, the demo service and two connectors, and publishes no port", async () => {
        const { services } = await objectsOf(docker, "local");
        const running = services.map(({ name, replicas }) => [name.split("-")[0], replicas.running]).sort();
        expect(running).toEqual([
            ["demo", 1],
            ["traefik", 2],
            ["tunnel", 2],
        ]);
        for (const { id } of services) {
            const { Endpoint } = (await docker.getService(id).inspect()) as { Endpoint?: { Ports?: unknown[] } };
            expect(Endpoint?.Ports ?? []).toEqual([]);
        }
    });

    it("answers from inside the overlay network through Traefik, over TLS that the MkcertCA root verifies", async () => {
        const env = await printedEnvironment();
        const exported = await execa("npx", ["pulumi", "stack", "output", "originCa", "-s", "local"], {
            cwd: localFiles.project,
            env,
        });
        const folder = mkdtempSync(join(tmpdir(), "sallyport-overlay-"));
        const root = join(folder, "root.pem");
        writeFileSync(root, exported.stdout);
        const [connector, traefik] = await Promise.all([containerOf("tunnel-connector"), containerOf("traefik")]);
        const address = traefik.NetworkSettings.Networks["sallyport-local-edge"]?.IPAddress;
        const inConnector = ["-t", String(connector.State.Pid), "-n", "curl", "-s", "--cacert", root];
        const request = ["--resolve", `traefik:8443:${address}`, "https://traefik:8443/"];
        const answer = await execa("nsenter", [...inConnector, "-H", "Host: demo.sallyport.localhost", ...request]);
        expect(answer.stdout).toMatch(/^Hostname: /);
        expect(answer.stdout).toContain("Host: demo.sallyport.localhost");
        const stranger = await execa("nsenter", [...inConnector, "-o", "/dev/null", "-w", "%{http_code}", ...request]);
        expect(stranger.stdout).toBe("404");
        rmSync(folder, { recursive: true });
    });

    it("asks strangers to log in, refuses a wrong service token and lets the stack's own through to the service", async () => {
        const env = await printedEnvironment();
        const { stdout } = await sallyport(["local", "status", "--json"]);
        const url = (JSON.parse(String(stdout)) as LocalStatus).hostnames[0]?.url ?? "";
        const credentials = (secret: string) => [
            ...["-H", `CF-Access-Client-Id: ${env.CF_ACCESS_CLIENT_ID}`],
            ...["-H", `CF-Access-Client-Secret: ${secret}`],
        ];
        const ask = async (...headers: string[]) => {
            const shown = await execa("curl", [
                "-s",
                "--cacert",
                env.SALLYPORT_CA ?? "",
                "-w",
                "\n%{http_code}",
                ...headers,
                url,
            ]);
            return shown.stdout;
        };
        expect(await ask()).toMatch(/\n302$/);
        expect(await ask(...credentials("wrong"))).toMatch(/\n403$/);
        const page = await ask(...credentials(env.CF_ACCESS_CLIENT_SECRET ?? ""));
        expect(page).toMatch(/^Hostname: /);
        expect(page).toMatch(/^Cf-Access-Jwt-Assertion: ey/m);
        // The visitor as the edge saw him, whom the proxy believes from the connector's network; then the connector itself.
        expect(page).toMatch(/^X-Forwarded-For: 127\.0\.0\.1, 10\.\d+\.\d+\.\d+$/m);
        expect(page).not.toMatch(/^X-(Real-Ip|Forwarded-(Host|Server)):/m);
        expect(page).toMatch(/\n200$/);
        const after = await sallyport(["local", "status", "--json"]);
        const { hostnames, emulator } = JSON.parse(String(after.stdout)) as LocalStatus;
        expect(hostnames[0]?.requests.slice(-3)).toMatchObject([
            { verdict: "login", status: 302, method: "GET", path: "/", time: expect.any(String) },
            { verdict: "refused", status: 403, rule: expect.stringContaining("the secret is not that of") },
            { verdict: "allowed", status: 200, who: expect.stringMatching(/^service token ".*ci.*"$/) },
        ]);
        const shown = await execa("curl", ["-s", "--cacert", env.SALLYPORT_CA ?? "", emulator.statusPage]);
        expect(shown.stdout).toMatch(/sallyport-local[\s\S]*demo\.sallyport\.localhost[\s\S]*let in[\s\S]*refused/);
        expect(shown.stdout).not.toContain(env.CF_ACCESS_CLIENT_SECRET);
    });

    it("prints what it would open where there is no display, and which CA to trust", async () => {
        const noDisplay = { env: { DISPLAY: "", WAYLAND_DISPLAY: "", WSL_DISTRO_NAME: "" } };
        const demo = await sallyport(["local", "open", "demo"], noDisplay);
        expect([demo.exitCode, demo.stdout]).toEqual([0, "https://demo.sallyport.localhost:8443/"]);
        expect(demo.stderr).toContain(localFiles.edgeCa);
        const page = await sallyport(["local", "open"], noDisplay);
        expect(page.stdout).toBe("https://sallyport.cloudflare.localhost:8443/");
        const unknown = await sallyport(["local", "open", "nothing"], noDisplay);
        expect(unknown.exitCode).toBe(2);
        expect(unknown.stderr).toMatch(/write one of .*demo.*status/);
    });

    it("tells the same status as Docker and the emulator", async () => {
        const { stdout, exitCode } = await sallyport(["local", "status", "--json"]);
        expect(exitCode).toBe(0);
        const status = JSON.parse(String(stdout)) as LocalStatus;
        const { services } = await objectsOf(docker, "local");
        expect(status.services.map(({ name }) => name)).toEqual(services.map(({ name }) => name));
        expect(status.hostnames).toMatchObject([
            { hostname: "demo.sallyport.localhost", audience: ["developers", "robots"] },
        ]);
        expect(status.tunnels).toMatchObject([{ name: "sallyport-local", status: "healthy", connections: 8 }]);
    });

    it("passes its audit", async () => {
        const { stdout, stderr, exitCode } = await sallyport(["audit", "local", "--json"]);
        expect(exitCode, String(stderr)).toBe(0);
        const { ok, checks, notChecked } = JSON.parse(String(stdout)) as Audit;
        expect({ ok, notChecked }).toEqual({ ok: true, notChecked: [] });
        expect(new Set(checks.map(({ id }) => id))).toEqual(new Set(Object.keys(REMEDIES)));
        const listeners = checks.filter(({ id }) => id === "no-reachable-listener");
        expect(listeners.map(({ subject, detail }) => [subject.split("-")[0], detail]).sort()).toEqual([
            ["demo", "tcp 8080 inside sallyport-local-demo"],
            ["traefik", "tcp 8080, tcp 8443 inside sallyport-local-demo, sallyport-local-edge"],
            ["traefik", "tcp 8080, tcp 8443 inside sallyport-local-demo, sallyport-local-edge"],
            ["tunnel", "listens on loopback only"],
            ["tunnel", "listens on loopback only"],
        ]);
    });

    it("refuses a request around Access in the connector: the proxy never hears of it", async () => {
        const { emulator, outputs } = await localOutputs();
        const url = new URL("/emulator/edge/around-access", emulator.apiBaseUrl);
        const answer = await fetch(url, {
            method: "POST",
            headers: { authorization: `Bearer ${apiToken()}`, "content-type": "application/json" },
            body: JSON.stringify({ hostname: "demo.sallyport.localhost", path: "/around-access" }),
        });
        expect(await answer.json()).toMatchObject({
            result: [
                { status: 403, headers: {} },
                { status: 403, headers: {} },
            ],
        });
        const { clientId = "", clientSecret = "" } = outputs.serviceTokens.ci ?? {};
        const token = { "cf-access-client-id": clientId, "cf-access-client-secret": clientSecret };
        const hostname = { hostname: "demo.sallyport.localhost", path: "/with-a-token" };
        const edge = { host: "127.0.0.1", port: Number(emulator.https.split(":")[1]), caPem: emulator.edgeCaPem };
        expect((await askEdge({ edge }, hostname, token)).status).toBe(200);
        const log = async () => String((await sallyport(["local", "logs", "traefik"])).stdout);
        await expect.poll(log, { timeout: 10_000 }).toContain("/with-a-token");
        expect(await log()).not.toContain("/around-access");
    });

    it("changes nothing when it is brought up again", async () => {
        const { stderr, exitCode } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode).toBe(0);
        expect(String(stderr)).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted, \d+ unchanged/);
    });

    it("is unchanged in the eyes of plain Pulumi, and passes the pack", async () => {
        const env = await printedEnvironment();
        const args = ["preview", "-s", "local", "--expect-no-changes", "--policy-pack", "policy"];
        const { exitCode, all } = await pulumi(args, env);
        expect(exitCode, all).toBe(0);
    });

    it("is unchanged after a refresh", async () => {
        const env = await printedEnvironment();
        const stack = ["-s", "local", "-C", localFiles.project];
        const refreshed = await pulumi(["refresh", "--yes", ...stack], env);
        expect(refreshed.exitCode, refreshed.all).toBe(0);
        const preview = await pulumi(["preview", "--expect-no-changes", ...stack], env);
        expect(preview.exitCode, preview.all).toBe(0);
    });

    it("has nothing beside its state that an engine which is killed could leave half written", () => {
        const files = readdirSync(localFiles.state, { recursive: true, encoding: "utf8" });
        expect(files).toContain(join(".pulumi", "stacks", "sallyport", "local.json"));
        expect(files.filter((file) => file.endsWith(".attrs"))).toEqual([]);
    });

    it("says who holds the lock, and changes nothing", async () => {
        const folder = join(localFiles.state, ".pulumi", "locks", "organization", "sallyport", "local");
        const lock = join(folder, "00000000-0000-4000-8000-000000000000.json");
        mkdirSync(folder, { recursive: true });
        writeFileSync(
            lock,
            JSON.stringify({ pid: process.pid, username: "ada", hostname: "laptop", timestamp: new Date() }),
        );
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        rmSync(lock);
        expect(exitCode).toBe(3);
        expect(stderr).toMatch(/locked by ada@laptop[\s\S]*pulumi cancel/);
    });

    it("says that a passphrase is wrong", async () => {
        const passphrase = readFileSync(localFiles.passphrase);
        writeFileSync(localFiles.passphrase, "another\n");
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        writeFileSync(localFiles.passphrase, passphrase);
        expect(exitCode).toBe(2);
        expect(stderr).toMatch(/incorrect passphrase/);
    });

    it("fails its audit once the Access application is deleted, which still lets nobody in", async () => {
        const { emulator } = await localOutputs();
        const applications = `/accounts/${emulator.accountId}/access/apps`;
        for (const { id } of await ask<{ id: string }[]>(emulator, applications)) {
            await ask(emulator, `${applications}/${id}`, "DELETE");
        }
        const { stdout, exitCode } = await sallyport(["audit", "local", "--json"]);
        expect(exitCode).toBe(1);
        const { ok, checks } = JSON.parse(String(stdout)) as Audit;
        expect(ok).toBe(false);
        expect(checks.filter((check) => !check.ok)).toMatchObject([
            {
                id: "access-application-exists",
                subject: "demo.sallyport.localhost",
                detail: expect.stringMatching(/^no Access application has the audience tag [0-9a-f]{64}$/),
                remedy: expect.stringMatching(/npx pulumi up --refresh -s local --policy-pack policy/),
            },
        ]);
        // Access guards nothing any more: it is the connector that says no.
        const strangers = checks.filter(({ id }) => /-(request|token)-is-refused$/.test(id));
        expect(strangers.map(({ detail }) => detail)).toEqual(["403", "403", "403", "403"]);
    });

    // After this one connectors come back when their own back-off lets them: what needs a tunnel stands before it.
    it("says that the emulator does not run, and finds everything again when it does", async () => {
        const { pid } = JSON.parse(readFileSync(localFiles.emulatorProcess, "utf8")) as { pid: number };
        process.kill(pid, "SIGKILL");
        const status = await sallyport(["local", "status"]);
        expect(status.exitCode).toBe(3);
        expect(status.stderr).toMatch(/not running[\s\S]*npm run local/);
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode, String(stderr)).toBe(0);
        expect(String(stderr)).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted/);
    });

    it("verifies its proxy with an authority that may certify nothing else", async () => {
        const env = await printedEnvironment();
        const { stdout } = await execa("npx", ["pulumi", "stack", "export", "-s", "local"], { cwd: projectDir, env });
        const { resources } = (JSON.parse(stdout) as { deployment: { resources: Resource[] } }).deployment;
        const certificate = (component: string) =>
            resources.find(({ type }) => type === `sallyport:index:${component}`)?.outputs?.certPem ?? "";
        const [root, leaf] = [certificate("MkcertCA"), certificate("MkcertCertificate")];
        expect(new X509Certificate(leaf).verify(new X509Certificate(root).publicKey)).toBe(true);
        expect(fieldsOf(root)).toMatchObject({
            basicConstraints: "CA:true, pathlen:0",
            extensions: expect.arrayContaining(["2.5.29.30 critical"]),
        });
        expect(fieldsOf(leaf)).toMatchObject({ nameKinds: ["dns"], basicConstraints: undefined });
    });

    it("keeps no secret in clear in state, logs, arguments or services", async () => {
        const env = await printedEnvironment();
        const shown = await execa("npx", ["pulumi", "stack", "export", "-s", "local", "--show-secrets"], {
            cwd: projectDir,
            env,
        });
        const secrets = secretsIn(JSON.parse(shown.stdout));
        expect(secrets.length).toBeGreaterThan(5);
        const { services } = await objectsOf(docker, "local");
        const inspected = await Promise.all(services.map(({ id }) => docker.getService(id).inspect()));
        const places = {
            state: filesBelow(localFiles.state),
            emulatorLog: readFileSync(localFiles.emulatorLog, "utf8"),
            arguments: execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }),
            services: JSON.stringify(inspected),
        };
        for (const [place, text] of Object.entries(places)) {
            expect(
                secrets.filter((secret) => text.includes(secret)),
                place,
            ).toEqual([]);
        }
    });

    it("fails its audit once somebody opens a service, and names it and each way in", async () => {
        const { services, networks } = await objectsOf(docker, "local");
        const demo = docker.getService(services.find(({ name }) => name.startsWith("demo"))?.id ?? "");
        const { Spec, Version } = (await demo.inspect()) as {
            Spec: { TaskTemplate: { Networks: { Target: string }[] } };
            Version: { Index: number };
        };
        // What is on internal networks alone cannot be published at all.
        const wayOut = networks.find(({ name }) => name.endsWith("-egress"))?.id ?? "";
        const opened = { ...Spec.TaskTemplate, Networks: [...Spec.TaskTemplate.Networks, { Target: wayOut }] };
        const ports = [{ Protocol: "tcp", TargetPort: 8080, PublishedPort: 39_999, PublishMode: "host" }];
        const change = { TaskTemplate: opened, EndpointSpec: { Mode: "dnsrr", Ports: ports }, version: Version.Index };
        await (demo as unknown as Updatable).update({}, { ...Spec, ...change });
        const published = async () =>
            (await docker.listContainers()).flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort));
        await expect.poll(published, { timeout: 30_000 }).toContain(39_999);
        const { stderr, exitCode } = await sallyport(["audit", "local"]);
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(/^no-published-port: demo-service-\w+: publishes 39999\n {2}fix: /m);
        expect(stderr).toMatch(/^no-reachable-listener: demo-service-\S+: can be reached from outside: tcp 8080 at /m);
        expect(stderr).toMatch(/^host-listens-as-before: this machine: tcp 0\.0\.0\.0:39999 \(docker-proxy/m);
    });
});

/** A running container of the service whose name begins so. */
async function containerOf(service: string): Promise<Docker.ContainerInspectInfo> {
    const label = "com.docker.swarm.service.name";
    const containers = await docker.listContainers({ filters: { label: ["com.docker.swarm.task"] } });
    const found = containers.find(({ Labels }) => Labels[label]?.startsWith(service));
    return docker.getContainer(found?.Id ?? service).inspect();
}

/** As dockerode really takes it: its types leave the second argument to a callback. */
interface Updatable {
    update(auth: object, change: object): Promise<unknown>;
}

interface Resource {
    type: string;
    outputs?: { certPem?: string };
}

it("leaves nothing behind when it is taken down, not even the salt that plain Pulumi wrote", async () => {
    expect(existsSync(localFiles.root)).toBe(false);
    expect(readFileSync(stackFile, "utf8")).not.toContain("encryptionsalt");
    expect(await objectsOf(docker, "local")).toEqual({ services: [], networks: [], secrets: [], configs: [] });
});
