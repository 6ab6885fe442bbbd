import { X509Certificate } from "node:crypto";

/** Each certificate of a PEM text, in its order. @throws Error where a text cannot be read. */
export function certificatesOf(pem: string): X509Certificate[] {
    const texts = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    return texts.map((text) => new X509Certificate(text));
}
