import { createHash, createPrivateKey, hkdfSync, webcrypto } from "node:crypto";
import { OctetString } from "asn1js";
import {
    Attribute,
    AuthenticatedSafe,
    CertBag,
    Certificate,
    CryptoEngine,
    PFX,
    PKCS8ShroudedKeyBag,
    PrivateKeyInfo,
    SafeBag,
    SafeContents,
} from "pkijs";
import { certificateDer, certificatesIn } from "./pem.ts";

/** Rounds of PBKDF2, and of the key derivation of the integrity check: what openssl 3 writes. */
const ITERATIONS = 2048;
const HASH = "SHA-256";

/** Object identifiers (RFC 7292, section 4.2 and appendix C). */
const BagId = { ShroudedKey: "1.2.840.113549.1.12.10.1.2", Certificate: "1.2.840.113549.1.12.10.1.3" } as const;
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";

/**
 * A private key with its certificate chain in one encrypted file, PKCS #12 (RFC 7292): AES-256 with PBKDF2, and an HMAC of SHA-256 over all.
 *
 * The same arguments give the same file, so that a preview without a change shows none: its salts and initialization vectors follow from the key, the
 * chain and the password, and another content never meets the same ones.
 *
 * @param chainPem The certificate, then its issuers.
 * @returns the file in base64.
 */
export async function toPkcs12(keyPem: string, chainPem: string, password: string): Promise<string> {
    const key = new Uint8Array(createPrivateKey(keyPem).export({ format: "der", type: "pkcs8" }));
    const chain = certificatesIn(chainPem).map(certificateDer);
    const engine = new RepeatableEngine(key, `${chainPem}\0${password}`);
    const passwordBytes = new TextEncoder().encode(password).buffer;
    const encryption = {
        password: passwordBytes,
        contentEncryptionAlgorithm: { name: "AES-CBC", length: 256 },
        hmacHashAlgorithm: HASH,
        iterationCount: ITERATIONS,
    };

    const shroudedKey = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(key) });
    await shroudedKey.makeInternalValues(encryption, engine);
    const ownKey = localKeyId(chain);
    const keyBag = new SafeBag({ bagId: BagId.ShroudedKey, bagValue: shroudedKey, bagAttributes: [ownKey] });
    const certificateBags = chain.map((der, index) => certificateBag(der, index === 0 ? [ownKey] : []));

    const authenticatedSafe = new AuthenticatedSafe({
        parsedValue: {
            safeContents: [
                // The key is encrypted by itself, the certificates as a whole.
                { privacyMode: 0, value: new SafeContents({ safeBags: [keyBag] }) },
                { privacyMode: 1, value: new SafeContents({ safeBags: certificateBags }) },
            ],
        },
    });
    await authenticatedSafe.makeInternalValues({ safeContents: [{}, encryption] }, engine);
    const file = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } });
    const integrity = {
        password: passwordBytes,
        iterations: ITERATIONS,
        pbkdf2HashAlgorithm: HASH,
        hmacHashAlgorithm: HASH,
    };
    await file.makeInternalValues(integrity, engine);
    return Buffer.from(file.toSchema().toBER()).toString("base64");
}

function certificateBag(der: Uint8Array<ArrayBuffer>, bagAttributes: Attribute[]): SafeBag<CertBag> {
    const bagValue = new CertBag({ parsedValue: Certificate.fromBER(der) });
    // An empty set of attributes is none.
    return new SafeBag({ bagId: BagId.Certificate, bagValue, ...(bagAttributes.length > 0 && { bagAttributes }) });
}

/** What tells a reader which of the certificates is the key's: as openssl has it, the certificate's fingerprint. */
function localKeyId([certificate = new Uint8Array()]: readonly Uint8Array[]): Attribute {
    const fingerprint = createHash("sha1").update(certificate).digest();
    return new Attribute({
        type: LOCAL_KEY_ID,
        values: [new OctetString({ valueHex: new Uint8Array(fingerprint).buffer })],
    });
}

/** Web Crypto whose random values come from a secret and from what is to be encrypted (HKDF, RFC 5869). */
class RepeatableEngine extends CryptoEngine {
    readonly #secret: Uint8Array;
    readonly #content: string;
    #drawn = 0;

    constructor(secret: Uint8Array, content: string) {
        super({ name: "repeatable", crypto: webcrypto });
        this.#secret = secret;
        this.#content = content;
    }

    override getRandomValues<T extends ArrayBufferView | null>(array: T): T {
        if (array !== null) {
            const { buffer, byteOffset, byteLength } = array;
            const info = `sallyport PKCS #12 ${this.#drawn++}`;
            const bytes = hkdfSync("sha256", this.#secret, this.#content, info, byteLength);
            new Uint8Array(buffer, byteOffset, byteLength).set(new Uint8Array(bytes));
        }
        return array;
    }
}
