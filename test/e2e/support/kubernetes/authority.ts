import "reflect-metadata";
import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** A cluster of a test lives for minutes; an hour before and a day after leave room for any clock. */
const [BEFORE_MS, AFTER_MS] = [3_600_000, 86_400_000];

/** A certificate with its key, both in PEM. */
export interface Certified {
    readonly certPem: string;
    readonly keyPem: string;
}

/** Whom a certificate is for: a server by its names, or a client by what Kubernetes reads as user (CN) and groups (O). */
export type Subject =
    | { readonly names: readonly [string, ...string[]] }
    | { readonly user: string; readonly groups?: readonly string[] };

/** A cluster's own authority, for its servers and its clients. */
export class ClusterAuthority {
    readonly certPem: string;
    readonly #name: string;
    readonly #keys: webcrypto.CryptoKeyPair;

    static async make(cluster: string): Promise<ClusterAuthority> {
        const keys = await newKeys();
        const certificate = await x509.X509CertificateGenerator.createSelfSigned({
            ...common(),
            name: [{ CN: [`${cluster} authority`] }],
            keys,
            extensions: [
                new x509.BasicConstraintsExtension(true, 0, true),
                new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
            ],
        });
        return new ClusterAuthority(certificate.toString("pem"), certificate.subject, keys);
    }

    private constructor(certPem: string, name: string, keys: webcrypto.CryptoKeyPair) {
        this.certPem = certPem;
        this.#name = name;
        this.#keys = keys;
    }

    async issue(subject: Subject): Promise<Certified> {
        const keys = await newKeys();
        const isServer = "names" in subject;
        const names = isServer ? subject.names : [];
        const purpose = isServer ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
        const certificate = await x509.X509CertificateGenerator.create({
            ...common(),
            subject: isServer
                ? [{ CN: [subject.names[0]] }]
                : [...(subject.groups ?? []).map((group) => ({ O: [group] })), { CN: [subject.user] }],
            issuer: this.#name,
            publicKey: keys.publicKey,
            signingKey: this.#keys.privateKey,
            extensions: [
                new x509.BasicConstraintsExtension(false, undefined, true),
                new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
                new x509.ExtendedKeyUsageExtension([purpose]),
                ...(names.length === 0
                    ? []
                    : [
                          new x509.SubjectAlternativeNameExtension(
                              names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
                          ),
                      ]),
            ],
        });
        return { certPem: certificate.toString("pem"), keyPem: keyPemOf(keys) };
    }
}

/** A key to sign service accounts' tokens with, in the form from which an API server takes the public half as well (SEC 1). */
export async function newSigningKeyPem(): Promise<string> {
    const { privateKey } = await newKeys();
    return String(KeyObject.from(privateKey).export({ format: "pem", type: "sec1" }));
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
    return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function keyPemOf({ privateKey }: webcrypto.CryptoKeyPair): string {
    return String(KeyObject.from(privateKey).export({ format: "pem", type: "pkcs8" }));
}

function common() {
    const now = Date.now();
    return {
        serialNumber: `01${randomBytes(15).toString("hex")}`,
        notBefore: new Date(now - BEFORE_MS),
        notAfter: new Date(now + AFTER_MS),
        signingAlgorithm: ALGORITHM,
    };
}
