import { createServer } from "node:http";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { type Credentials, Laptop } from "./support/laptop.ts";
import { type LoopbackService, listenOnLoopback } from "./support/listenOnLoopback.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

/** Whatever a client asks for, the connector leads it to one service. */
const FIXED = "fixed.example.com";
/** A client chooses, among what the rules of the connector allow. */
const CHOSEN = "chosen.example.com";
/** The same without rules. */
const WITHOUT_RULES = "without-rules.example.com";
/** A client names the destination in a header. */
const BASTION = "bastion.example.com";

const started = new AsyncDisposableStack();
let laptop: Laptop;
let token: Credentials;
let service: LoopbackService;
let neighbour: LoopbackService;

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    const saying = (word: string) => listenOnLoopback(createServer((_, response) => response.end(word)));
    service = started.use(await saying("service"));
    neighbour = started.use(await saying("neighbour"));
    const account = started.use(await ProtectedAccount.start("example.com"));
    const { id, client_id, client_secret } = await account.create("access/service_tokens", { name: "ci" });
    token = { id: client_id, secret: client_secret };
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: id } }] };
    const guarded = { policies: [robots], demandsToken: true };
    const ipRules = [{ prefix: "127.0.0.1/32", ports: [service.port], allow: true }];
    await account.expose(
        cloudflared,
        [
            {
                ...{ ...guarded, hostname: FIXED, service: `tcp://127.0.0.1:${service.port}` },
                originRequest: { proxyType: "socks" },
            },
            { ...guarded, hostname: CHOSEN, service: "socks-proxy", originRequest: { ipRules } },
            { ...guarded, hostname: WITHOUT_RULES, service: "socks-proxy" },
            { ...guarded, hostname: BASTION, service: "bastion" },
        ],
        // The keys of the team, for the connector's own check of the token.
        { HTTPS_PROXY: `http://${account.edge.teamProxy}` },
    );
    laptop = started.use(await Laptop.start(cloudflared, account));
});

afterAll(() => started.disposeAsync());

/** Asks for an address through the SOCKS5 proxy that a hostname's local port is. */
async function askThrough(hostname: string, address: string) {
    await using local = await laptop.forward(hostname, token);
    const proxy = `127.0.0.1:${local.port}`;
    const through = ["--socks5-hostname", proxy, "--noproxy", ""];
    return await execa("curl", ["--silent", "--show-error", ...through, `http://${address}/`], { reject: false });
}

/** What curl says when the proxy answers that its rules do not allow the connection (RFC 1928, section 6: reply 2). */
const NOT_ALLOWED = { exitCode: 97, stderr: expect.stringMatching(/SOCKS5 connection .*\(2\)/) };

describe("SOCKS5 through a tunnel, with cloudflared at both ends", () => {
    it("leads to the one service of a fixed origin, whatever address the client asks for", async () => {
        for (const address of ["10.0.0.1:6443", "kubernetes.default.svc", `127.0.0.1:${neighbour.port}`]) {
            expect(await askThrough(FIXED, address)).toMatchObject({ stdout: "service" });
        }
    });

    it("leads a free proxy's client to what the connector's rules allow, and nowhere else", async () => {
        expect(await askThrough(CHOSEN, `127.0.0.1:${service.port}`)).toMatchObject({ stdout: "service" });
        expect(await askThrough(CHOSEN, `127.0.0.1:${neighbour.port}`)).toMatchObject(NOT_ALLOWED);
    });

    it("leads a free proxy's client nowhere without rules", async () => {
        expect(await askThrough(WITHOUT_RULES, `127.0.0.1:${service.port}`)).toMatchObject(NOT_ALLOWED);
    });
});

describe("a bastion, with cloudflared at both ends", () => {
    it("leads to the destination that the client names", async () => {
        const destination = ["--destination", `127.0.0.1:${neighbour.port}`];
        await using local = await laptop.forward(BASTION, token, destination);
        const { stdout } = await execa("curl", ["--silent", "--noproxy", "*", `http://127.0.0.1:${local.port}/`]);
        expect(stdout).toBe("neighbour");
    });
});
