import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
    grantedDevices,
    grantedPeople,
    grantedTraffic,
    lookupsOf,
    trafficTo,
} from "../../components/network/grants.ts";
import { CloudflareEdge } from "../../emulator/edge/index.ts";
import { CloudflareEmulator } from "../../emulator/index.ts";
import { ensurePrograms, ensureTool, silentProgress } from "../../toolchain/index.ts";
import { CloudflaredProcess } from "../edge/support/cloudflaredProcess.ts";
import { accountId, call } from "../emulator/support.ts";

/** Loopback has more addresses than one: this part of it is the private network. */
const OFFICE = "127.77.0.0/16";
const SERVER = "127.77.3.4";
const ANSWER = "hello from the private network";
const LARGE = "0123456789abcdef".repeat(256 * 1024);
const secret = Buffer.alloc(32, 7);

const started = new AsyncDisposableStack();
let emulator: CloudflareEmulator;
let edge: CloudflareEdge;
let curl: string;
let cloudflared: string;
/** Ports of the service on IPv4 and IPv6. */
let port: number;
let port6: number;
let office: { id: string; connector: CloudflaredProcess };
let lab: { id: string; connector: CloudflaredProcess };
const secrets = new Map<string, string>();

beforeAll(async () => {
    cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
    ({ curl } = await ensurePrograms({ package: "curl", programs: ["curl"] }, { progress: silentProgress }));
    port = await serve(SERVER);
    port6 = await serve("::1");
    emulator = started.use(await CloudflareEmulator.start({ accountId, team: "team" }));
    const { directory, hostnames, access, overview } = emulator;
    edge = started.use(
        await CloudflareEdge.start({
            account: { directory, hostnames, access, overview },
            team: "team",
            connectors: ["127.0.0.1:0"],
            https: "127.0.0.1:0",
            privateNetwork: { address: "127.0.0.1:0", directory: emulator.privateNetwork },
        }),
    );
    office = await connect("office");
    lab = await connect("lab");
    const posture = await create("devices/posture", { name: "disk", type: "disk_encryption" });
    const own = await create("teamnet/virtual_networks", { name: "lab" });
    const passed = { posture: [{ anyOf: [posture.id] }] };
    const grant = { name: "staff", emailDomains: ["example.com"], ports: [port, port6], ...passed };
    await guard(10, trafficTo([OFFICE, "::1/128"], undefined), {
        ...{ traffic: grantedTraffic(grant, [OFFICE, "::1/128"], undefined), ...conditions(grant) },
    });
    const names = { name: "names", emails: ["ada@example.com"] };
    await guard(20, lookupsOf(["localhost"]), { traffic: lookupsOf(["localhost"]), ...conditions(names) }, "dns");
    await create("teamnet/routes", { network: OFFICE, tunnel_id: office.id });
    await create("teamnet/routes", { network: "::1/128", tunnel_id: office.id });
    await create("zerotrust/routes/hostname", { hostname: "localhost", tunnel_id: office.id });
    await create("teamnet/routes", { network: OFFICE, tunnel_id: lab.id, virtual_network_id: own.id });
    await register("ada", "Ada@example.com", [posture.id]);
    await register("grace", "grace@example.com", [posture.id]);
    await register("unencrypted", "ada@example.com", []);
    await register("stranger", "eve@example.org", [posture.id]);
});

afterAll(() => started.disposeAsync());

/** The conditions of a grant, by the API's names. */
function conditions({
    posture = [],
    ...people
}: Omit<Parameters<typeof grantedPeople>[0], "posture"> & { posture?: { anyOf: string[] }[] }) {
    const demanded = posture.map(({ anyOf }) => anyOf);
    return { identity: grantedPeople(people), device_posture: grantedDevices(demanded) };
}

async function serve(host: string): Promise<number> {
    const server = createServer(({ url }, response) => response.end(url === "/large" ? LARGE : ANSWER)).listen(0, host);
    await once(server, "listening");
    started.defer(() => {
        server.close();
        server.closeAllConnections();
    });
    return (server.address() as AddressInfo).port;
}

async function create(path: string, body: unknown) {
    const { result, errors } = await call(emulator, "POST", `/accounts/${accountId}/${path}`, body);
    expect(errors, path).toEqual([]);
    return result;
}

/** A tunnel with an unmodified cloudflared that runs it. */
async function connect(name: string) {
    const { id } = await create("cfd_tunnel", {
        ...{ name, config_src: "cloudflare", tunnel_secret: secret.toString("base64") },
    });
    const connected = new Promise<void>((resolve) => {
        edge.tunnels.on("connected", ({ tunnelId }) => tunnelId === id && resolve());
    });
    const connector = started.use(
        await CloudflaredProcess.start({
            ...{ path: cloudflared, edge: edge.tunnels.addresses, caPem: edge.caPem },
            ...{ accountTag: accountId, tunnelId: id, secret },
        }),
    );
    await connected;
    return { id, connector };
}

