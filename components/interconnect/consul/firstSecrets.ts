import { createHash } from "node:crypto";

/** The key of a site's gossip that a random text stands for, in base64: 32 bytes, for AES-256. */
export function gossipKeyOf(randomText: string): string {
    return createHash("sha256").update(randomText).digest("base64");
}

/** The token that a random text stands for: Consul takes a UUID, of any version (RFC 9562, 5.8: version 8 is for what one makes oneself). */
export function tokenOf(randomText: string): string {
    const bytes = createHash("sha256").update(randomText).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
