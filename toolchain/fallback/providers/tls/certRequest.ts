/** CertRequest: a PKCS #10 request. */
import { createHash } from "node:crypto";
import type { ResourceHandler } from "../../plugin/provider.ts";
import { stringOf, subjectNames } from "./inputs.ts";
import { algorithmOf } from "./privateKey.ts";
import { loadX509, privateKeyOf, publicKeyOf, signerOf } from "./signing.ts";
import { readState } from "./stateOnly.ts";
import { alternativeNamesOf, subjectOf } from "./subject.ts";

export const certRequest: ResourceHandler = {
    computed: ["certRequestPem", "keyAlgorithm"],
    secrets: ["privateKeyPem"],
    replaceOnChange: ["*"],
    check: ({ inputs }) => ({ inputs, failures: subjectNames(inputs) }),
    create: async ({ inputs }) => {
        const x509 = await loadX509();
        const privateKey = privateKeyOf(stringOf(inputs, "privateKeyPem"), "privateKeyPem");
        const { key, algorithm } = signerOf(privateKey);
        const names = alternativeNamesOf(inputs);
        const request = await x509.Pkcs10CertificateRequestGenerator.create({
            name: subjectOf(inputs),
            keys: { privateKey: key, publicKey: await importPublicKey(publicKeyOf(privateKey), key.algorithm) },
            signingAlgorithm: algorithm,
            extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
        });
        const id = createHash("sha1").update(new Uint8Array(request.rawData)).digest("hex");
        const certRequestPem = `${request.toString("pem")}\n`;
        return { id, outputs: { ...inputs, id, certRequestPem, keyAlgorithm: algorithmOf(privateKey) } };
    },
    read: readState,
    delete: async () => undefined,
};

function importPublicKey(spki: Uint8Array<ArrayBuffer>, algorithm: Parameters<typeof crypto.subtle.importKey>[2]) {
    return crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]);
}
