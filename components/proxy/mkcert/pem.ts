const LINE = 64;

/** The binary form of the first certificate in a PEM text. */
export function certificateDer(pem: string): Uint8Array<ArrayBuffer> {
    const [first = ""] = certificatesIn(pem);
    return new Uint8Array(Buffer.from(first.replaceAll(/-----[A-Z ]+-----/g, ""), "base64"));
}

/** The certificates in a PEM text, each as a text of its own with a line end. */
export function certificatesIn(pem: string): string[] {
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    return blocks.map((block) => `${block}\n`);
}

/** A certificate's text (RFC 7468). */
export function toPem(der: Uint8Array): string {
    const lines =
        Buffer.from(der)
            .toString("base64")
            .match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
    return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
