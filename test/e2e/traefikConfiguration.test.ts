import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TraefikFilesArgs } from "../../components/index.ts";
import { type Issued, issue } from "../components/support/issuedCertificates.ts";
import { metricsRead, missing } from "../observability/expressions.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { type Asking, TraefikProcess } from "./support/traefikProcess.ts";

const ECDSA = { algorithm: "ECDSA" } as const;
const AUDIENCE = "the application's tag";

/** Says what reached it. */
const echo: RequestListener = ({ url, headers }, response) => {
    response.setHeader("content-type", "application/json");
    response.setHeader("server", "backend/1.2.3");
    response.end(JSON.stringify({ url, headers, padding: "x".repeat(4_000) }));
};

describe("Traefik, with the files of a proxy", () => {
    const running = new AsyncDisposableStack();
    let proxy: TraefikProcess;
    let front: Issued;
    let back: Issued;
    let machine: Issued;
    let token: (audience: string) => Promise<string>;
    let ask: (asking: Partial<Asking>) => ReturnType<TraefikProcess["ask"]>;

    beforeAll(async () => {
        [front, back, machine] = await Promise.all([
            issue({ ...ECDSA, commonName: "front" }, { ...ECDSA, dnsNames: ["traefik", "*.example.com"] }),
            issue({ ...ECDSA, commonName: "back" }, { ...ECDSA, dnsNames: ["wiki.internal"], clientAuth: true }),
            issue({ ...ECDSA, commonName: "machines" }, { ...ECDSA, dnsNames: ["machine"], clientAuth: true }),
        ]);
        const { publicKey, privateKey } = await generateKeyPair("RS256");
        token = (audience) =>
            new SignJWT({}).setProtectedHeader({ alg: "RS256" }).setAudience(audience).sign(privateKey);
        const jwk = await exportJWK(publicKey);
        const verifier: RequestListener = async ({ headers }, response) => {
            const shown = String(headers["cf-access-jwt-assertion"]);
            const known = await jwtVerify(shown, jwk, { audience: AUDIENCE }).catch(() => undefined);
            response.statusCode = known === undefined || headers.cookie !== undefined ? 401 : 200;
            response.setHeader("x-verified", "yes");
            response.end();
        };
        const tls = { cert: back.chainPem, key: back.keyPem };
        const service = running.use(await listenOnLoopback(createHttpServer(echo)));
        const secure = running.use(await listenOnLoopback(createHttpsServer(tls, echo)));
        const checker = running.use(await listenOnLoopback(createHttpServer(verifier)));

        const http = `http://127.0.0.1:${service.port}`;
        const https = { service: `https://127.0.0.1:${secure.port}`, serverName: "wiki.internal" };
        const settings: Omit<TraefikFilesArgs, "networks"> = {
            certificates: [{ certPem: front.chainPem, keyPem: front.keyPem }],
            routes: [
                { name: "plain", hostname: "plain.example.com", service: http },
                {
                    name: "admin",
                    hostname: "plain.example.com",
                    path: "/admin",
                    service: http,
                    middlewares: ["verify"],
                },
                { name: "wiki", hostname: "wiki.example.com", ...https, caPem: back.rootPem },
                { name: "forged", hostname: "forged.example.com", ...https, caPem: front.rootPem },
                {
                    name: "misnamed",
                    hostname: "misnamed.example.com",
                    ...https,
                    serverName: "else",
                    caPem: back.rootPem,
                },
                { name: "checked", hostname: "checked.example.com", service: http, middlewares: ["verify"] },
                { name: "limited", hostname: "limited.example.com", service: http, middlewares: ["limit"] },
                { name: "offices", hostname: "offices.example.com", service: http, middlewares: ["offices"] },
                {
                    name: "polished",
                    hostname: "polished.example.com",
                    service: http,
                    middlewares: ["headers", "small"],
                },
                { name: "machines", hostname: "machines.example.com", service: http, tlsOptions: "machines" },
                { name: "modern", hostname: "modern.example.com", service: http, tlsOptions: "modern" },
                { name: "any", hostname: "*.example.com", service: http, middlewares: ["offices"] },
            ],
            dashboard: { hostname: "traefik.example.com", middlewares: ["verify"] },
            middlewares: [
                {
                    name: "verify",
                    forwardAuth: { address: `http://127.0.0.1:${checker.port}/`, responseHeaders: ["X-Verified"] },
                },
                { name: "limit", rateLimit: { average: 1, periodSeconds: 3_600, burst: 2 } },
                { name: "offices", ipAllowList: { ranges: ["203.0.113.0/24"] } },
                {
                    name: "headers",
                    headers: { response: { Server: "" }, stsSeconds: 31_536_000, referrerPolicy: "no-referrer" },
                },
                { name: "small", compress: {} },
            ],
            tlsOptions: [
                { name: "machines", clientCaPem: machine.rootPem, curves: ["CurveP256"], alpnProtocols: ["http/1.1"] },
                { name: "modern", minVersion: "VersionTLS13" },
            ],
            trustedProxies: ["127.0.0.1/32"],
            extraConfiguration: [
                "http:",
                "  routers:",
                "    stripped:",
                "      rule: Host(`stripped.example.com`)",
                "      middlewares: [strip]",
                "      service: plain",
                "  middlewares:",
                "    strip: { stripPrefix: { prefixes: [/app] } }",
            ].join("\n"),
            metrics: { allowFrom: ["127.0.0.1/32"] },
            tracing: { endpoint: `${http}/v1/traces`, samplePercent: 100 },
        };
        proxy = running.use(await TraefikProcess.start(settings));
        ask = (asking) => proxy.ask({ hostname: "plain.example.com", ca: front.rootPem, ...asking });
    }, 60_000);
    afterAll(() => running.disposeAsync());

    it("are read without a complaint", () => {
        const complaints = proxy.log.split("\n").filter((line) => /"level":"(warn|error|fatal)"/.test(line));
        // The first is said at every start; the second of every wildcard, which is why TLS settings of its own are refused for one.
        const known = /Traefik can reject some encoded characters|No domain found in rule HostRegexp/;
        expect(complaints.filter((line) => !known.test(line))).toEqual([]);
    });

    it("believe the trusted sender about the visitor's address, and no other word that a visitor could have written", async () => {
        const { body } = await ask({
            headers: {
                "x-forwarded-for": "198.51.100.7, 203.0.113.9",
                "x-forwarded-proto": "https",
                "x-forwarded-host": "evil.example.org",
                "x-forwarded-port": "1",
                "x-forwarded-prefix": "/evil",
                "x-forwarded-server": "evil",
                "x-real-ip": "192.0.2.1",
            },
        });
        const { headers } = JSON.parse(body);
        expect(headers["x-forwarded-for"]).toBe("198.51.100.7, 203.0.113.9, 127.0.0.1");
        expect(headers.host).toBe("plain.example.com");
        expect(body).not.toContain("evil");
        expect(body).not.toContain("192.0.2.1");
    });

    it("let addresses of the list in by the last that the edge has written", async () => {
        const from = async (forwarded: string) =>
            (await ask({ hostname: "offices.example.com", headers: { "x-forwarded-for": forwarded } })).status;
        expect(await from("203.0.113.9")).toBe(200);
        expect(await from("203.0.113.9, 198.51.100.7")).toBe(403);
        expect((await ask({ hostname: "offices.example.com" })).status).toBe(403);
    });

    it("slow down one client and not another", async () => {
        const from = async (forwarded: string) =>
            (await ask({ hostname: "limited.example.com", headers: { "x-forwarded-for": forwarded } })).status;
        const answers = [];
        for (let asked = 0; asked < 4; asked++) answers.push(await from("203.0.113.1"));
        expect(answers).toEqual([200, 200, 429, 429]);
        expect(await from("203.0.113.2")).toBe(200);
    });

    it("ask a verifier about the Access token first, and show it nothing else", async () => {
        const checked = async (assertion: string) =>
            ask({
                hostname: "checked.example.com",
                headers: { "cf-access-jwt-assertion": assertion, cookie: "session=secret", "x-verified": "forged" },
            });
        const { status, body } = await checked(await token(AUDIENCE));
        expect(status).toBe(200);
        expect(JSON.parse(body).headers["x-verified"]).toBe("yes");
        expect((await checked(await token("another application"))).status).toBe(401);
        expect((await ask({ hostname: "checked.example.com" })).status).toBe(401);
    });

    it("show the dashboard to those whom its check lets in, and to nobody by another name", async () => {
        const dashboard = { hostname: "traefik.example.com", path: "/dashboard/" };
        expect((await ask(dashboard)).status).toBe(401);
        const headers = { "cf-access-jwt-assertion": await token(AUDIENCE) };
        expect((await ask({ ...dashboard, headers })).body).toContain("Traefik");
        expect((await ask({ hostname: "plain.example.com", path: "/api/rawdata" })).body).toContain(
            '"url":"/api/rawdata"',
        );
    });

    it("keep a path apart from the others of its host name, however it is written", async () => {
        const statusOf = async (path: string) => (await ask({ path })).status;
        expect(await statusOf("/administrator")).toBe(200);
        expect(await statusOf("/admin/users")).toBe(401);
        for (const path of ["/%61dmin/users", "/x/../admin/users", "/x/%2e%2e/admin/users", "//admin/users"]) {
            expect(await statusOf(path), path).toBe(401);
        }
        for (const path of ["/x%2F..%2Fadmin", "/x%5C..%5Cadmin", "/%2561dmin", "/admin%00"]) {
            expect(await statusOf(path), path).toBe(400);
        }
    });

    it("verify a backend by its authority and its name, and pass nothing on where either is wrong", async () => {
        expect((await ask({ hostname: "wiki.example.com" })).status).toBe(200);
        for (const hostname of ["forged.example.com", "misnamed.example.com"]) {
            expect((await ask({ hostname })).status).toBe(500);
        }
    });

    it("let those with a certificate of the authority in alone, where the set of TLS settings says so", async () => {
        const machines = { hostname: "machines.example.com" };
        expect((await ask({ ...machines, cert: machine.chainPem, key: machine.keyPem })).status).toBe(200);
        await expect(ask(machines)).rejects.toThrow(/certificate required|handshake failure|ECONNRESET|socket hang up/);
        await expect(ask({ ...machines, cert: back.chainPem, key: back.keyPem })).rejects.toThrow();
        // By the name of another host name's handshake nobody slips past.
        expect((await ask({ ...machines, servername: "plain.example.com" })).status).toBe(421);
    });

    it("write headers, leave out what the backend says of itself, and compress", async () => {
        const { headers } = await ask({ hostname: "polished.example.com", headers: { "accept-encoding": "gzip" } });
        expect(headers).toMatchObject({
            "strict-transport-security": "max-age=31536000",
            "x-frame-options": "DENY",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "content-encoding": "gzip",
        });
        expect(headers.server).toBeUndefined();
    });

    it("send plain HTTP to HTTPS, and nothing further", async () => {
        const { status, headers } = await proxy.askInClear(proxy.httpPort, "plain.example.com", "/page");
        expect(status).toBe(301);
        expect(headers.location).toMatch(/^https:\/\/plain\.example\.com(:\d+)?\/page$/);
    });

    it("serve more configuration in Traefik's own words beside the proxy's", async () => {
        const { body } = await ask({ hostname: "stripped.example.com", path: "/app/page" });
        expect(JSON.parse(body).url).toBe("/page");
    });

    it("show figures on a port of their own, to the addresses that may see them, and log no header", async () => {
        await ask({ headers: { authorization: "Bearer planted-secret", cookie: "planted-cookie" } });
        const { body } = await proxy.askInClear(proxy.metricsPort, "localhost", "/metrics");
        const headers = { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" };
        const other = { localAddress: "127.0.0.2", headers };
        expect((await proxy.askInClear(proxy.metricsPort, "localhost", "/metrics", other)).status).toBe(403);
        // Whoever watches it with the example's rules and dashboard finds everything that they name.
        expect(metricsRead("traefik_").size).toBeGreaterThan(4);
        expect(missing("traefik_", body)).toEqual([]);
        expect(proxy.log).toContain("RequestHost");
        expect(proxy.log).not.toContain("planted");
    });
});
