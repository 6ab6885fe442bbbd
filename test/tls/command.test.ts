import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TlsReport } from "../../cli/tls/check.ts";
import { type Issued, issue } from "../components/support/issuedCertificates.ts";
import { sallyport } from "../support/cli.ts";
import { type Listening, serveTls } from "./support/servers.ts";

const ECDSA = { algorithm: "ECDSA" } as const;
let folder: string;
let ca: string;
let server: Listening;

beforeAll(async () => {
    const issued: Issued = await issue(ECDSA, { ...ECDSA, dnsNames: ["app.internal"] });
    folder = mkdtempSync(join(tmpdir(), "sallyport-tls-"));
    ca = join(folder, "rootCA.pem");
    writeFileSync(ca, issued.rootPem);
    server = await serveTls({ cert: issued.chainPem, key: issued.keyPem, ciphers: "ECDHE+AESGCM" });
});
afterAll(async () => {
    rmSync(folder, { recursive: true });
    await server[Symbol.asyncDispose]();
});

const check = (...args: string[]) => sallyport(["tls", "check", ...args]);

describe("sallyport tls check", () => {
    it("exits 0 with one JSON document where nothing is weak", async () => {
        const connect = `127.0.0.1:${server.port}`;
        const { exitCode, stdout, stderr } = await check("app.internal", "--ca", ca, "--connect", connect, "--json");
        expect(exitCode, String(stderr)).toBe(0);
        const report = JSON.parse(String(stdout)) as TlsReport;
        expect(report).toMatchObject({ ok: true, host: "app.internal", address: connect });
    });

    it("exits 1 with a table that marks what is weak, and asks for another name where told", async () => {
        const { exitCode, stdout } = await check(
            `127.0.0.1:${server.port}`,
            "--ca",
            ca,
            "--servername",
            "other.internal",
        );
        expect(exitCode).toBe(1);
        expect(String(stdout)).toMatch(/^!! +names +other names than the one asked for: DNS:app\.internal/m);
        expect(String(stdout)).toMatch(/^ok +versions +TLSv1\.2, TLSv1\.3/m);
        expect(String(stdout)).toMatch(/^ +TLSv1\.2 +TLS_ECDHE_ECDSA_WITH_AES_/m);
    });

    it("exits 2 with every mistake in its arguments", async () => {
        const { exitCode, stderr } = await check(
            "https://app.internal",
            "--connect",
            "[10.0.0.1]:8443",
            "--ca",
            "none.pem",
        );
        expect(exitCode).toBe(2);
        expect(String(stderr)).toContain('HOST: "https://app.internal" is not a host.');
        expect(String(stderr)).toContain('--connect: "[10.0.0.1]:8443" is not a host.');
        expect(String(stderr)).toContain('--ca: "none.pem" cannot be read');
    });

    it("exits 3 where nothing answers", async () => {
        const { exitCode, stderr } = await check("127.0.0.1:1");
        expect(exitCode).toBe(3);
        expect(String(stderr)).toContain("127.0.0.1:1 cannot be asked");
    });
});
