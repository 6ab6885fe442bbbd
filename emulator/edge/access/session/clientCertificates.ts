import { X509Certificate } from "node:crypto";
import type { AccessDirectory, ClientCertificateAuthority } from "../../../accessDirectory.ts";
import type { ClientCertificate } from "../../accessGate.ts";

/** Longer chains are nobody's, and each link costs a signature check. */
const maximumChain = 5;

/**
 * Checks a client certificate against the authorities that the account trusts on a hostname.
 *
 * @returns its common name, or undefined when it is not theirs, or not in time.
 */
export function verifyClientCertificate(
    directory: Pick<AccessDirectory, "clientCertificateAuthorities">,
    hostname: string,
    { raw, issuers }: ClientCertificate,
    now: Date,
): { readonly commonName: string } | undefined {
    const roots = clientAuthoritiesOf(directory, hostname).map(({ certificate }) => new X509Certificate(certificate));
    try {
        const [leaf, ...between] = [raw, ...issuers.slice(0, maximumChain)].map(
            (der) => new X509Certificate(Buffer.from(der)),
        );
        if (leaf === undefined || leaf.ca || !leadsToRoot(leaf, between, roots, now)) {
            return undefined;
        }
        return { commonName: /^CN=(.*)$/m.exec(leaf.subject)?.[1] ?? "" };
    } catch {
        // Not a certificate that OpenSSL can read.
        return undefined;
    }
}

/** The authorities whose client certificates count on a hostname. */
export function clientAuthoritiesOf(
    directory: Pick<AccessDirectory, "clientCertificateAuthorities">,
    hostname: string,
): readonly ClientCertificateAuthority[] {
    return directory
        .clientCertificateAuthorities()
        .filter(({ associated_hostnames: hostnames }) => hostnames.includes(hostname));
}

function leadsToRoot(
    certificate: X509Certificate,
    between: readonly X509Certificate[],
    roots: readonly X509Certificate[],
    now: Date,
): boolean {
    if (!isInTime(certificate, now)) {
        return false;
    }
    if (roots.some((root) => isInTime(root, now) && isIssuedBy(certificate, root))) {
        return true;
    }
    return between.some(
        (issuer, i) =>
            issuer.ca && isIssuedBy(certificate, issuer) && leadsToRoot(issuer, between.slice(i + 1), roots, now),
    );
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isInTime({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
    return validFromDate <= now && now < validToDate;
}
