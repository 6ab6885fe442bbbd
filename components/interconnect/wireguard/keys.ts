import { createHash, createHmac, createPrivateKey, createPublicKey } from "node:crypto";

/** What a Curve25519 key has before its 32 bytes in DER (RFC 8410, PKCS #8 and SubjectPublicKeyInfo). */
const PRIVATE_HEADER = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_HEADER_LENGTH = 12;

/** Both halves of a node's key, in base64 as WireGuard writes them. */
export interface KeyPair {
    readonly privateKey: string;
    readonly publicKey: string;
}

/** The key that a random text stands for. The text must have 256 bits of chance in it; SHA-256 spreads them over the key. */
export function keyPairOf(randomText: string): KeyPair {
    const bytes = createHash("sha256").update(randomText).digest();
    // As `wg genkey` does (RFC 7748, 5), so that the same key has one text only.
    bytes[0] = (bytes[0] ?? 0) & 248;
    bytes[31] = ((bytes[31] ?? 0) & 127) | 64;
    const key = createPrivateKey({ key: Buffer.concat([PRIVATE_HEADER, bytes]), format: "der", type: "pkcs8" });
    const spki = createPublicKey(key).export({ format: "der", type: "spki" });
    return {
        privateKey: bytes.toString("base64"),
        publicKey: spki.subarray(PUBLIC_HEADER_LENGTH).toString("base64"),
    };
}

/**
 * The pre-shared key of two nodes, from a secret that the nodes themselves never see: each is given its own pairs' keys alone, and cannot tell anybody else's
 * from them. It changes with either node's key, and both sides of a federation compute the same.
 */
export function presharedKeyOf(secret: string, onePublicKey: string, otherPublicKey: string): string {
    const pair = [onePublicKey, otherPublicKey].toSorted();
    return createHmac("sha256", secret)
        .update(JSON.stringify(["sallyport-wireguard-pair", ...pair]))
        .digest("base64");
}

/** Says what is wrong with a public key, or nothing. */
export function publicKeyProblem(key: string): string | undefined {
    const fits = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(key);
    return fits
        ? undefined
        : `${JSON.stringify(key)} is not a public key. Write what "wg pubkey" prints, 44 characters of base64.`;
}
