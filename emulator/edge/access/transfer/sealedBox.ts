import { randomBytes } from "node:crypto";
import nacl from "tweetnacl";

/** A message that only the owner of one key can read, and the key that it was sealed with. */
export interface Sealed {
    /** Base64 of the nonce (24 bytes) and the box. */
    readonly text: string;
    /** The sender's public key, in URL-safe base64 with padding. */
    readonly publicKey: string;
}

/** A public key as cloudflared writes it: 32 bytes in URL-safe base64 with padding. */
export const publicKeyPattern = /^[\w-]{43}=$/;

/** Seals a message in the form that cloudflared opens: NaCl's `box`, under a key of its own (cloudflared's token/encrypt.go). */
export function seal(message: string, recipient: string): Sealed {
    const { publicKey, secretKey } = nacl.box.keyPair();
    const nonce = randomBytes(nacl.box.nonceLength);
    const box = nacl.box(Buffer.from(message), nonce, Buffer.from(recipient, "base64url"), secretKey);
    const key = Buffer.from(publicKey).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
    return { text: Buffer.concat([nonce, box]).toString("base64"), publicKey: key };
}
