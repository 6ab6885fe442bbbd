import { randomBytes, type webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK } from "jose";

/** A key that signs tokens, and how verifiers get to see it. */
export interface SigningKey {
    /** Names the key in a token's header: 64 hex digits. */
    readonly kid: string;
    readonly privateKey: webcrypto.CryptoKey;
    /** The public half, as the key set lists it. */
    readonly jwk: JWK;
    /** A self-signed certificate of the key, PEM, for verifiers that take certificates only. */
    readonly certificate: string;
    /** Since when it signs, in milliseconds since 1970; the key that comes next has none yet. */
    readonly since?: number | undefined;
}

/** A key as it is kept in a file. */
export interface KeptKey {
    readonly kid: string;
    readonly privateKeyPem: string;
    readonly jwk: JWK;
    readonly certificate: string;
    readonly since?: number | undefined;
}

const algorithm = "RS256";
const certificateLifetimeMs = 3650 * 86_400_000;

/** A fresh RSA key of 2048 bits, which is what Access signs with. */
export async function newSigningKey(issuerName: string, now: Date): Promise<SigningKey> {
    const pair = await generateKeyPair(algorithm, { modulusLength: 2048, extractable: true });
    const kid = randomBytes(32).toString("hex");
    const jwk = await exportJWK(pair.publicKey);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        serialNumber: `01${randomBytes(15).toString("hex")}`,
        name: [{ CN: [issuerName] }],
        notBefore: now,
        notAfter: new Date(now.getTime() + certificateLifetimeMs),
        signingAlgorithm: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
        keys: pair,
    });
    return {
        kid,
        privateKey: pair.privateKey,
        jwk: { kid, kty: "RSA", alg: algorithm, use: "sig", e: jwk.e, n: jwk.n } as JWK,
        certificate: certificate.toString("pem"),
    };
}

export async function keep({ privateKey, ...rest }: SigningKey): Promise<KeptKey> {
    return { ...rest, privateKeyPem: await exportPKCS8(privateKey) };
}

/** @throws when the kept text is not a private key. */
export async function unkeep({ privateKeyPem, ...rest }: KeptKey): Promise<SigningKey> {
    return { ...rest, privateKey: await importPKCS8(privateKeyPem, algorithm, { extractable: true }) };
}
