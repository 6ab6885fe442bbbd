import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { BitString, Integer, PrintableString } from "asn1js";
import {
    AlgorithmIdentifier,
    AttributeTypeAndValue,
    BasicConstraints,
    Certificate,
    Extension,
    PublicKeyInfo,
} from "pkijs";

const COMMON_NAME = "2.5.4.3";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const BASIC_CONSTRAINTS = "2.5.29.19";
const DAY_MS = 86_400_000;

interface Made {
    privateKey: KeyObject;
    publicKey: KeyObject;
    texts: Map<string, string>;
}

const made = new Map<string, Made>();

/** A private key (`PRIVATE KEY`) or its own authority's certificate (`CERTIFICATE`) of that name, in PEM: real, and in one process always the same. */
export function realPem(label: string, name: string): string {
    const { texts, privateKey, publicKey } = entryOf(name);
    const known = texts.get(label);
    if (known !== undefined) return known;
    const der =
        label === "PRIVATE KEY"
            ? privateKey.export({ format: "der", type: "pkcs8" })
            : Buffer.from(certificateOf(name, privateKey, publicKey));
    const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
    const text = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
    texts.set(label, text);
    return text;
}

function entryOf(name: string): Made {
    const entry = made.get(name) ?? { ...generateKeyPairSync("ec", { namedCurve: "P-256" }), texts: new Map() };
    made.set(name, entry);
    return entry;
}

function certificateOf(name: string, privateKey: KeyObject, publicKey: KeyObject): ArrayBuffer {
    const algorithm = new AlgorithmIdentifier({ algorithmId: ECDSA_WITH_SHA256 });
    const certificate = new Certificate({
        version: 2,
        serialNumber: new Integer({ value: 1 }),
        signature: algorithm,
        signatureAlgorithm: algorithm,
        subjectPublicKeyInfo: PublicKeyInfo.fromBER(publicKey.export({ format: "der", type: "spki" })),
    });
    for (const subject of [certificate.subject, certificate.issuer]) {
        const value = new PrintableString({ value: name });
        subject.typesAndValues.push(new AttributeTypeAndValue({ type: COMMON_NAME, value }));
    }
    certificate.notBefore.value = new Date(Date.now() - DAY_MS);
    certificate.notAfter.value = new Date(Date.now() + 365 * DAY_MS);
    const extnValue = new BasicConstraints({ cA: true }).toSchema().toBER();
    certificate.extensions = [new Extension({ extnID: BASIC_CONSTRAINTS, critical: true, extnValue })];
    const signature = sign("sha256", new Uint8Array(certificate.encodeTBS().toBER()), privateKey);
    certificate.signatureValue = new BitString({ valueHex: new Uint8Array(signature).buffer });
    return certificate.toSchema(true).toBER();
}
