import { X509Certificate } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CertificateAuthority, EDGE_NAMES } from "../../emulator/edge/certificates.ts";

async function temporaryFolder() {
    const path = await mkdtemp(join(tmpdir(), "sallyport-edge-"));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** Handshakes over loopback with a server that uses the certificate; the error is the client's. */
async function handshake(authority: CertificateAuthority, names: readonly [string, ...string[]], servername: string) {
    const { certPem, privateKeyPem } = await authority.issue(names);
    const server = createServer({ cert: certPem, key: privateKeyPem }, (socket) => socket.on("error", () => {}).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
        return await new Promise<string>((resolve) => {
            const socket = connect({ host: "127.0.0.1", port, servername, ca: authority.caPem, minVersion: "TLSv1.2" });
            socket.once("secureConnect", () => resolve(socket.end().getProtocol() ?? ""));
            socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        });
    } finally {
        await new Promise((resolve) => server.close(resolve));
    }
}

afterEach(() => {
    vi.useRealTimers();
});

describe("a certificate authority", () => {
    it("issues certificates that a TLS client accepts for their names, and for no others", async () => {
        const authority = await CertificateAuthority.open();
        expect(await handshake(authority, EDGE_NAMES, "h2.cftunnel.com")).toBe("TLSv1.3");
        expect(await handshake(authority, EDGE_NAMES, "probe.cftunnel.com")).toBe("TLSv1.3");
        expect(await handshake(authority, EDGE_NAMES, "example.com")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
        expect(await handshake(authority, ["*.example.com", "127.0.0.1"], "app.example.com")).toBe("TLSv1.3");
    });

    it("is not trusted by who trusts another one", async () => {
        const [ours, other] = await Promise.all([CertificateAuthority.open(), CertificateAuthority.open()]);
        const { certPem } = await ours.issue(["h2.cftunnel.com"]);
        expect(new X509Certificate(certPem).verify(new X509Certificate(ours.caPem).publicKey)).toBe(true);
        expect(new X509Certificate(certPem).verify(new X509Certificate(other.caPem).publicKey)).toBe(false);
    });

    it("uses P-256 keys, marks the root as one, and gives servers a year", async () => {
        const authority = await CertificateAuthority.open();
        const root = new X509Certificate(authority.caPem);
        const leaf = new X509Certificate((await authority.issue(["a.example.com", "127.0.0.1"])).certPem);
        expect(root.ca).toBe(true);
        expect(leaf.ca).toBe(false);
        expect([root, leaf].map(({ publicKey }) => publicKey.asymmetricKeyDetails?.namedCurve)).toEqual([
            "prime256v1",
            "prime256v1",
        ]);
        expect(leaf.subjectAltName).toBe("DNS:a.example.com, IP Address:127.0.0.1");
        // serverAuth
        expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
        const days = (leaf.validToDate.getTime() - Date.now()) / 86_400_000;
        expect(Math.round(days)).toBe(397);
        expect(leaf.checkIssued(root)).toBe(true);
    });

    it("is the same again when its folder is kept", async () => {
        await using folder = await temporaryFolder();
        const stateDir = join(folder.path, "edge");
        const first = await CertificateAuthority.open({ stateDir });
        const again = await CertificateAuthority.open({ stateDir });
        expect(again.caPem).toBe(first.caPem);
        const { certPem } = await again.issue(["h2.cftunnel.com"]);
        expect(new X509Certificate(certPem).verify(new X509Certificate(first.caPem).publicKey)).toBe(true);
    });

    it("is one and the same for two processes that start at once", async () => {
        await using folder = await temporaryFolder();
        const opened = await Promise.all(
            Array.from({ length: 8 }, () => CertificateAuthority.open({ stateDir: folder.path })),
        );
        expect(new Set(opened.map(({ caPem }) => caPem)).size).toBe(1);
        expect(await readdir(folder.path)).toEqual(["edge-ca.pem"]);
    });

    it("keeps its key for the owner alone", async () => {
        await using folder = await temporaryFolder();
        const stateDir = join(folder.path, "edge");
        const authority = await CertificateAuthority.open({ stateDir });
        expect((await stat(stateDir)).mode & 0o777).toBe(0o700);
        expect((await stat(join(stateDir, "edge-ca.pem"))).mode & 0o777).toBe(0o600);
        expect(authority.caPem).not.toContain("PRIVATE KEY");
    });

    it("is not used when others can read its key", async () => {
        await using folder = await temporaryFolder();
        const file = join(folder.path, "edge-ca.pem");
        await CertificateAuthority.open({ stateDir: folder.path });
        await chmod(file, 0o644);
        await expect(CertificateAuthority.open({ stateDir: folder.path })).rejects.toThrow(
            `${file}: a private key that others can read (mode 644); run "chmod 600 ${file}"`,
        );
    });

    it("is not replaced silently when its file is damaged, or of two halves", async () => {
        await using folder = await temporaryFolder();
        await using other = await temporaryFolder();
        const file = join(folder.path, "edge-ca.pem");
        await CertificateAuthority.open({ stateDir: folder.path });
        const stranger = await CertificateAuthority.open({ stateDir: other.path });
        const key = (await readFile(file, "utf8")).split("-----END CERTIFICATE-----")[1] ?? "";
        await writeFile(file, `${stranger.caPem}${key}`);
        await expect(CertificateAuthority.open({ stateDir: folder.path })).rejects.toThrow("the key is not its own");
        await writeFile(file, "not a certificate");
        await expect(CertificateAuthority.open({ stateDir: folder.path })).rejects.toThrow(
            `${file}: not a PEM file of a certificate and its key`,
        );
        expect(await readFile(file, "utf8")).toBe("not a certificate");
    });

    it("is not used after its ten years", async () => {
        await using folder = await temporaryFolder();
        await CertificateAuthority.open({ stateDir: folder.path });
        const day = 86_400_000;
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3649 * day });
        await CertificateAuthority.open({ stateDir: folder.path });
        vi.setSystemTime(Date.now() + 2 * day);
        await expect(CertificateAuthority.open({ stateDir: folder.path })).rejects.toThrow(/edge-ca\.pem: expired on /);
    });
});
