import { createHash, X509Certificate } from "node:crypto";
import { z } from "zod";
import { collection } from "../../http/collection.ts";
import { accountOrZoneLevel, type Endpoint } from "../../http/endpoint.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { accessConflict, accessNotFound, accessQuota, invalidAccessRequest } from "./accessErrors.ts";

/** A certificate authority whose client certificates Access accepts on the associated hostnames. */
export interface ClientCertificateAuthority {
    readonly id: string;
    readonly name: string;
    readonly certificate: string;
    readonly associated_hostnames: readonly string[];
    readonly fingerprint: string;
    readonly expires_on: string;
    readonly created_at: string;
    readonly updated_at: string;
}

export const certificates = defineTable<ClientCertificateAuthority>("accessCertificates");

const pem = z.string().transform((text, context) => {
    try {
        return { text, certificate: new X509Certificate(text) };
    } catch {
        context.addIssue({ code: "custom", message: "is not a certificate in PEM form" });
        return z.NEVER;
    }
});
const creation = z.strictObject({
    name: z.string().min(1).max(350),
    certificate: pem,
    associated_hostnames: z.array(z.string()).default([]),
});
const change = z.strictObject({
    name: z.string().min(1).max(350).optional(),
    // Left out means none: this is how clients detach a certificate before they delete it.
    associated_hostnames: z.array(z.string()).default([]),
});

/** Certificate authorities for mutual TLS. One that is still associated with a hostname cannot be deleted. */
export const accessCertificateEndpoints: readonly Endpoint[] = collection<ClientCertificateAuthority>({
    table: certificates,
    at: accountOrZoneLevel,
    path: "/access/certificates",
    idParam: ":certificate_id",
    pageSizes: { default: 25, max: 1000 },
    notFound: accessNotFound,
    quota: { limit: 50, exceeded: accessQuota("certificates") },
    create: (request) => {
        const { name, certificate, associated_hostnames } = request.body(creation, invalidAccessRequest);
        const now = request.now();
        return {
            id: newUuid(),
            name,
            certificate: certificate.text,
            associated_hostnames,
            fingerprint: fingerprintOf(certificate.certificate),
            expires_on: new Date(certificate.certificate.validTo).toISOString(),
            created_at: now,
            updated_at: now,
        };
    },
    update: (request, current) => ({
        ...current,
        ...request.body(change, invalidAccessRequest),
        updated_at: request.now(),
    }),
    beforeDelete: (_request, { associated_hostnames: hostnames }) => {
        if (hostnames.length > 0) {
            throw accessConflict("certificate has active associations");
        }
    },
});

/** As the API writes it: the MD5 of the DER form, as an identifier only. */
function fingerprintOf(certificate: X509Certificate): string {
    const digest = createHash("md5").update(certificate.raw).digest("hex").toUpperCase();
    return `MD5 Fingerprint=${digest.replaceAll(/(..)(?=.)/g, "$1:")}`;
}
