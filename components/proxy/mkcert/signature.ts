import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { p256, p384 } from "@noble/curves/nist.js";

/**
 * Signs what a certificate says, so that the same key and the same text always give the same signature: a certificate that is made anew in
 * every preview must not change. RSA signatures of PKCS #1 v1.5 are like that; ECDSA's are with the nonce of RFC 6979, which Node's crypto does not
 * offer.
 */
export function signDeterministically(key: KeyObject, text: Uint8Array): Uint8Array<ArrayBuffer> {
    if (key.asymmetricKeyType === "rsa") return new Uint8Array(sign("sha256", text, key));
    const curve = curveOf(key);
    if (curve === undefined) throw new Error("a key that is neither RSA nor ECDSA on P-256 or P-384 cannot sign");
    const { d = "" } = key.export({ format: "jwk" });
    return new Uint8Array(curve.sign(text, Buffer.from(d, "base64url"), { format: "der", lowS: false }));
}

/** Says why a private key cannot be an authority's, or nothing. The key is never quoted. */
export function signingKeyProblem(keyPem: string): string | undefined {
    let key: KeyObject;
    try {
        key = createPrivateKey(keyPem);
    } catch {
        return 'cannot be read as a private key. Give the whole text from "-----BEGIN … PRIVATE KEY-----" on.';
    }
    if (key.asymmetricKeyType === "rsa") return undefined;
    return curveOf(key) === undefined ? "is neither RSA nor ECDSA on P-256 or P-384. Give a key of these." : undefined;
}

/** OpenSSL's names. The hash that each signs with, SHA-256 and SHA-384, is Go's choice too (crypto/x509 `signingParamsForKey`). */
function curveOf({ asymmetricKeyDetails }: KeyObject): typeof p256 | undefined {
    switch (asymmetricKeyDetails?.namedCurve) {
        case "prime256v1":
            return p256;
        case "secp384r1":
            return p384;
        default:
            return undefined;
    }
}
