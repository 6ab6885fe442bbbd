import { createPrivateKey, X509Certificate } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { certificatesIn } from "./pem.ts";
import { signingKeyProblem } from "./signature.ts";

/** An authority that is there already, such as the folder that `mkcert -CAROOT` names. */
export interface ExistingAuthority {
    /** Its certificate, in PEM: `rootCA.pem`. */
    certPem: pulumi.Input<string>;
    /** Its private key, in PEM and without a passphrase: `rootCA-key.pem`. It is kept in the state, encrypted. */
    privateKeyPem: pulumi.Input<string>;
}

/** Why an authority that is there already cannot be taken over: the property and the reason; nothing where it can. */
export function existingProblem(
    certPem: string,
    privateKeyPem: string,
    now: Date,
): { property: "certPem" | "privateKeyPem"; reason: string } | undefined {
    const certificate = readCertificate(certPem);
    if (certificate === undefined) {
        return {
            property: "certPem",
            reason: 'cannot be read. Give the text of one certificate, such as "rootCA.pem".',
        };
    }
    if (!certificate.ca) {
        return { property: "certPem", reason: "is no authority's certificate. Give the root's, not a server's." };
    }
    const end = new Date(certificate.validTo);
    if (end.getTime() <= now.getTime()) {
        const day = end.toISOString().slice(0, 10);
        return { property: "certPem", reason: `ended on ${day}. Leave "existing" out: a new authority is made.` };
    }
    const reason = signingKeyProblem(privateKeyPem);
    if (reason !== undefined) return { property: "privateKeyPem", reason };
    if (!certificate.checkPrivateKey(createPrivateKey(privateKeyPem))) {
        return { property: "privateKeyPem", reason: "belongs to another certificate. Give both of one authority." };
    }
    return undefined;
}

function readCertificate(pem: string): X509Certificate | undefined {
    const [first, ...more] = certificatesIn(pem);
    if (first === undefined || more.length > 0) return undefined;
    try {
        return new X509Certificate(first);
    } catch {
        return undefined;
    }
}