/** A rule that refuses everybody, and one before it that allows some, as a PrivateNetwork makes them. */
async function guard(precedence: number, traffic: string, allowed: object, kind = "l4"): Promise<void> {
    const common = { enabled: true, filters: [kind] };
    await create("gateway/rules", {
        ...common,
        name: "nobody else",
        action: "block",
        traffic,
        precedence: precedence + 1,
    });
    await create("gateway/rules", { ...common, name: "some", action: "allow", precedence, ...allowed });
}

async function register(name: string, email: string, passed: string[]): Promise<void> {
    const url = new URL("/emulator/devices", emulator.apiBaseUrl);
    const headers = { authorization: `Bearer ${emulator.apiToken}` };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ name, email, passed }) });
    const { result } = (await answer.json()) as { result: { secret: string } };
    secrets.set(name, result.secret);
}

/** Asks with curl, which has a SOCKS5 client of its own; its secret travels on standard input. */
async function ask(device: string, host: string, at = port, path = "/") {
    const [name = ""] = device.split("+");
    const config = [
        `proxy = "socks5h://${edge.privateNetwork?.address}"`,
        `proxy-user = "${device}:${secrets.get(name)}"`,
        `url = "http://${host}:${at}${path}"`,
    ].join("\n");
    const { stdout, stderr } = await execa(curl, ["-sS", "--noproxy", "", "--config", "-"], {
        ...{ input: config, reject: false, extendEnv: false, env: {}, maxBuffer: 2 * LARGE.length },
    });
    return { body: stdout, problem: stderr, last: edge.privateNetwork?.all().at(-1) };
}

describe("a private network behind an unmodified cloudflared", () => {
    it("is reached by its range, by whom a grant names", async () => {
        const { body, last } = await ask("ada", SERVER);
        expect(body).toBe(ANSWER);
        expect(last).toMatchObject({
            verdict: "connected",
            who: "ada@example.com",
            destination: `${SERVER}:${port}`,
            rule: 'Gateway rule "some" (Allow)',
            tunnelId: office.id,
        });
    });

    it("is reached over IPv6", async () => {
        expect(await ask("ada", "[::1]", port6)).toMatchObject({ body: ANSWER, last: { verdict: "connected" } });
    });

    it.each([
        ["a person of another domain", "stranger", undefined],
        ["a device that fails its posture check", "unencrypted", undefined],
        ["another port than the grant's", "ada", 1],
    ])("stays shut to %s, and the log names the rule", async (_, device, at) => {
        const { body, problem, last } = await ask(device, SERVER, at ?? port);
        expect(body).toBe("");
        // SOCKS's "not allowed by ruleset".
        expect(problem).toContain("(2)");
        expect(last).toMatchObject({ verdict: "blocked", rule: 'Gateway rule "nobody else" (Block)' });
    });

    it("is reached by a private host name, which the connector resolves, by whom may look it up", async () => {
        const { body, last } = await ask("ada", "localhost", await serve("127.0.0.1"));
        expect(body).toBe(ANSWER);
        expect(last).toMatchObject({
            verdict: "connected",
            rule: expect.stringContaining('lookup: Gateway rule "some"'),
        });
        expect(await ask("grace", "localhost")).toMatchObject({ body: "", last: { verdict: "blocked" } });
    });

    it.each([
        // SOCKS's "connection refused" and "network unreachable".
        ["nothing listens there", SERVER, "(5)", "unreachable"],
        ["no route leads there", "127.78.0.1", "(3)", "no-route"],
    ])("says where %s", async (_, host, code, verdict) => {
        const { problem, last } = await ask("ada", host, port6);
        expect(problem).toContain(code);
        expect(last).toMatchObject({ verdict });
    });

    it("carries a large answer whole", async () => {
        const { body } = await ask("ada", SERVER, port, "/large");
        expect(createHash("sha256").update(body).digest("hex")).toBe(createHash("sha256").update(LARGE).digest("hex"));
    });

    it("shares its addresses with another virtual network, which another connector serves", async () => {
        const inOffice = await ask("ada", SERVER);
        const inLab = await ask("ada+lab", SERVER);
        expect([inOffice.last?.tunnelId, inLab.last?.tunnelId]).toEqual([office.id, lab.id]);
        await office.connector.kill();
        expect(await ask("ada", SERVER)).toMatchObject({ body: "", last: { verdict: "no-connector" } });
        expect(await ask("ada+lab", SERVER)).toMatchObject({ body: ANSWER, last: { verdict: "connected" } });
    });
});
