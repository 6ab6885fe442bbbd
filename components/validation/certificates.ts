const DNS_NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Says what is wrong with a PEM certificate, or nothing. Only its frame is looked at. */
export function certificateProblem(pem: string): string | undefined {
    const framed = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem);
    return framed ? undefined : 'is not a PEM certificate. Give the text from "-----BEGIN CERTIFICATE-----" on.';
}

/** Says what is wrong with a PEM private key, or nothing. Only its frame is looked at, and the key is never quoted. */
export function privateKeyProblem(pem: string): string | undefined {
    if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
        return "is a private key with a passphrase. Give it without one; it is kept encrypted in the state.";
    }
    const framed = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+-----END ([A-Z]+ )?PRIVATE KEY-----/.test(pem);
    return framed ? undefined : 'is not a PEM private key. Give the text from "-----BEGIN … PRIVATE KEY-----" on.';
}

/** Says what is wrong with a name inside a network or a certificate, or nothing. A single label and a wildcard first label are fine. */
export function dnsNameProblem(name: string): string | undefined {
    const quoted = JSON.stringify(name);
    if (name !== name.toLowerCase())
        return `${quoted} has upper-case letters. Write ${JSON.stringify(name.toLowerCase())}.`;
    if (DNS_NAME.test(name) && name.length <= 253) return undefined;
    return `${quoted} is not a host name. Write one such as "traefik" or "*.internal.example.com".`;
}

/** Says what is wrong with a URI in a certificate, or nothing. */
export function uriProblem(uri: string): string | undefined {
    const url = URL.parse(uri);
    if (url !== null && url.host !== "") return undefined;
    return `${JSON.stringify(uri)} is not a URI with a scheme and a host. Write one such as "spiffe://example.com/orders".`;
}

/** Says what is wrong with a part of a certificate's subject, or nothing. RFC 5280 allows 64 characters. */
export function subjectProblem(text: string): string | undefined {
    if (text.trim() === "") return "is empty. Write a name, or leave it out.";
    return text.length <= 64 ? undefined : `has ${text.length} characters. Write at most 64.`;
}
