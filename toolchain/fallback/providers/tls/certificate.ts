/** SelfSignedCert and LocallySignedCert: certificates, with the profile of the official provider. */
import { randomBytes } from "node:crypto";
import type { Extension, JsonGeneralNames, JsonName, Name } from "@peculiar/x509";
import { diffInputs } from "../../plugin/diff.ts";
import type { CheckFailure, DiffRequest, DiffResult, PropertyMap, ResourceHandler } from "../../plugin/provider.ts";
import { atLeast, eachOneOf, numberOf, stringOf, stringsOf, subjectNames } from "./inputs.ts";
import { algorithmOf } from "./privateKey.ts";
import { loadX509, privateKeyOf, publicKeyOf, type Signer, signerOf } from "./signing.ts";
import { readState } from "./stateOnly.ts";
import { alternativeNamesOf, subjectOf } from "./subject.ts";
import { ALLOWED_USES, usagesOf } from "./usages.ts";

const HOUR_MS = 3_600_000;
const SERIAL_BYTES = 16;

/** Everything but `earlyRenewalHours`, which only says when to renew. */
const SHARED_REPLACING = ["allowedUses", "isCaCertificate", "maxPathLength", "setSubjectKeyId", "validityPeriodHours"];

const COMPUTED = ["certPem", "readyForRenewal", "validityEndTime", "validityStartTime"];

export const selfSignedCert: ResourceHandler = {
    computed: [...COMPUTED, "keyAlgorithm"],
    secrets: ["privateKeyPem"],
    check: ({ inputs }) => ({ inputs, failures: [...certificateFailures(inputs), ...subjectNames(inputs)] }),
    diff: (request) =>
        diffWithRenewal(request, [
            ...SHARED_REPLACING,
            "dnsNames",
            "ipAddresses",
            "privateKeyPem",
            "setAuthorityKeyId",
            "subject",
            "uris",
        ]),
    create: async ({ inputs }) => {
        const privateKey = privateKeyOf(stringOf(inputs, "privateKeyPem"), "privateKeyPem");
        const subject = subjectOf(inputs);
        const spki = publicKeyOf(privateKey);
        return issue(inputs, {
            subject,
            issuer: subject,
            spki,
            signer: signerOf(privateKey),
            alternativeNames: alternativeNamesOf(inputs),
            authorityKeyId: inputs.setAuthorityKeyId === true ? await keyIdentifier(spki) : undefined,
            outputs: { keyAlgorithm: algorithmOf(privateKey), setAuthorityKeyId: inputs.setAuthorityKeyId ?? false },
        });
    },
    read: readState,
    update: renewLater,
    delete: async () => undefined,
};

export const locallySignedCert: ResourceHandler = {
    computed: [...COMPUTED, "caKeyAlgorithm"],
    secrets: ["caPrivateKeyPem"],
    check: ({ inputs }) => ({ inputs, failures: certificateFailures(inputs) }),
    diff: (request) =>
        diffWithRenewal(request, [...SHARED_REPLACING, "caCertPem", "caPrivateKeyPem", "certRequestPem"]),
    create: async ({ inputs }) => {
        const x509 = await loadX509();
        const caKey = privateKeyOf(stringOf(inputs, "caPrivateKeyPem"), "caPrivateKeyPem");
        const authority = parse("caCertPem", inputs, (pem) => new x509.X509Certificate(pem));
        const request = parse("certRequestPem", inputs, (pem) => new x509.Pkcs10CertificateRequest(pem));
        if (!(await request.verify())) {
            throw new Error("'certRequestPem' does not carry a valid signature of its own key; make the request anew");
        }
        const names = request.extensions.find((extension) => extension instanceof x509.SubjectAlternativeNameExtension);
        const issuerKeyId = authority.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
        return issue(inputs, {
            // As they are encoded there: a chain is followed by comparing the bytes.
            subject: request.subjectName,
            issuer: authority.subjectName,
            spki: new Uint8Array(request.publicKey.rawData),
            signer: signerOf(caKey),
            alternativeNames: names?.names.toJSON().filter(({ type }) => type !== "email") ?? [],
            authorityKeyId: issuerKeyId,
            outputs: { caKeyAlgorithm: algorithmOf(caKey) },
        });
    },
    read: readState,
    update: renewLater,
    delete: async () => undefined,
};

function certificateFailures(inputs: PropertyMap): CheckFailure[] {
    return [
        ...eachOneOf(inputs, "allowedUses", ALLOWED_USES),
        ...atLeast(inputs, "earlyRenewalHours", 0),
        ...atLeast(inputs, "maxPathLength", -1),
        ...atLeast(inputs, "validityPeriodHours", 0),
    ];
}

function parse<T>(property: string, inputs: PropertyMap, read: (pem: string) => T): T {
    try {
        return read(stringOf(inputs, property));
    } catch {
        throw new Error(`'${property}' cannot be read; give it one in PEM`);
    }
}

