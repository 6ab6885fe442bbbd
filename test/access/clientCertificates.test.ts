import { describe, expect, it } from "vitest";
import type { ClientCertificateAuthority } from "../../emulator/accessDirectory.ts";
import { verifyClientCertificate } from "../../emulator/edge/access/session/clientCertificates.ts";
import { type Issued, issue } from "./support/clientCertificates.ts";

const now = new Date("2026-06-01T00:00:00Z");
const hostname = "app.example.com";

const der = ({ certificate }: Issued) => new Uint8Array(certificate.rawData);

function verify(
    root: Issued,
    leaf: Issued,
    issuers: readonly Issued[] = [],
    hostnames: readonly string[] = [hostname],
) {
    const authority: ClientCertificateAuthority = {
        ...{ id: "1", name: "devices", certificate: root.certificate.toString("pem"), associated_hostnames: hostnames },
        ...{ fingerprint: "", expires_on: "", created_at: "", updated_at: "" },
    };
    const directory = { clientCertificateAuthorities: () => [authority] };
    return verifyClientCertificate(directory, hostname, { raw: der(leaf), issuers: issuers.map(der) }, now);
}

describe("a client certificate", () => {
    it("counts when an authority of the hostname issued it, itself or through others", async () => {
        const root = await issue("root", { ca: true });
        const between = await issue("between", { issuer: root, ca: true });
        expect(verify(root, await issue("laptop-1", { issuer: root }))).toEqual({ commonName: "laptop-1" });
        expect(verify(root, await issue("laptop-2", { issuer: between }), [between])).toEqual({
            commonName: "laptop-2",
        });
    });

    it.each<[string, (root: Issued) => Promise<Parameters<typeof verify>>]>([
        [
            "of another authority",
            async (root) => [root, await issue("a", { issuer: await issue("root", { ca: true }) })],
        ],
        ["of its own making", async (root) => [root, await issue("root")]],
        ["that is over", async (root) => [root, await issue("a", { issuer: root, notAfter: "2026-05-31T00:00:00Z" })]],
        ["for another hostname", async (root) => [root, await issue("a", { issuer: root }), [], ["b.example.com"]]],
        ["that is the authority's own", async (root) => [root, root]],
        [
            "that a mere client certificate signed",
            async (root) => {
                const client = await issue("client", { issuer: root });
                return [root, await issue("a", { issuer: client }), [client]];
            },
        ],
        [
            "whose issuer is over",
            async (root) => {
                const between = await issue("between", { issuer: root, ca: true, notAfter: "2026-05-31T00:00:00Z" });
                return [root, await issue("a", { issuer: between }), [between]];
            },
        ],
    ])("%s does not count", async (_, make) => {
        expect(verify(...(await make(await issue("root", { ca: true }))))).toBeUndefined();
    });

    it("that is none does not count, and does no harm", async () => {
        const root = await issue("root", { ca: true });
        const directory = { clientCertificateAuthorities: () => [] };
        const raw = new Uint8Array([1, 2, 3]);
        expect(verifyClientCertificate(directory, hostname, { raw, issuers: [] }, now)).toBeUndefined();
        expect(verify(root, await issue("a", { issuer: root }), Array(20).fill(root))).toEqual({ commonName: "a" });
    });
});
