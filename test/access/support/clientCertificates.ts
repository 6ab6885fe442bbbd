import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A certificate and its keys. */
export interface Issued {
    readonly certificate: x509.X509Certificate;
    readonly keys: webcrypto.CryptoKeyPair;
}

/** Makes a certificate that is good for the year 2026, self-signed without an issuer. */
export async function issue(
    cn: string,
    options: { issuer?: Issued; ca?: boolean; notAfter?: string } = {},
): Promise<Issued> {
    const { issuer, ca = false, notAfter = "2027-01-01T00:00:00Z" } = options;
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: "01",
        subject: [{ CN: [cn] }],
        issuer: issuer?.certificate.subjectName ?? [{ CN: [cn] }],
        notBefore: new Date("2026-01-01T00:00:00Z"),
        notAfter: new Date(notAfter),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey,
        signingKey: (issuer?.keys ?? keys).privateKey,
        extensions: [new x509.BasicConstraintsExtension(ca, undefined, true)],
    });
    return { certificate, keys };
}

/** What a TLS client shows, with the issuers between it and the authority. */
export function tlsIdentity({ certificate, keys }: Issued, between: readonly Issued[] = []) {
    const chain = [certificate, ...between.map((issuer) => issuer.certificate)];
    return {
        cert: chain.map((one) => one.toString("pem")).join("\n"),
        key: KeyObject.from(keys.privateKey).export({ format: "pem", type: "pkcs8" }),
    };
}
