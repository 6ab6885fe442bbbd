import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBinary } from "../../binary/build.ts";
import { silentProgress, TOOLS } from "../../toolchain/index.ts";
import { issue } from "../components/support/issuedCertificates.ts";
import { catalogued } from "../kube/support/sources.ts";
import { serveTls } from "../tls/support/servers.ts";

/**
 * The single file, built once and run in an empty folder, with a home and a PATH that leads nowhere: neither Node nor npm nor Go can be found, and
 * no project is around it.
 */
let folder: string;
let home: string;
const binary = () => join(folder, "sallyport");

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-binary-"));
    home = join(folder, "home");
    await mkdir(home);
    await buildBinary(binary(), silentProgress);
});

afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]) =>
    execa(binary(), args, { cwd: home, env: { HOME: home, PATH: "/nonexistent" }, extendEnv: false, reject: false });

describe("the single file", () => {
    it("is one file of at most 200 MiB, and leaves nothing else of its making behind", async () => {
        expect(await readdir(folder)).toEqual(["home", "sallyport"]);
        expect((await stat(binary())).size).toBeLessThan(200 * 1024 * 1024);
    });

    it("helps, names its version, and sends to the project for what it has not got", async () => {
        const { stdout, exitCode } = await run("--help");
        expect(exitCode).toBe(0);
        expect(stdout).toContain("All other commands need the project");
        expect((await run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+$/);
        expect(await run("preview", "staging")).toMatchObject({ exitCode: 2 });
    });

    it("lists the clusters of a catalogue, and says what needs the project", async () => {
        const catalogue = join(folder, "home", "clusters.json");
        const cluster = { ...catalogued, hostname: "orders.invalid" };
        await writeFile(catalogue, JSON.stringify({ version: 1, clusters: [cluster] }));
        const { stdout, exitCode } = await run("kube", "ls", "--json", "--catalogue", "clusters.json");
        expect(exitCode).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ clusters: [{ name: "orders", access: "unknown" }] });
        const ofStack = await run("kube", "discover", "--stack", "prod");
        expect(ofStack).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("need the project") });
        const asSomebody = await run("kube", "ls", "--as", "ada@example.com", "--catalogue", "clusters.json");
        expect(asSomebody).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("need the project") });
    });

    it("has the clouds' libraries in it", async () => {
        await mkdir(join(home, ".config", "sallyport"), { recursive: true });
        const zone = "example.com";
        const sources = [
            { kind: "eks", region: "eu-west-1", zone },
            { kind: "gke", project: "platform-4711", zone },
            { kind: "aks", subscription: "00000000-0000-4000-8000-000000000000", zone },
        ];
        await writeFile(join(home, ".config", "sallyport", "kube.yaml"), JSON.stringify({ sources }));
        const env = {
            ...{ HOME: home, PATH: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true" },
            ...{ METADATA_SERVER_DETECTION: "none", AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" },
        };
        const options = { cwd: home, env, extendEnv: false, reject: false };
        const { stderr, exitCode } = await execa(binary(), ["kube", "discover"], options);
        expect(exitCode).toBe(3);
        expect(stderr.match(/no credentials; run: (aws sso|gcloud auth|az) /g)?.toSorted()).toEqual([
            "no credentials; run: aws sso ",
            "no credentials; run: az ",
            "no credentials; run: gcloud auth ",
        ]);
    });

    it("brings cloudflared, and unpacks it once", async () => {
        const { stdout } = await run("connect", "ssh.example.com", "--print", "ssh-config");
        const cloudflared = /ProxyCommand (\S+)/.exec(stdout)?.[1] ?? "";
        expect(cloudflared).toBe(
            join(home, ".cache/sallyport/tools/cloudflared", TOOLS.cloudflared.version, "cloudflared"),
        );
        const { stdout: version } = await execa(cloudflared, ["--version"]);
        expect(version).toContain(TOOLS.cloudflared.version);
        const { mtimeMs } = await stat(cloudflared);
        await run("connect", "ssh.example.com", "--print", "ssh-config");
        expect((await stat(cloudflared)).mtimeMs).toBe(mtimeMs);
    });

    it("judges TLS servers, and lists trusted authorities", async () => {
        const { chainPem, keyPem, rootPem } = await issue(
            { algorithm: "ECDSA" },
            { algorithm: "ECDSA", dnsNames: ["app.internal"] },
        );
        await writeFile(join(home, "ca.pem"), rootPem);
        await using server = await serveTls({ cert: chainPem, key: keyPem }, (_, response) => response.end());
        const address = `127.0.0.1:${server.port}`;
        const check = await run("tls", "check", "app.internal", "--connect", address, "--ca", "ca.pem", "--json");
        expect(JSON.parse(check.stdout)).toMatchObject({
            checks: expect.arrayContaining([expect.objectContaining({ id: "chain", verdict: "ok" })]),
        });
        expect(await run("ca", "ls", "--json")).toMatchObject({ exitCode: 0, stdout: "[]" });
        expect(await run("ca", "install", "--stack", "staging", "--yes")).toMatchObject({
            exitCode: 2,
            stderr: expect.stringContaining("--ca FILE"),
        });
    });
});
