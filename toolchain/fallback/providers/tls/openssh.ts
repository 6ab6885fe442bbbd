/**
 * OpenSSH's formats of a key pair. Public: RFC 4253, section 6.6, RFC 5656 and RFC 8709. Private: OpenSSH's
 * `PROTOCOL.key`, without a passphrase. P-224 is not among OpenSSH's curves; its formats are empty, as with the official provider.
 */
import { createHash, type JsonWebKey, type KeyObject, randomBytes } from "node:crypto";

const NIST_CURVES: Readonly<Record<string, string>> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

/** `PROTOCOL.key`: padding to the block size of the cipher, 8 for "none". */
const BLOCK_BYTES = 8;
const LINE_LENGTH = 64;
const MAGIC = Buffer.from("openssh-key-v1\0", "latin1");

export interface OpensshFormats {
    readonly privateKeyOpenssh: string;
    readonly publicKeyOpenssh: string;
    readonly publicKeyFingerprintMd5: string;
    readonly publicKeyFingerprintSha256: string;
}

export function opensshFormats(privateKey: KeyObject): OpensshFormats {
    const encoding = encode(privateKey);
    if (encoding === undefined) {
        const [privateKeyOpenssh, publicKeyOpenssh, publicKeyFingerprintMd5, publicKeyFingerprintSha256] = [
            "",
            "",
            "",
            "",
        ];
        return { privateKeyOpenssh, publicKeyOpenssh, publicKeyFingerprintMd5, publicKeyFingerprintSha256 };
    }
    const blob = Buffer.concat([string(encoding.type), ...encoding.publicFields]);
    const md5 = createHash("md5").update(blob).digest("hex");
    const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
    return {
        privateKeyOpenssh: privatePem(encoding, blob),
        publicKeyOpenssh: `${encoding.type} ${blob.toString("base64")}\n`,
        publicKeyFingerprintMd5: md5.replace(/..(?=.)/g, "$&:"),
        publicKeyFingerprintSha256: `SHA256:${sha256}`,
    };
}

interface Encoding {
    readonly type: string;
    readonly publicFields: readonly Buffer[];
    /** Everything after the type in the private section. */
    readonly privateFields: readonly Buffer[];
}

function encode(key: KeyObject): Encoding | undefined {
    const jwk = exportJwk(key);
    const field = (name: keyof JsonWebKey) => Buffer.from(String(jwk?.[name] ?? ""), "base64url");
    if (key.asymmetricKeyType === "rsa") {
        const [n, e] = [integer(field("n")), integer(field("e"))];
        const privateFields = [n, e, ...(["d", "qi", "p", "q"] as const).map((name) => integer(field(name)))];
        return { type: "ssh-rsa", publicFields: [e, n], privateFields };
    }
    if (key.asymmetricKeyType === "ed25519") {
        const point = string(field("x"));
        const privateFields = [point, string(Buffer.concat([field("d"), field("x")]))];
        return { type: "ssh-ed25519", publicFields: [point], privateFields };
    }
    const curve = NIST_CURVES[jwk?.crv ?? ""];
    if (curve === undefined) {
        return undefined;
    }
    const point = [string(curve), string(Buffer.concat([Buffer.of(4), field("x"), field("y")]))];
    return { type: `ecdsa-sha2-${curve}`, publicFields: point, privateFields: [...point, integer(field("d"))] };
}

/** Undefined for a curve that JSON Web Keys do not have, P-224. */
function exportJwk(key: KeyObject): JsonWebKey | undefined {
    const curve = key.asymmetricKeyDetails?.namedCurve;
    return curve === "secp224r1" ? undefined : key.export({ format: "jwk" });
}

function privatePem({ type, privateFields }: Encoding, publicBlob: Buffer): string {
    const check = randomBytes(4);
    const comment = string("");
    const section = Buffer.concat([check, check, string(type), ...privateFields, comment]);
    const padding = Buffer.from(Array.from({ length: -section.length & (BLOCK_BYTES - 1) }, (_, index) => index + 1));
    const none = string("none");
    const body = Buffer.concat([
        MAGIC,
        none,
        none,
        string(""),
        uint32(1),
        string(publicBlob),
        string(Buffer.concat([section, padding])),
    ]);
    const lines = body.toString("base64").match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
    const label = "OPENSSH PRIVATE KEY";
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function uint32(value: number): Buffer {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(value);
    return buffer;
}

function string(value: string | Buffer): Buffer {
    const bytes = Buffer.from(value);
    return Buffer.concat([uint32(bytes.length), bytes]);
}

/** An SSH `mpint` (RFC 4251, section 5): no leading zeros but the one that keeps a number positive. */
function integer(magnitude: Buffer): Buffer {
    const start = magnitude.findIndex((byte) => byte !== 0);
    const bytes = start === -1 ? Buffer.alloc(0) : magnitude.subarray(start);
    return string((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}
