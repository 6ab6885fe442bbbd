import { generateKeyPairSync } from "node:crypto";
import { accountOrZoneLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { singlePage } from "../../http/paging.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { accessConflict, accessNotFound } from "./accessErrors.ts";
import { applications } from "./application.ts";

/** The SSH certificate authority of one application. The row's id is the application's: there is one or none. */
export interface ShortLivedCertificate {
    readonly id: string;
    readonly certificateId: string;
    readonly aud: string;
    readonly public_key: string;
    /** PKCS#8 in PEM: what user certificates are signed with. */
    readonly privateKey: string;
}

export const shortLivedCertificates = defineTable<ShortLivedCertificate>("accessShortLivedCertificates");

const path = "/access/apps/:app_id/ca";

export const shortLivedCertificateEndpoints: readonly Endpoint[] = [
    ...endpoints(accountOrZoneLevel, "GET", "/access/apps/ca", (request) =>
        request.page(request.table(shortLivedCertificates).all(), singlePage, viewOf),
    ),
    ...endpoints(accountOrZoneLevel, "POST", path, (request) => {
        const application = request.table(applications).get(request.param("app_id"));
        if (application === undefined) {
            throw accessNotFound();
        }
        const table = request.table(shortLivedCertificates);
        if (table.get(application.id) !== undefined) {
            throw accessConflict("the application already has a certificate authority");
        }
        const keys = newSshKeys();
        return {
            result: viewOf(table.put({ id: application.id, certificateId: newUuid(), aud: application.aud, ...keys })),
        };
    }),
    ...endpoints(accountOrZoneLevel, "GET", path, (request) => {
        const found = request.table(shortLivedCertificates).get(request.param("app_id"));
        if (found === undefined) {
            throw accessNotFound();
        }
        return { result: viewOf(found) };
    }),
    ...endpoints(accountOrZoneLevel, "DELETE", path, (request) => {
        const table = request.table(shortLivedCertificates);
        const found = table.get(request.param("app_id"));
        if (found === undefined) {
            throw accessNotFound();
        }
        table.delete(found.id);
        return { result: { id: found.certificateId } };
    }),
];

function viewOf({ certificateId, aud, public_key }: ShortLivedCertificate): unknown {
    return { id: certificateId, aud, public_key };
}

/** A P-256 key pair, the public half as OpenSSH writes it (RFC 5656, section 3.1). */
function newSshKeys(): Pick<ShortLivedCertificate, "public_key" | "privateKey"> {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
    const fields = [Buffer.from("ecdsa-sha2-nistp256"), Buffer.from("nistp256"), point].flatMap((field) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(field.length);
        return [length, field];
    });
    const encoded = Buffer.concat(fields).toString("base64");
    return {
        public_key: `ecdsa-sha2-nistp256 ${encoded} open-ssh-ca@cloudflareaccess.org`,
        privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    };
}
