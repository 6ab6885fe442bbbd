import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../cli/processes/freePort.ts";
import { policyPack, projectDir } from "../../cli/project.ts";
import { CloudflareEmulator } from "../../emulator/index.ts";
import { rules } from "../../policy/rules/index.ts";
import { ensureImages, hostGateway } from "../../toolchain/docker/index.ts";
import { buildContext, RECIPES } from "../../toolchain/docker/recipes.ts";
import { ensurePrograms, ensureTool, silentProgress } from "../../toolchain/index.ts";
import { call } from "../emulator/support.ts";
import { askEdge } from "./support/askEdge.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";

const PROGRAM = join(projectDir, "examples/elabftw");
/** Stands in for eLabFTW and MySQL: the demonstration's application, which speaks TLS where it is told to. */
const STAND_IN = "sallyport.test/notebook:1";
const HOSTNAME = "elab.example.com";
const DASHBOARD = "elab-traefik.example.com";

const docker = new Docker();
const folder = mkdtempSync(join(tmpdir(), "sallyport-elabftw-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Excuses the one container that listens, until tomorrow. */
const excused = join(folder, "policy.json");
const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const waivers = [{ resource: "proxy-proxy", reason: "people of the closed network come without a tunnel", until }];
writeFileSync(excused, JSON.stringify({ "no-published-container-port": { waivers } }));

async function buildStandIn(): Promise<void> {
    const binary = join(folder, "whoami");
    const cwd = join(projectDir, "toolchain/builds/whoami");
    await execa("go", ["build", "-o", binary, "."], { cwd, env: { CGO_ENABLED: "0", GOWORK: "off" } });
    const { tar } = await buildContext(RECIPES.whoami, binary);
    const output = await docker.buildImage(Readable.from(tar()), { t: STAND_IN, networkmode: "none" });
    expect(String(await buffer(output))).toContain("Successfully tagged");
}

async function configure({ stack }: EngineStack, settings: Record<string, unknown>): Promise<void> {
    const common = { hostname: HOSTNAME, image: STAND_IN, mysqlImage: STAND_IN, standIns: "true", secretKey: "a key" };
    for (const [key, value] of Object.entries({ ...common, ...settings })) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        await stack.setConfig(`elabftw:${key}`, { value: text, secret: key === "secretKey" });
    }
}

/** What the pack says of a preview; nothing if it lets all pass. */
async function refusal({ stack }: EngineStack): Promise<string> {
    return stack.preview({ policyPacks: [policyPack] }).then(
        () => "",
        (error: Error) => error.message,
    );
}

/** The names of rules in what the engine says of violations that stop a preview. */
function violated(message: string): string[] {
    const lines = message.split("\n").filter((line) => line.includes("[mandatory]"));
    return rules.map(({ name }) => name).filter((name) => lines.some((line) => line.split(/\s+/).includes(name)));
}

describe("a notebook on a closed network", () => {
    let under: EngineStack;
    let inside: { address: string; httpsPort: number; httpPort: number; allowFrom: string[]; admins: string[] };
    let authority: string;
    const authorityFile = join(folder, "authority.pem");
    const firewallFile = join(folder, "firewall.nft");
    const ask = (hostname: string, path = "/") =>
        execa(
            "curl",
            [
                ...["-sS", "--cacert", authorityFile, "-o", "-", "-w", "\n%{http_code}"],
                ...["--resolve", `${hostname}:${inside.httpsPort}:${inside.address}`],
                `https://${hostname}:${inside.httpsPort}${path}`,
            ],
            { reject: false, all: true },
        );

    beforeAll(async () => {
        await buildStandIn();
        const tools = {
            binary: async (name: "cloudflared" | "traefik" | "whoami") =>
                (await ensureTool(name, { progress: silentProgress })).path,
        };
        const { traefik } = await ensureImages({ docker, progress: silentProgress, tools });
        const { listenAddress } = await hostGateway(docker);
        inside = {
            address: listenAddress,
            httpsPort: await freePort(),
            httpPort: await freePort(),
            allowFrom: ["172.16.0.0/12"],
            admins: ["10.255.255.0/24"],
        };
        under = await openEngineStack(PROGRAM, {});
        await configure(under, { way: "listen", proxyImage: traefik, inside });
    });
    afterAll(async () => {
        await under.stack.destroy();
        under[Symbol.dispose]();
        await docker.getImage(STAND_IN).remove({ force: true });
    });

    it("is refused by the pack for the port that it listens on, and for nothing else", async () => {
        const message = await refusal(under);
        expect(message).toContain(`publishes port ${inside.httpsPort} on "${inside.address}"`);
        expect(violated(message)).toEqual(["no-published-container-port"]);
    });

    it("comes up once a waiver names that port, and a second preview finds nothing to change", async () => {
        const { outputs } = await under.stack.up({ policyPacks: [policyPack], policyPackConfigs: [excused] });
        authority = outputs.authority?.value;
        writeFileSync(authorityFile, authority);
        writeFileSync(firewallFile, outputs.firewallRules?.value);
        await under.stack.preview({ expectNoChanges: true });
    });

    it("listens on the address that it was given, and nowhere else", async () => {
        const containers = await docker.listContainers({ filters: { network: ["elabftw"] } });
        expect(containers).toHaveLength(3);
        const published = containers.flatMap(({ Ports }) => Ports.filter(({ PublicPort }) => PublicPort));
        expect(published.map(({ IP, PublicPort }) => `${IP}:${PublicPort}`).toSorted()).toEqual(
            [inside.httpsPort, inside.httpPort].map((port) => `${inside.address}:${port}`).toSorted(),
        );
    });

    it("shows a chain that openssl verifies against the authority, and against no other", async () => {
        const verify = (hostname: string, ca: string[]) =>
            execa(
                "openssl",
                [
                    ...["s_client", "-connect", `${inside.address}:${inside.httpsPort}`, "-servername", HOSTNAME],
                    ...["-verify_hostname", hostname, "-verify_return_error", "-brief", "-no-CApath", ...ca],
                ],
                { input: "", reject: false, all: true },
            );
        const right = await verify(HOSTNAME, ["-CAfile", authorityFile]);
        expect(right.all).toContain("Verification: OK");
        expect(right.exitCode).toBe(0);
        expect((await verify("else.example.com", ["-CAfile", authorityFile])).exitCode).not.toBe(0);
        expect((await verify(HOSTNAME, ["-no-CAfile"])).exitCode).not.toBe(0);
    });

    it("answers under its name, over TLS as far as the notebook", async () => {
        const { stdout } = await ask(HOSTNAME, "/experiments.php");
        expect(stdout).toMatch(/^Name: eLabFTW\n/);
        expect(stdout).toContain("GET /experiments.php HTTP/");
        expect(stdout).toMatch(/\n200$/);
        const stranger = askEdge({ port: inside.httpsPort, caPem: authority, hostname: "else.example.com" });
        await expect(stranger).rejects.toThrow();
    });

    it("answers over HTTPS only", async () => {
        const url = `http://${HOSTNAME}:${inside.httpPort}/login.php`;
        const resolve = ["--resolve", `${HOSTNAME}:${inside.httpPort}:${inside.address}`];
        const { stdout } = await execa("curl", ["-sS", ...resolve, "-w", "%{http_code} %{redirect_url}", url]);
        expect(stdout).toContain(`301 https://${HOSTNAME}:${inside.httpsPort}/login.php`);
        const inClear = await execa(
            "curl",
            ["-sS", "-w", "%{http_code}", "-o", "-", `http://${inside.address}:${inside.httpsPort}/`],
            { reject: false },
        );
        expect(inClear.stdout).not.toContain("eLabFTW");
    });

    it("has firewall rules that nftables understands and that can be put in place again", async () => {
        const { nft } = await ensurePrograms({ package: "nftables", programs: ["nft"] }, { progress: silentProgress });
        const put = `${nft} -f ${firewallFile}`;
        const twice = `${nft} -c -f ${firewallFile} && ${put} && ${put} && ${nft} list table inet sallyport_proxy`;
        const { exitCode, all } = await execa("unshare", ["-n", "sh", "-c", twice], { all: true, reject: false });
        expect(exitCode, all).toBe(0);
        expect(all).toMatch(/ip daddr [\d.]+ tcp dport { .* } ip saddr != 172\.16\.0\.0\/12 drop/);
    });

    it("shows the dashboard to its audience, and to nobody else", async () => {
        expect((await ask(DASHBOARD, "/dashboard/")).stdout).toMatch(/\n403$/);
        await configure(under, { inside: { ...inside, admins: inside.allowFrom } });
        await under.stack.up();
        const shown = await ask(DASHBOARD, "/dashboard/");
        expect(shown.stdout).toContain("Traefik");
        expect(shown.stdout).toMatch(/\n200$/);
        expect((await ask(HOSTNAME)).stdout).toMatch(/^Name: eLabFTW\n/);
    });
});

describe("a notebook behind a tunnel", () => {
    let emulator: CloudflareEmulator;
    let under: EngineStack;

    beforeAll(async () => {
        emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }], team: "team" });
        const [zone] = (await call(emulator, "GET", "/zones")).result;
        under = await openEngineStack(PROGRAM, {
            CLOUDFLARE_BASE_URL: emulator.apiBaseUrl,
            CLOUDFLARE_API_TOKEN: emulator.apiToken,
        });
        const people = { emailDomains: ["example.com"], admins: ["ada@example.com"] };
        await configure(under, {
            account: { accountId: emulator.accountId, zoneId: zone.id, team: "team", ...people },
        });
    });
    afterAll(async () => {
        under[Symbol.dispose]();
        await emulator[Symbol.asyncDispose]();
    });

    it.each(["tunnel", "private-network"])("passes the pack without a waiver, by way of a %s", async (way) => {
        await configure(under, { way });
        expect(await refusal(under)).toBe("");
    });
});
