import "reflect-metadata";
import { createPrivateKey, type KeyObject, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { link, mkdir, unlink, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { readPrivateFile } from "../privateFile.ts";

/** Names under which cloudflared looks for the edge: over HTTP/2, over QUIC, and in its connectivity pre-checks. */
export const EDGE_NAMES = ["h2.cftunnel.com", "quic.cftunnel.com", "probe.cftunnel.com"] as const;

const KEY_ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const BUNDLE_FILE = "edge-ca.pem";
const DAY_MS = 86_400_000;
const CA_LIFETIME_MS = 3650 * DAY_MS;
const LEAF_LIFETIME_MS = 397 * DAY_MS;
/** Certificates are valid from a little earlier, for clients whose clock is behind. */
const BACKDATING_MS = 5 * 60_000;

/** A certificate and its key, both PEM, as `node:tls` takes them. */
export interface ServerCertificate {
    readonly certPem: string;
    readonly privateKeyPem: string;
}

/** A kept certificate authority cannot be used; the message names the file and what to do about it. */
export class CertificateAuthorityError extends Error {
    override readonly name = "CertificateAuthorityError";
}

/**
 * The emulator's own certificate authority (ECDSA P-256). Whoever trusts `caPem` trusts the servers of this emulator, so
 * its key never leaves the state folder, where it lies in one file with the certificate, readable by its owner only.
 */
export class CertificateAuthority {
    /** The root certificate for clients to trust, PEM. */
    readonly caPem: string;
    readonly #certificate: x509.X509Certificate;
    readonly #key: webcrypto.CryptoKey;

    private constructor(certificate: x509.X509Certificate, key: webcrypto.CryptoKey) {
        this.caPem = withFinalNewline(certificate.toString("pem"));
        this.#certificate = certificate;
        this.#key = key;
    }

    /**
     * Opens the authority kept in `stateDir`, making it (and the folder) on first use; without a folder it makes one that
     * is forgotten with the object. A new authority is valid for ten years.
     *
     * @throws CertificateAuthorityError when the kept one is damaged, expired, or readable by others.
     */
    static async open(options: { stateDir?: string | undefined } = {}): Promise<CertificateAuthority> {
        if (options.stateDir === undefined) {
            return CertificateAuthority.#fromBundle(await createBundle(), "the new certificate authority");
        }
        const file = join(options.stateDir, BUNDLE_FILE);
        const kept = await readBundle(file);
        if (kept !== undefined) {
            return CertificateAuthority.#fromBundle(kept, file);
        }
        await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
        await keepBundle(file, await createBundle());
        // Read again rather than used at once: another process may have been first.
        return CertificateAuthority.#fromBundle((await readBundle(file)) ?? "", file);
    }

    /**
     * Issues a server certificate with a fresh key, valid for 397 days.
     *
     * @param names host names (a wildcard as first label is allowed) and IP addresses; the first is the common name.
     */
    async issue(names: readonly [string, ...string[]]): Promise<ServerCertificate> {
        const keys = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
        const certificate = await x509.X509CertificateGenerator.create({
            serialNumber: newSerialNumber(),
            subject: [{ CN: [names[0]] }],
            issuer: this.#certificate.subjectName,
            ...validity(LEAF_LIFETIME_MS),
            signingAlgorithm: KEY_ALGORITHM,
            publicKey: keys.publicKey,
            signingKey: this.#key,
            extensions: [
                new x509.BasicConstraintsExtension(false, undefined, true),
                new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
                new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
                new x509.SubjectAlternativeNameExtension(
                    names.map((name) => ({ type: isIP(name) === 0 ? "dns" : "ip", value: name })),
                ),
                await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
                await x509.AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
            ],
        });
        return { certPem: withFinalNewline(certificate.toString("pem")), privateKeyPem: await exportKey(keys) };
    }

    static async #fromBundle(bundle: string, where: string): Promise<CertificateAuthority> {
        const { certificatePem, key } = checkBundle(bundle, where);
        const der = key.export({ format: "der", type: "pkcs8" });
        const signingKey = await webcrypto.subtle.importKey("pkcs8", new Uint8Array(der), KEY_ALGORITHM, false, [
            "sign",
        ]);
        return new CertificateAuthority(new x509.X509Certificate(certificatePem), signingKey);
    }
}

async function createBundle(): Promise<string> {
    const keys = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        serialNumber: newSerialNumber(),
        // A name of its own per authority: clients that know two of them must not mix them up.
        name: [{ CN: [`Sallyport emulator CA ${randomBytes(4).toString("hex")}`] }],
        ...validity(CA_LIFETIME_MS),
        signingAlgorithm: KEY_ALGORITHM,
        keys,
        extensions: [
            new x509.BasicConstraintsExtension(true, 0, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
            await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
    });
    return `${withFinalNewline(certificate.toString("pem"))}${await exportKey(keys)}`;
}

function readBundle(file: string): Promise<string | undefined> {
    return readPrivateFile(file, "a private key", (problem) => new CertificateAuthorityError(problem));
}

/** Puts the file there whole or not at all; one that appeared in the meantime stays. */
async function keepBundle(file: string, bundle: string): Promise<void> {
    const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    await writeFile(draft, bundle, { mode: 0o600, flag: "wx" });
    try {
        await link(draft, file);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
            throw error;
        }
    } finally {
        await unlink(draft);
    }
}

function checkBundle(bundle: string, where: string): { certificatePem: string; key: KeyObject } {
    const remedy = "delete the file, and give the new CA certificate to whoever trusts the old one";
    let certificate: X509Certificate;
    let key: KeyObject;
    try {
        certificate = new X509Certificate(bundle);
        key = createPrivateKey(bundle);
    } catch (error) {
        throw new CertificateAuthorityError(
            `${where}: not a PEM file of a certificate and its key (${(error as Error).message}); ${remedy}`,
        );
    }
    if (!certificate.ca || !certificate.checkPrivateKey(key)) {
        throw new CertificateAuthorityError(
            `${where}: the certificate is not a CA's, or the key is not its own; ${remedy}`,
        );
    }
    if (Date.parse(certificate.validTo) <= Date.now()) {
        throw new CertificateAuthorityError(`${where}: expired on ${certificate.validTo}; ${remedy}`);
    }
    return { certificatePem: certificate.toString(), key };
}

function validity(lifetimeMs: number): { notBefore: Date; notAfter: Date } {
    const now = Date.now();
    return { notBefore: new Date(now - BACKDATING_MS), notAfter: new Date(now + lifetimeMs) };
}

/** 127 random bits: positive, within RFC 5280's 20 octets, and never the same twice. */
function newSerialNumber(): string {
    const bytes = randomBytes(16);
    bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
    return bytes.toString("hex");
}

async function exportKey(keys: webcrypto.CryptoKeyPair): Promise<string> {
    const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({
        format: "pem",
        type: "pkcs8",
    }) as string;
}

function withFinalNewline(pem: string): string {
    return pem.endsWith("\n") ? pem : `${pem}\n`;
}
