import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** What two certificates of one profile have in common, whatever their names, keys and dates. */
export interface CertificateFields {
    version: number;
    subjectKinds: string[];
    issuerKinds: string[];
    organization: string;
    validityDays: number;
    signatureAlgorithm: string;
    keyAlgorithm: string;
    /** Object identifier and criticality of each extension, sorted. */
    extensions: string[];
    keyUsage: number | undefined;
    extendedKeyUsage: string[];
    basicConstraints: string | undefined;
    nameKinds: string[];
}

export function fieldsOf(pem: string): CertificateFields {
    const certificate = new x509.X509Certificate(pem);
    const subject = certificate.subjectName.toJSON();
    const kinds = (name: x509.Name) => name.toJSON().flatMap((part) => Object.keys(part));
    const constraints = certificate.getExtension(x509.BasicConstraintsExtension);
    const names = certificate.getExtension(x509.SubjectAlternativeNameExtension);
    const key = certificate.publicKey.algorithm as { name: string; modulusLength?: number; namedCurve?: string };
    return {
        version: 3,
        subjectKinds: kinds(certificate.subjectName),
        issuerKinds: kinds(certificate.issuerName),
        organization: subject.flatMap((part) => part.O ?? []).join(),
        validityDays: Math.round((certificate.notAfter.getTime() - certificate.notBefore.getTime()) / 86_400_000),
        signatureAlgorithm: JSON.stringify(certificate.signatureAlgorithm),
        keyAlgorithm: `${key.name} ${key.modulusLength ?? key.namedCurve}`,
        extensions: certificate.extensions.map(({ type, critical }) => `${type}${critical ? " critical" : ""}`).sort(),
        keyUsage: certificate.getExtension(x509.KeyUsagesExtension)?.usages,
        extendedKeyUsage: (certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? []).map(String),
        basicConstraints: constraints === null ? undefined : `CA:${constraints.ca}, pathlen:${constraints.pathLength}`,
        nameKinds: [...new Set((names?.names.toJSON() ?? []).map(({ type }) => type))].sort(),
    };
}