interface Certificate {
    readonly subject: JsonName | Name;
    readonly issuer: JsonName | Name;
    /** SubjectPublicKeyInfo. */
    readonly spki: Uint8Array<ArrayBuffer>;
    readonly signer: Signer;
    readonly alternativeNames: JsonGeneralNames;
    /** Hexadecimal. */
    readonly authorityKeyId: string | undefined;
    readonly outputs: PropertyMap;
}

async function issue(inputs: PropertyMap, certificate: Certificate): Promise<{ id: string; outputs: PropertyMap }> {
    const { X509CertificateGenerator } = await loadX509();
    const { subject, issuer, spki, signer } = certificate;
    const serial = randomBytes(SERIAL_BYTES);
    const start = new Date();
    const end = new Date(start.getTime() + numberOf(inputs, "validityPeriodHours", 0) * HOUR_MS);
    const issued = await X509CertificateGenerator.create({
        serialNumber: serial.toString("hex"),
        subject,
        issuer,
        notBefore: start,
        notAfter: end,
        publicKey: spki,
        signingKey: signer.key,
        signingAlgorithm: signer.algorithm,
        extensions: await extensionsOf(inputs, certificate),
    });
    const id = BigInt(`0x${serial.toString("hex")}`).toString();
    return {
        id,
        outputs: withRenewal({
            isCaCertificate: false,
            setSubjectKeyId: false,
            earlyRenewalHours: 0,
            ...inputs,
            ...certificate.outputs,
            id,
            certPem: `${issued.toString("pem")}\n`,
            validityStartTime: start.toISOString(),
            validityEndTime: end.toISOString(),
        }),
    };
}

/** In the order in which Go writes them (crypto/x509 `buildCertExtensions`). */
async function extensionsOf(inputs: PropertyMap, certificate: Certificate): Promise<Extension[]> {
    const x509 = await loadX509();
    const { subject, spki, alternativeNames, authorityKeyId } = certificate;
    const usages = usagesOf(stringsOf(inputs, "allowedUses"));
    const isAuthority = inputs.isCaCertificate === true;
    // Zero, like an omitted length, leaves the constraint out: so the official provider writes it (measured with 5.6).
    const pathLength = isAuthority ? Math.max(numberOf(inputs, "maxPathLength", 0), 0) || undefined : undefined;
    return [
        ...(usages.key === 0 ? [] : [new x509.KeyUsagesExtension(usages.key, true)]),
        ...(usages.extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension([...usages.extended])]),
        new x509.BasicConstraintsExtension(isAuthority, pathLength, true),
        ...(isAuthority || inputs.setSubjectKeyId === true
            ? [new x509.SubjectKeyIdentifierExtension(await keyIdentifier(spki))]
            : []),
        ...(authorityKeyId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(authorityKeyId)]),
        // Critical where there is no subject to fall back on (RFC 5280, section 4.2.1.6).
        ...(alternativeNames.length === 0
            ? []
            : [new x509.SubjectAlternativeNameExtension(alternativeNames, isEmpty(subject))]),
    ];
}

function isEmpty(name: JsonName | Name): boolean {
    return (Array.isArray(name) ? name : name.toJSON()).length === 0;
}

/** SHA-1 of the public key's bits: RFC 5280, section 4.2.1.2, method 1. */
async function keyIdentifier(spki: Uint8Array<ArrayBuffer>): Promise<string> {
    const { PublicKey } = await loadX509();
    return Buffer.from(await new PublicKey(spki).getKeyIdentifier()).toString("hex");
}

/** Inside the last `earlyRenewalHours` of its life, and after it, a certificate is replaced by the next run. */
function isReadyForRenewal(outputs: PropertyMap): boolean {
    const end = Date.parse(stringOf(outputs, "validityEndTime"));
    return Date.now() > end - numberOf(outputs, "earlyRenewalHours", 0) * HOUR_MS;
}

function withRenewal(outputs: PropertyMap): PropertyMap {
    return { ...outputs, readyForRenewal: isReadyForRenewal(outputs) };
}

function diffWithRenewal(request: DiffRequest, replacing: readonly string[]): DiffResult {
    const { changes } = diffInputs(replacing, request);
    const earlyRenewalHours = numberOf(request.inputs, "earlyRenewalHours", 0);
    return isReadyForRenewal({ ...request.oldOutputs, earlyRenewalHours })
        ? { changes: { ...changes, readyForRenewal: { kind: "update", replaces: true, input: false } } }
        : { changes };
}

async function renewLater({
    inputs,
    oldOutputs,
}: {
    inputs: PropertyMap;
    oldOutputs: PropertyMap;
}): Promise<PropertyMap> {
    return withRenewal({ ...oldOutputs, earlyRenewalHours: numberOf(inputs, "earlyRenewalHours", 0) });
}
