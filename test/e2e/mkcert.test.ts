/** Our authority beside the real mkcert, judged by openssl. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Issued, issue } from "../components/support/issuedCertificates.ts";
import { fieldsOf } from "../support/certificateFields.ts";
import { type CertificateFolder, certificateFolder } from "./support/mkcert.ts";

const NAMES = {
    dnsNames: ["app.internal", "*.app.internal"],
    ipAddresses: ["10.0.0.1", "::1"],
    emailAddresses: ["ada@example.com"],
    uris: ["spiffe://example.com/orders"],
};
const HOSTS = [...NAMES.dnsNames, ...NAMES.ipAddresses, ...NAMES.emailAddresses, ...NAMES.uris];
const PASSWORD = "correct horse";

let folder: CertificateFolder;
let ours: Issued;

beforeAll(async () => {
    folder = await certificateFolder();
    ours = await issue({}, { ...NAMES, clientAuth: true });
    folder.write("ours.pem", ours.rootPem);
    folder.write("leaf.pem", ours.certPem);
});
afterAll(() => folder[Symbol.dispose]());

describe("certificates of ours and of mkcert 1.4.4", () => {
    it("are the same, field by field", async () => {
        using theirs = await certificateFolder();
        const read = (name: string) => fieldsOf(readFileSync(join(theirs.path, name), "utf8"));
        await theirs.mkcert("-client", "-cert-file", "leaf.pem", "-key-file", "leaf-key.pem", ...HOSTS);
        await theirs.mkcert("-ecdsa", "-cert-file", "ecdsa.pem", "-key-file", "ecdsa-key.pem", "app.internal");
        const { certPem: ecdsa } = await issue({}, { dnsNames: ["app.internal"], algorithm: "ECDSA" });

        for (const [own, file, days] of [
            [ours.rootPem, "rootCA.pem", 1],
            [ours.certPem, "leaf.pem", 2],
            [ecdsa, "ecdsa.pem", 2],
        ] as const) {
            const { validityDays, ...fields } = read(file);
            expect(fieldsOf(own), file).toEqual({ ...fields, validityDays: expect.any(Number) });
            // mkcert counts calendar months; the provider counts hours.
            expect(Math.abs(fieldsOf(own).validityDays - validityDays)).toBeLessThanOrEqual(days);
        }
    });

    it("are verified by openssl, for servers, for clients and for mail", async () => {
        for (const purpose of ["sslserver", "sslclient", "smimesign"]) {
            const said = await folder.openssl("verify", "-purpose", purpose, "-CAfile", "ours.pem", "leaf.pem");
            expect(said).toBe("leaf.pem: OK");
        }
        const wrong = await folder.openssl(
            "verify",
            "-verify_hostname",
            "other.internal",
            "-CAfile",
            "ours.pem",
            "leaf.pem",
        );
        expect(wrong).toContain("hostname mismatch");
    });

    it("are one thing to mkcert: with our root and key as its CAROOT it signs", async () => {
        using caRoot = await certificateFolder();
        caRoot.write("rootCA.pem", ours.rootPem);
        caRoot.write("rootCA-key.pem", ours.rootKeyPem);
        await caRoot.mkcert("-cert-file", "theirs.pem", "-key-file", "theirs-key.pem", "app.internal");
        expect(await caRoot.openssl("verify", "-CAfile", "rootCA.pem", "theirs.pem")).toBe("theirs.pem: OK");
    });

    it("go over to us: an authority of mkcert's is taken over, and signs", async () => {
        using caRoot = await certificateFolder();
        await caRoot.mkcert("-cert-file", "theirs.pem", "-key-file", "theirs-key.pem", "app.internal");
        const text = (name: string) => readFileSync(join(caRoot.path, name), "utf8");
        const existing = { certPem: text("rootCA.pem"), privateKeyPem: text("rootCA-key.pem") };
        const { certPem } = await issue({ existing }, { dnsNames: ["app.internal"] });
        caRoot.write("ours.pem", certPem);
        expect(await caRoot.openssl("verify", "-CAfile", "rootCA.pem", "ours.pem", "theirs.pem")).toBe(
            "ours.pem: OK\ntheirs.pem: OK",
        );
    });
});

describe("an authority that may certify some names only", () => {
    it("is held to them by openssl, even where somebody signs another with its key", async () => {
        const permitted = { dnsDomains: ["internal"] };
        const { rootPem, rootKeyPem } = await issue({ permitted }, { dnsNames: ["app.internal"] });
        using thief = await certificateFolder();
        thief.write("rootCA.pem", rootPem);
        thief.write("rootCA-key.pem", rootKeyPem);
        const kinds = {
            inside: "app.internal",
            outside: "bank.example.com",
            address: "10.0.0.1",
            mail: "ada@example.com",
            uri: "spiffe://internal/x",
        };
        const verdicts: Record<string, string | undefined> = {};
        for (const [kind, name] of Object.entries(kinds)) {
            await thief.mkcert("-cert-file", `${kind}.pem`, "-key-file", `${kind}-key.pem`, name);
            const said = await thief.openssl("verify", "-CAfile", "rootCA.pem", `${kind}.pem`);
            verdicts[kind] = /OK$|(permitted|excluded) subtree violation/.exec(said)?.[0];
        }
        expect(verdicts).toEqual({
            inside: "OK",
            outside: "permitted subtree violation",
            address: "excluded subtree violation",
            mail: "permitted subtree violation",
            uri: "permitted subtree violation",
        });
    });
});

describe("a PKCS #12 file", () => {
    it("is opened by openssl with its password, encrypted with AES-256, with key and chain in it", async () => {
        const { pkcs12 } = await issue({}, { dnsNames: ["app.internal"], pkcs12Password: PASSWORD });
        folder.write("web.p12", Buffer.from(pkcs12, "base64"));
        folder.write("password", PASSWORD);
        const info = await folder.openssl("pkcs12", "-in", "web.p12", "-info", "-nodes", "-passin", "file:password");
        expect(info).toContain("MAC: sha256");
        expect(info).toMatch(/Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC/);
        expect(info).toMatch(/Encrypted data: PBES2, PBKDF2, AES-256-CBC/);
        expect(info.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(2);
        expect(info.match(/-----BEGIN PRIVATE KEY-----/g)).toHaveLength(1);
        folder.write("wrong", "wrong horse");
        const refused = await folder.openssl("pkcs12", "-in", "web.p12", "-noout", "-passin", "file:wrong");
        expect(refused).toContain("Mac verify error");
    });
});
