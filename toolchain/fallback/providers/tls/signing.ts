/** Keys as `@peculiar/x509` signs with them. The library is loaded with the first certificate: previews do without it. */
import { createPrivateKey, createPublicKey, type KeyObject, type webcrypto } from "node:crypto";

export async function loadX509(): Promise<typeof import("@peculiar/x509")> {
    await import("reflect-metadata");
    return import("@peculiar/x509");
}

export interface Signer {
    readonly key: webcrypto.CryptoKey;
    readonly algorithm: { readonly name: string; readonly hash?: string };
}

/** Web Crypto's curve and Go's hash for it (crypto/x509 `signingParamsForKey`). */
const CURVES: Readonly<Record<string, { namedCurve: string; hash: string }>> = {
    prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
    secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
    secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

export function signerOf(privateKey: KeyObject): Signer {
    const toSigner = (
        algorithm: { name: string; hash?: string },
        parameters: { namedCurve?: string } = {},
    ): Signer => ({
        key: privateKey.toCryptoKey({ ...algorithm, ...parameters }, false, ["sign"]),
        algorithm,
    });
    switch (privateKey.asymmetricKeyType) {
        case "rsa":
            return toSigner({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" });
        case "ed25519":
            return toSigner({ name: "Ed25519" });
        default: {
            const curve = CURVES[privateKey.asymmetricKeyDetails?.namedCurve ?? ""];
            if (curve === undefined) {
                throw new Error(
                    "the fallback provider signs with RSA, Ed25519, P256, P384 or P521; give the key another curve",
                );
            }
            return toSigner({ name: "ECDSA", hash: curve.hash }, { namedCurve: curve.namedCurve });
        }
    }
}

/** The key in a PEM argument, with the argument's name in the error. */
export function privateKeyOf(pem: string, property: string): KeyObject {
    try {
        return createPrivateKey(pem);
    } catch {
        throw new Error(`'${property}' is not a private key; give it a key in PEM, in PKCS #1, SEC 1 or PKCS #8`);
    }
}

/** SubjectPublicKeyInfo of a private key's public half. */
export function publicKeyOf(privateKey: KeyObject): Uint8Array<ArrayBuffer> {
    return new Uint8Array(createPublicKey(privateKey).export({ type: "spki", format: "der" }));
}
