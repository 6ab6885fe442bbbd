import type { CertificateNames } from "./subjectNames.ts";

/** X.520's bound of a common name. */
const MAX_COMMON_NAME = 64;

/** Where mkcert takes the common name from: IIS shows no other in its list of PKCS #12 files. */
export function commonNameOf({ dnsNames, ipAddresses, uris, emailAddresses }: CertificateNames): string {
    const [first = ""] = [...dnsNames, ...ipAddresses, ...emailAddresses, ...uris];
    return first.slice(0, MAX_COMMON_NAME);
}

/**
 * The names as the `tls` provider takes them. It knows no e-mail addresses: as URIs they make the preview show that a certificate is made anew, and
 * the finished certificate has them as what they are. An empty list is left out: the provider reads it back as none.
 */
export function requestedNames({ dnsNames, ipAddresses, uris, emailAddresses }: CertificateNames) {
    const allUris = [...uris, ...emailAddresses.map((email) => `mailto:${email}`)];
    return {
        ...(dnsNames.length === 0 ? {} : { dnsNames: [...dnsNames] }),
        ...(ipAddresses.length === 0 ? {} : { ipAddresses: [...ipAddresses] }),
        ...(allUris.length === 0 ? {} : { uris: allUris }),
    };
}

/** As mkcert has it: servers are known by host names, addresses and URIs, people by e-mail addresses. */
export function usesOf(
    { dnsNames, ipAddresses, uris, emailAddresses }: CertificateNames,
    clientAuth: boolean,
): string[] {
    const isServer = dnsNames.length + ipAddresses.length + uris.length > 0;
    return [
        "digital_signature",
        "key_encipherment",
        ...(clientAuth ? ["client_auth"] : []),
        ...(isServer ? ["server_auth"] : []),
        ...(emailAddresses.length > 0 ? ["email_protection"] : []),
    ];
}
