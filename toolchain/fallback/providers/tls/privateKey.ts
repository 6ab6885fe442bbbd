/** PrivateKey: a key pair in the formats that programs ask for. */
import {
    createHash,
    generateKeyPair as generateKeyPairWithCallback,
    type KeyObject,
    type KeyPairKeyObjectResult,
} from "node:crypto";
import { promisify } from "node:util";
import type { PropertyMap, ResourceHandler } from "../../plugin/provider.ts";
import { atLeast, numberOf, oneOf, stringOf } from "./inputs.ts";
import { opensshFormats } from "./openssh.ts";
import { readState } from "./stateOnly.ts";

const generateKeyPair: {
    (type: "rsa", options: { modulusLength: number }): Promise<KeyPairKeyObjectResult>;
    (type: "ec", options: { namedCurve: string }): Promise<KeyPairKeyObjectResult>;
    (type: "ed25519"): Promise<KeyPairKeyObjectResult>;
} = promisify(generateKeyPairWithCallback);

/** OpenSSL's names of the curves that the official provider offers. */
const CURVES: Readonly<Record<string, string>> = {
    P224: "secp224r1",
    P256: "prime256v1",
    P384: "secp384r1",
    P521: "secp521r1",
};

/** The official provider's defaults, written into the state for every algorithm. */
const DEFAULT_CURVE = "P224";
const DEFAULT_RSA_BITS = 2048;

export const privateKey: ResourceHandler = {
    computed: [
        "privateKeyOpenssh",
        "privateKeyPem",
        "privateKeyPemPkcs8",
        "publicKeyFingerprintMd5",
        "publicKeyFingerprintSha256",
        "publicKeyOpenssh",
        "publicKeyPem",
    ],
    secrets: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
    replaceOnChange: ["*"],
    check: ({ inputs }) => ({
        inputs,
        failures: [
            ...oneOf(inputs, "algorithm", ["RSA", "ECDSA", "ED25519"]),
            ...oneOf(inputs, "ecdsaCurve", Object.keys(CURVES)),
            ...atLeast(inputs, "rsaBits", 1024),
        ],
    }),
    create: async ({ inputs }) => {
        const { privateKey, publicKey } = await generate(inputs);
        const id = createHash("sha1")
            .update(publicKey.export({ type: "spki", format: "der" }))
            .digest("hex");
        return {
            id,
            outputs: {
                algorithm: stringOf(inputs, "algorithm"),
                ecdsaCurve: stringOf(inputs, "ecdsaCurve") || DEFAULT_CURVE,
                rsaBits: numberOf(inputs, "rsaBits", DEFAULT_RSA_BITS),
                id,
                privateKeyPem: traditionalPem(privateKey),
                privateKeyPemPkcs8: pem(privateKey, "pkcs8"),
                publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
                ...opensshFormats(privateKey),
            },
        };
    },
    read: readState,
    delete: async () => undefined,
};

function generate(inputs: PropertyMap): Promise<KeyPairKeyObjectResult> {
    switch (inputs.algorithm) {
        case "RSA":
            return generateKeyPair("rsa", { modulusLength: numberOf(inputs, "rsaBits", DEFAULT_RSA_BITS) });
        case "ECDSA":
            return generateKeyPair("ec", {
                namedCurve: CURVES[stringOf(inputs, "ecdsaCurve") || DEFAULT_CURVE] ?? DEFAULT_CURVE,
            });
        default:
            return generateKeyPair("ed25519");
    }
}

/** PKCS #1 for RSA, SEC 1 for ECDSA; there is only PKCS #8 for Ed25519. */
function traditionalPem(key: KeyObject): string {
    const formats = { rsa: "pkcs1", ec: "sec1" } as const;
    return pem(
        key,
        key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "ec" ? formats[key.asymmetricKeyType] : "pkcs8",
    );
}

function pem(key: KeyObject, type: "pkcs1" | "sec1" | "pkcs8"): string {
    return key.export({ type, format: "pem" }).toString();
}

/** The algorithm's name as the official provider writes it, for `keyAlgorithm` and `caKeyAlgorithm`. */
export function algorithmOf(key: KeyObject): string {
    const names: Readonly<Record<string, string>> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };
    const type = key.asymmetricKeyType ?? "";
    return names[type] ?? type;
}
