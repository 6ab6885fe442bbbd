import { OctetString } from "asn1js";
import ipaddr from "ipaddr.js";
import { GeneralName, GeneralNames } from "pkijs";

/** What a certificate is good for. */
export interface CertificateNames {
    readonly dnsNames: readonly string[];
    readonly emailAddresses: readonly string[];
    readonly ipAddresses: readonly string[];
    readonly uris: readonly string[];
}

/** Object identifiers of extensions (RFC 5280, section 4.2.1). */
export const ExtensionId = {
    SubjectAlternativeName: "2.5.29.17",
    BasicConstraints: "2.5.29.19",
    NameConstraints: "2.5.29.30",
} as const;

/** Kinds of name in a certificate, by their tag (RFC 5280, section 4.2.1.6). */
export const NameKind = { Email: 1, Dns: 2, Uri: 6, Ip: 7 } as const;
export type NameKind = (typeof NameKind)[keyof typeof NameKind];

/** The names in the order in which Go, and so mkcert, writes them (crypto/x509 `marshalSANs`). */
export function subjectAlternativeNames(names: CertificateNames): GeneralNames {
    const { dnsNames, emailAddresses, ipAddresses, uris } = names;
    return new GeneralNames({
        names: [
            ...dnsNames.map((value) => new GeneralName({ type: NameKind.Dns, value })),
            ...emailAddresses.map((value) => new GeneralName({ type: NameKind.Email, value })),
            ...ipAddresses.map((value) => ipName(addressBytes(value))),
            ...uris.map((value) => new GeneralName({ type: NameKind.Uri, value })),
        ],
    });
}

/** An address, or an address with its mask. */
export function ipName(bytes: readonly number[]): GeneralName {
    return new GeneralName({
        type: NameKind.Ip,
        value: new OctetString({ valueHex: Uint8Array.from(bytes).buffer }),
    });
}

export function addressBytes(address: string): number[] {
    return ipaddr.parse(address).toByteArray();
}
