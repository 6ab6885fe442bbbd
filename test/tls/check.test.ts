import { beforeAll, describe, expect, it, vi } from "vitest";
import { CommandError, Exit } from "../../cli/exit.ts";
import { checkTls, type TlsReport } from "../../cli/tls/check.ts";
import { type Issued, issue } from "../components/support/issuedCertificates.ts";
import { servePlainly, serveTls } from "./support/servers.ts";

const ECDSA = { algorithm: "ECDSA" } as const;
const HSTS = { "strict-transport-security": "max-age=31536000" };

let rsa: Issued;
let ecdsa: Issued;
let ended: Issued;

beforeAll(async () => {
    rsa = await issue(ECDSA, { dnsNames: ["app.internal"] });
    ecdsa = await issue(ECDSA, { ...ECDSA, dnsNames: ["app.internal"] });
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2020-01-01") });
    ended = await issue(ECDSA, { ...ECDSA, dnsNames: ["app.internal"] });
    vi.useRealTimers();
});

const keyPair = ({ chainPem, keyPem }: Issued) => ({ cert: chainPem, key: keyPem });
const target = (port: number, caPem: string, serverName = "app.internal") => ({
    address: "127.0.0.1",
    port,
    serverName,
    caPem,
});
const verdicts = ({ checks }: TlsReport) => Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]));
const details = ({ checks }: TlsReport) => Object.fromEntries(checks.map(({ id, detail }) => [id, detail]));

describe("the check of a TLS server", () => {
    it("finds nothing weak in one that takes TLS 1.2 and 1.3 with strong suites", async () => {
        const ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
        await using server = await serveTls({ ...keyPair(ecdsa), minVersion: "TLSv1.2", ciphers }, (_, response) => {
            response.writeHead(200, HSTS).end();
        });
        const report = await checkTls(target(server.port, ecdsa.rootPem));
        expect(report.ok).toBe(true);
        expect(verdicts(report)).toEqual({
            versions: "ok",
            suites: "ok",
            chain: "ok",
            names: "ok",
            expiry: "ok",
            key: "ok",
            hsts: "ok",
        });
        expect(report.versions).toEqual([
            { version: "TLSv1", suites: [] },
            { version: "TLSv1.1", suites: [] },
            {
                version: "TLSv1.2",
                suites: expect.arrayContaining([
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                ]),
            },
            {
                version: "TLSv1.3",
                suites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
            },
        ]);
        expect(details(report).chain).toBe("verified: test@sallyport ← mkcert test@sallyport");
    });

    it("names old versions and each weak suite of one that takes everything", async () => {
        const ciphers = "ALL:@SECLEVEL=0";
        await using server = await serveTls({ ...keyPair(rsa), minVersion: "TLSv1", ciphers });
        const report = await checkTls(target(server.port, rsa.rootPem));
        expect(report.ok).toBe(false);
        expect(verdicts(report)).toMatchObject({ versions: "weak", suites: "weak", hsts: "advice" });
        expect(details(report).versions).toBe("TLSv1, TLSv1.1, TLSv1.2, TLSv1.3");
        const old = report.versions.find(({ version }) => version === "TLSv1")?.suites;
        expect(old).toContain("TLS_RSA_WITH_AES_128_CBC_SHA");
        const suites12 = report.versions.find(({ version }) => version === "TLSv1.2")?.suites;
        expect(suites12).toContain("TLS_RSA_WITH_AES_128_GCM_SHA256");
        expect(suites12).toContain("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    });

    it("tells an untrusted certificate, another name's and one that has ended, each for itself", async () => {
        await using server = await serveTls(keyPair(ecdsa));
        const foreign = await checkTls(target(server.port, rsa.rootPem, "other.internal"));
        expect(verdicts(foreign)).toMatchObject({ chain: "weak", names: "weak", expiry: "ok" });
        expect(details(foreign).names).toBe("other names than the one asked for: DNS:app.internal");

        await using late = await serveTls(keyPair(ended));
        const report = await checkTls(target(late.port, ended.rootPem));
        expect(verdicts(report)).toMatchObject({ chain: "weak", names: "ok", expiry: "weak" });
        expect(details(report)).toMatchObject({ expiry: "2022-04-01, has ended" });
        expect(details(report).chain).toContain("CERT_HAS_EXPIRED");
    });

    it("asks for an address without a name, and compares the certificate with the address", async () => {
        await using server = await serveTls(keyPair(ecdsa));
        const report = await checkTls(target(server.port, ecdsa.rootPem, "127.0.0.1"));
        expect(verdicts(report)).toMatchObject({ chain: "ok", names: "weak" });
    });

    it.each([
        ["leads to HTTPS", { location: "https://app.internal/" }, 308, "ok"],
        ["serves plainly", {}, 200, "weak"],
        ["leads to plain HTTP", { location: "http://www.app.internal/" }, 302, "weak"],
    ] as const)("judges a web server that %s", async (_, headers, status, verdict) => {
        await using server = await serveTls(keyPair(ecdsa));
        await using plain = await servePlainly((__, response) => response.writeHead(status, headers).end());
        const report = await checkTls(target(server.port, ecdsa.rootPem), { plainPort: plain.port });
        expect(verdicts(report).redirect).toBe(verdict);
    });

    it("says that there is no TLS server, not that it is weak", async () => {
        await using plain = await servePlainly((_, response) => response.end());
        const asked = await checkTls(target(plain.port, ecdsa.rootPem)).catch((error: unknown) => error);
        expect(asked).toBeInstanceOf(CommandError);
        expect((asked as CommandError).exit).toBe(Exit.failed);
        const { port } = plain;
        await plain[Symbol.asyncDispose]();
        await expect(checkTls(target(port, ecdsa.rootPem))).rejects.toThrow(/cannot be asked: .*ECONNREFUSED/);
    });
});
