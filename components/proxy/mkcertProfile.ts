import * as pulumi from "@pulumi/pulumi";
import type { PrivateKeyArgs } from "@pulumi/tls/privateKey.js";

/** Kinds of key that mkcert makes. */
export const CertificateKeyAlgorithm = { Rsa: "RSA", Ecdsa: "ECDSA" } as const;
export type CertificateKeyAlgorithm = (typeof CertificateKeyAlgorithm)[keyof typeof CertificateKeyAlgorithm];

/**
 * Two years and three months: 821 days, in the middle of the 819 to 823 that mkcert's calendar months come to. Always less
 * than the 825 that Apple's systems accept from any authority (support.apple.com/en-us/HT210176).
 */
export const LEAF_HOURS = 821 * 24;

/** A leaf is made anew by the first deployment within its last 30 days. */
export const LEAF_RENEWAL_HOURS = 30 * 24;

/** The key of a certificate: RSA of the given size, or ECDSA on P-256. */
export function keySettings(algorithm: CertificateKeyAlgorithm = "RSA", rsaBits: number): PrivateKeyArgs {
    return algorithm === "RSA" ? { algorithm, rsaBits } : { algorithm, ecdsaCurve: "P256" };
}

/** Where mkcert writes who made a certificate, `user@host`. */
export function stackUnit(): string {
    return `${pulumi.getStack()}@${pulumi.getProject()}`.slice(0, 57);
}

/**
 * A certificate that the `tls` provider made, with what it cannot write: it keeps the dates and says when to renew, `finish` gives the certificate that
 * is used. The key takes part in it and does not come out: what `apply` would call a secret is public.
 */
export function finished(
    certPem: pulumi.Output<string>,
    signingKeyPem: pulumi.Output<string>,
    finish: (certPem: string, signingKeyPem: string) => Promise<string>,
): pulumi.Output<string> {
    return pulumi.unsecret(pulumi.all([certPem, signingKeyPem]).apply(([drafted, keyPem]) => finish(drafted, keyPem)));
}

/** Says what is wrong with the time before its end at which a certificate is made anew, or nothing. */
export function renewalProblem(hours: number): string | undefined {
    const fits = Number.isInteger(hours) && hours >= 0 && hours < LEAF_HOURS;
    if (fits) return undefined;
    return `${hours} is not within the certificate's life of ${LEAF_HOURS} hours. Write a whole number of hours, such as 720.`;
}
