import type { OctetString } from "asn1js";
import { Certificate, type GeneralName, NameConstraints } from "pkijs";
import type { Problem } from "../../internal/problems.ts";
import { certificateDer } from "./pem.ts";
import { addressBytes, type CertificateNames, ExtensionId, NameKind } from "./subjectNames.ts";

/**
 * The names that an authority's certificate does not let it certify (RFC 5280, section 4.2.1.10), by path: whoever verifies would refuse the certificate.
 */
export function constraintViolations(caCertPem: string, names: CertificateNames): Problem[] {
    const constraints = constraintsIn(caCertPem);
    if (constraints === undefined) return [];
    const check = (
        list: keyof CertificateNames,
        kind: NameKind,
        isWithin: (name: string, base: GeneralName) => boolean,
    ) => {
        const bases = (subtrees: NameConstraints["permittedSubtrees"] = []) =>
            subtrees.map(({ base }) => base).filter(({ type }) => type === kind);
        const permitted = bases(constraints.permittedSubtrees);
        const excluded = bases(constraints.excludedSubtrees);
        return names[list].flatMap((name, index) => {
            const isPermitted = permitted.length === 0 || permitted.some((base) => isWithin(name, base));
            if (isPermitted && !excluded.some((base) => isWithin(name, base))) return [];
            const reason = `${JSON.stringify(name)} is not among the names that the authority may certify. Write one that is, or permit it there.`;
            return [{ path: `${list}[${index}]`, reason }];
        });
    };
    return [
        ...check("dnsNames", NameKind.Dns, (name, { value }) => isBelow(name, value)),
        ...check("emailAddresses", NameKind.Email, (email, { value }) => isMailbox(email, value)),
        ...check("ipAddresses", NameKind.Ip, (address, { value }) => isInRange(address, value)),
        ...check("uris", NameKind.Uri, (uri, { value }) => isHost(new URL(uri).hostname, value)),
    ];
}

function constraintsIn(certPem: string): NameConstraints | undefined {
    const { extensions = [] } = Certificate.fromBER(certificateDer(certPem));
    const extension = extensions.find(({ extnID }) => extnID === ExtensionId.NameConstraints);
    return extension && NameConstraints.fromBER(extension.extnValue.valueBlock.valueHexView);
}

/** A domain covers itself and all names below it; an empty one covers every name. */
function isBelow(name: string, domain: string): boolean {
    const [lower, base] = [name.toLowerCase(), domain.toLowerCase()];
    return base === "" || lower === base || lower.endsWith(base.startsWith(".") ? base : `.${base}`);
}

/** A whole mailbox, a host's every mailbox, or, with a leading dot, those of all hosts below a domain. */
function isMailbox(email: string, base: string): boolean {
    if (base.includes("@")) return email.toLowerCase() === base.toLowerCase();
    return isHost(email.slice(email.lastIndexOf("@") + 1), base);
}

/** One host, or, with a leading dot, all hosts below a domain. */
function isHost(host: string, base: string): boolean {
    return base.startsWith(".") ? isBelow(host, base) : host.toLowerCase() === base.toLowerCase();
}

/** An address in a range, which has as many bytes for its mask as for its network. */
function isInRange(address: string, range: OctetString): boolean {
    const bytes = addressBytes(address);
    const base = [...range.valueBlock.valueHexView];
    if (base.length !== bytes.length * 2) return false;
    return bytes.every((byte, index) => (byte & (base[bytes.length + index] ?? 0)) === base[index]);
}
