import { createHash, createPrivateKey } from "node:crypto";
import { BitString, Integer } from "asn1js";
import { BasicConstraints, Certificate, Extension } from "pkijs";
import { nameConstraintsOf } from "./nameConstraints.ts";
import { certificateDer, toPem } from "./pem.ts";
import type { PermittedNames } from "./permittedNames.ts";
import { signDeterministically } from "./signature.ts";
import { type CertificateNames, ExtensionId, subjectAlternativeNames } from "./subjectNames.ts";

/** As long as mkcert's. The first two bits are set to 01: positive, and never shorter. */
const SERIAL_BYTES = 16;

/**
 * Makes mkcert's root out of the `tls` provider's, which cannot say all of it: `pathlen:0`, and the names that the authority may certify.
 * Key, subject and dates stay, so the provider goes on telling when it is renewed.
 *
 * @param keyPem The authority's own key, which signs again.
 */
export function finishRoot(certPem: string, keyPem: string, permitted: PermittedNames | undefined): string {
    const constraints = new BasicConstraints({ cA: true, pathLenConstraint: 0 });
    return reissue(certPem, keyPem, (extensions) => [
        ...extensions.map((extension) =>
            extension.extnID === ExtensionId.BasicConstraints
                ? newExtension(ExtensionId.BasicConstraints, true, constraints)
                : extension,
        ),
        // Critical, so that who does not understand it trusts nothing (RFC 5280, section 4.2.1.10).
        ...(permitted === undefined
            ? []
            : [newExtension(ExtensionId.NameConstraints, true, nameConstraintsOf(permitted))]),
    ]);
}

/**
 * Makes mkcert's leaf out of the `tls` provider's: with e-mail names, and without `CA:FALSE`, which is what a certificate is that says nothing.
 *
 * @param keyPem The authority's key.
 */
export function finishLeaf(certPem: string, keyPem: string, names: CertificateNames): string {
    const kept = ({ extnID }: Extension) =>
        extnID !== ExtensionId.BasicConstraints && extnID !== ExtensionId.SubjectAlternativeName;
    return reissue(certPem, keyPem, (extensions) => [
        ...extensions.filter(kept),
        newExtension(ExtensionId.SubjectAlternativeName, false, subjectAlternativeNames(names)),
    ]);
}

function newExtension(extnID: string, critical: boolean, value: { toSchema(): { toBER(): ArrayBuffer } }): Extension {
    return new Extension({ extnID, critical, extnValue: value.toSchema().toBER() });
}

/** The same certificate with other extensions. Its serial number follows from all that it says, so that no two certificates share one. */
function reissue(certPem: string, keyPem: string, change: (extensions: Extension[]) => Extension[]): string {
    const der = certificateDer(certPem);
    const certificate = Certificate.fromBER(der);
    certificate.extensions = change(certificate.extensions ?? []);
    const serial = createHash("sha256")
        .update(der)
        .update(new Uint8Array(certificate.encodeTBS().toBER()))
        .digest()
        .subarray(0, SERIAL_BYTES);
    serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
    certificate.serialNumber = new Integer({ valueHex: new Uint8Array(serial).buffer });
    const signature = signDeterministically(createPrivateKey(keyPem), new Uint8Array(certificate.encodeTBS().toBER()));
    certificate.signatureValue = new BitString({ valueHex: signature.buffer });
    return toPem(new Uint8Array(certificate.toSchema(true).toBER()));
}
