import { type IncomingMessage, request } from "node:http";
import { request as secureRequest } from "node:https";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { serveTeamDomain } from "../../emulator/edge/access/index.ts";
import { CertificateAuthority } from "../../emulator/edge/index.ts";
import { AccessUnderTest, Browser, start } from "./support/accessUnderTest.ts";

/** The listener for connectors, with a client that trusts the emulator's authority and nobody else. */
async function setUp() {
    await using started = new AsyncDisposableStack();
    const under = started.use(await AccessUnderTest.start());
    const certificateAuthority = await CertificateAuthority.open();
    const options = { address: "127.0.0.1:0", access: under.access, certificateAuthority };
    const domain = started.use(await serveTeamDomain(options));
    const [host = "", port = ""] = domain.address.split(":");
    const ask = (path: string, given: { name?: string; method?: string; body?: string; type?: string } = {}) => {
        const { name = "team.cloudflareaccess.com", method = "GET", body, type = "text/plain" } = given;
        const headers = { host: name, connection: "close", "content-type": type, cookie: "CF_Session=x" };
        return answered((done) =>
            secureRequest(
                {
                    host,
                    port,
                    path,
                    method,
                    headers,
                    servername: "team.cloudflareaccess.com",
                    ca: certificateAuthority.caPem,
                },
                done,
            ).end(body),
        );
    };
    const disposables = started.move();
    return { under, domain, options, host, port, ask, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

function answered(
    send: (done: (response: IncomingMessage) => void) => {
        on(event: "error", listener: (error: Error) => void): unknown;
    },
) {
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
        send((response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("end", () =>
                resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
            );
        }).on("error", reject);
    });
}

describe("the team's domain for connectors", () => {
    it("serves the keys that tokens are checked with, under its real name and with a certificate for it", async () => {
        await using setup = await setUp();
        const { under, ask } = setup;
        await under.application();
        const browser = new Browser(under);
        await browser.logIn("https://app.example.com:8443/", "ann@example.com");
        const token = browser.cookie("app.example.com", "CF_Authorization") ?? "";
        await under.access.rotateKeys();
        const { status, body } = await ask("/cdn-cgi/access/certs");
        const set = JSON.parse(body);
        expect([status, set.keys.length, set.public_certs.length]).toEqual([200, 3, 3]);
        expect(set.public_cert).toEqual(set.public_certs[1]);
        const options = { issuer: "https://team.cloudflareaccess.com", currentDate: new Date(start) };
        const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: set.keys }), options);
        expect(payload.email).toBe("ann@example.com");
    });

    it("answers for its own names only, and over TLS only", async () => {
        await using setup = await setUp();
        const { ask, host, port } = setup;
        const certs = "/cdn-cgi/access/certs";
        expect((await ask(certs, { name: "team.cloudflareaccess.localhost:8443" })).status).toBe(200);
        expect((await ask(certs, { name: "evil.test" })).status).toBe(421);
        expect((await ask("/nothing")).status).toBe(404);
        await expect(answered((done) => request({ host, port, path: certs }, done).end())).rejects.toThrow();
    });

    it("takes no more of a body than a form has", async () => {
        await using setup = await setUp();
        const { ask } = setup;
        const form = { method: "POST", type: "application/x-www-form-urlencoded" };
        const send = (length: number) => ask("/cdn-cgi/access/pin", { ...form, body: "b".repeat(length) });
        expect((await send(65_536)).status).toBe(400);
        expect((await send(65_537)).status).toBe(413);
    });

    it("listens where only this machine reaches it", async () => {
        await using setup = await setUp();
        const { domain, options } = setup;
        await expect(serveTeamDomain({ ...options, address: domain.address })).rejects.toThrow(
            `${domain.address}: another process listens there`,
        );
        await expect(serveTeamDomain({ ...options, address: "0.0.0.0:443" })).rejects.toThrow(
            '"0.0.0.0:443" can be reached from outside this machine',
        );
    });
});
