import type { X509Certificate } from "node:crypto";
import { CommandError, Exit } from "../exit.ts";
import { certificatesOf } from "../tls/certificates.ts";

/** A certificate authority that this machine may come to trust. */
export interface Authority {
    readonly certificate: X509Certificate;
    /** SHA-256 of the certificate, 64 hexadecimal digits in lower case. */
    readonly fingerprint: string;
    /** Its common name, as trust stores show it. */
    readonly name: string;
    /** Whether its certificate holds it to some names (RFC 5280, section 4.2.1.10). */
    readonly isConstrained: boolean;
}

/** The object identifier of name constraints, 2.5.29.30, as it stands in a certificate. */
const NAME_CONSTRAINTS = Buffer.from("0603551d1e", "hex");

/**
 * The authorities in a PEM text.
 *
 * @param from Where the text is from, for messages.
 * @throws CommandError (exit 2) where it has none, or a certificate that is no authority's.
 */
export function authoritiesIn(pem: string, from: string): Authority[] {
    const authorities = certificatesOf(pem).map(toAuthority);
    const stranger = authorities.find(({ certificate }) => !certificate.ca);
    if (authorities.length === 0)
        throw new CommandError(Exit.usage, `${from} has no certificate in it`, "name a PEM file, such as rootCA.pem");
    if (stranger !== undefined) {
        const message = `${from} has the certificate of ${stranger.name}, which is no authority's`;
        throw new CommandError(Exit.usage, message, "name the authority's own, such as rootCA.pem");
    }
    return authorities;
}

function toAuthority(certificate: X509Certificate): Authority {
    return {
        certificate,
        fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
        name: /^CN=(.+)$/m.exec(certificate.subject)?.[1] ?? "an authority without a name",
        isConstrained: certificate.raw.includes(NAME_CONSTRAINTS),
    };
}
