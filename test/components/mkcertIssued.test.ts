/** Certificates as programs meet them: real keys, real handshakes. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createSecureContext, createServer } from "node:tls";
import { PFX } from "pkijs";
import { beforeAll, describe, expect, it } from "vitest";
import type { MkcertCAArgs } from "../../components/index.ts";
import { finishLeaf, finishRoot } from "../../components/proxy/mkcert/issue.ts";
import { certificatesIn } from "../../components/proxy/mkcert/pem.ts";
import { toPkcs12 } from "../../components/proxy/mkcert/pkcs12.ts";
import { problemsOf } from "../support/mocks.ts";
import { realPem } from "../support/pems.ts";
import { type Issued, issue } from "./support/issuedCertificates.ts";
import { certificateState } from "./support/tlsProvider.ts";

const ECDSA = { algorithm: "ECDSA" } as const;
const NAMES = {
    dnsNames: ["traefik", "*.internal"],
    ipAddresses: ["10.0.0.5", "fd00::5"],
    emailAddresses: ["ada@example.com"],
    uris: ["spiffe://example.com/orders"],
};

/** What an authority that may not certify a name says of it, by path. */
async function refusals(ca: MkcertCAArgs, leaf: Partial<typeof NAMES>): Promise<string[]> {
    const failure: unknown = await issue({ ...ECDSA, ...ca }, { ...ECDSA, ...leaf }).catch((error) => error);
    return Object.keys(problemsOf(failure));
}

/** Whether a client that trusts `trustBundlePem` gets through to a server with that certificate. */
async function handshake(server: Issued, { trustBundlePem }: Pick<Issued, "trustBundlePem">): Promise<boolean> {
    const listening = createServer({ cert: server.chainPem, key: server.keyPem }).listen(0, "127.0.0.1");
    listening.on("tlsClientError", () => {});
    await once(listening, "listening");
    const { port } = listening.address() as AddressInfo;
    const socket = connect({ host: "127.0.0.1", port, servername: "traefik", ca: trustBundlePem });
    try {
        return await once(socket, "secureConnect").then(
            () => true,
            () => false,
        );
    } finally {
        socket.destroy();
        listening.close();
    }
}

describe("a certificate", () => {
    let issued: Issued;
    beforeAll(async () => {
        issued = await issue(ECDSA, { ...ECDSA, ...NAMES, clientAuth: true, pkcs12Password: "correct horse" });
    });

    it("carries every kind of name that mkcert takes, signed by its authority", () => {
        const leaf = new X509Certificate(issued.certPem);
        expect(leaf.subjectAltName).toBe(
            "DNS:traefik, DNS:*.internal, email:ada@example.com, IP Address:10.0.0.5, IP Address:FD00:0:0:0:0:0:0:5, URI:spiffe://example.com/orders",
        );
        expect(leaf.verify(new X509Certificate(issued.rootPem).publicKey)).toBe(true);
        expect(leaf.checkPrivateKey(createPrivateKey(issued.keyPem))).toBe(true);
        // Client, server, e-mail.
        expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"]);
    });

    it("identifies people alone where it has no name of a machine", async () => {
        const { certPem } = await issue(ECDSA, { ...ECDSA, emailAddresses: ["ada@example.com"], clientAuth: true });
        expect(new X509Certificate(certPem).keyUsage).toEqual(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"]);
    });

    it("comes as a PKCS #12 file that its password alone opens", () => {
        const pfx = Buffer.from(issued.pkcs12, "base64");
        expect(() => createSecureContext({ pfx, passphrase: "correct horse" })).not.toThrow();
        expect(() => createSecureContext({ pfx, passphrase: "wrong horse" })).toThrow("mac verify failure");
        // Where Windows shows a name.
        expect(new X509Certificate(issued.certPem).subject).toContain("CN=traefik");
    });

    it("comes without such a file, and without a common name, where nobody asks for one", async () => {
        const { pkcs12, certPem } = await issue(ECDSA, { ...ECDSA, dnsNames: ["traefik"] });
        expect(pkcs12).toBe("");
        expect(new X509Certificate(certPem).subject).not.toContain("CN=");
    });

    it("comes out the same in every deployment, so that nothing that holds it changes", async () => {
        const state = certificateState();
        const leaf = { ...NAMES, ...ECDSA, pkcs12Password: "correct horse" };
        for (const algorithm of ["RSA", "ECDSA"] as const) {
            const first = await issue({ algorithm }, leaf, state);
            expect(await issue({ algorithm }, leaf, state)).toEqual(first);
        }
    });

    it("has a serial number of its own, whatever is changed in it", () => {
        const [draft, key] = [realPem("CERTIFICATE", "draft"), realPem("PRIVATE KEY", "draft")];
        const none = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };
        const certificates = [
            finishRoot(draft, key, undefined),
            finishRoot(draft, key, { dnsDomains: ["internal"] }),
            finishLeaf(draft, key, { ...none, dnsNames: ["a"] }),
            finishLeaf(draft, key, { ...none, dnsNames: ["b"] }),
        ];
        const serials = certificates.map((pem) => new X509Certificate(pem).serialNumber);
        expect(new Set(serials).size).toBe(certificates.length);
        expect(serials.every((serial) => /^[4-7][0-9A-F]{31}$/.test(serial))).toBe(true);
    });

    it("never shares what hides one PKCS #12 file with another", async () => {
        const [key, other] = [realPem("PRIVATE KEY", "a"), realPem("PRIVATE KEY", "b")];
        const chain = realPem("CERTIFICATE", "a");
        const files = await Promise.all([
            toPkcs12(key, chain, "correct horse"),
            toPkcs12(key, chain, "another horse"),
            toPkcs12(key, chain + realPem("CERTIFICATE", "b"), "correct horse"),
            toPkcs12(other, chain, "correct horse"),
        ]);
        const salts = files.map((file) => {
            const { macData } = PFX.fromBER(new Uint8Array(Buffer.from(file, "base64")));
            return Buffer.from(macData?.macSalt.valueBlock.valueHexView ?? []).toString("hex");
        });
        expect(salts.every((salt) => /^[0-9a-f]{128}$/.test(salt))).toBe(true);
        expect(new Set(salts).size).toBe(files.length);
    });
});

describe("an authority that may certify some names only", () => {
    const permitted = {
        dnsDomains: ["traefik", "internal"],
        ipRanges: ["10.0.0.0/8"],
        emailDomains: ["example.com"],
        uriHosts: ["example.com"],
    };

    it("certifies those", async () => {
        const { certPem, rootPem } = await issue(
            { ...ECDSA, permitted },
            { ...ECDSA, ...NAMES, ipAddresses: ["10.0.0.5"] },
        );
        expect(new X509Certificate(certPem).verify(new X509Certificate(rootPem).publicKey)).toBe(true);
    });

    it("refuses others by their path, before anything uses the certificate", async () => {
        const strangers = {
            dnsNames: ["a.internal", "internal.example.com", "notinternal"],
            ipAddresses: ["10.1.2.3", "192.168.0.1", "fd00::1"],
            emailAddresses: ["ada@example.com", "ada@sub.example.com"],
            uris: ["spiffe://example.com/a", "https://www.example.com/"],
        };
        expect(await refusals({ permitted }, strangers)).toEqual([
            "dnsNames[1]",
            "dnsNames[2]",
            "emailAddresses[1]",
            "ipAddresses[1]",
            "ipAddresses[2]",
            "uris[1]",
        ]);
    });

    it.each([
        ["dnsNames", { ipRanges: ["10.0.0.0/8"] }],
        ["ipAddresses", { dnsDomains: ["internal"] }],
        ["emailAddresses", { dnsDomains: ["example.com"] }],
        ["uris", { dnsDomains: ["example.com"] }],
    ] as const)("certifies no %s where it is given none", async (kind, some) => {
        const first = { [kind]: NAMES[kind].slice(0, 1) };
        expect(await refusals({ permitted: some as MkcertCAArgs["permitted"] & object }, first)).toEqual([
            `${kind}[0]`,
        ]);
    });
});

describe("the roll-over of a root", () => {
    const leaf = { ...ECDSA, dnsNames: ["traefik"] };

    it("fails no handshake between one deployment and the next, whoever has got how far", async () => {
        const state = certificateState();
        const steps: MkcertCAArgs[] = [
            { generation: 1 },
            { generation: 1, alsoTrust: [2] },
            { generation: 2, alsoTrust: [1] },
            { generation: 2 },
        ];
        const deployed: Issued[] = [];
        for (const step of steps) deployed.push(await issue({ ...ECDSA, ...step }, leaf, state));
        for (const [index, next] of deployed.entries()) {
            for (const present of deployed.slice(Math.max(0, index - 1), index + 1)) {
                expect(await handshake(next, present), `new server in step ${index}, old client`).toBe(true);
                expect(await handshake(present, next), `old server in step ${index}, new client`).toBe(true);
            }
        }
        // What the steps are for: from the first to the last at once, nobody would get through.
        const [first, , , last] = deployed as [Issued, Issued, Issued, Issued];
        expect(await handshake(last, first)).toBe(false);
        expect(await handshake(first, last)).toBe(false);
    });

    it("gives each root a name of its own, and a bundle with the one that signs first", async () => {
        const long = "x".repeat(64);
        const { trustBundlePem, rootPem } = await issue(
            { ...ECDSA, commonName: long, generation: 2, alsoTrust: [1] },
            leaf,
        );
        const roots = certificatesIn(trustBundlePem);
        expect(roots[0]).toBe(rootPem);
        const names = roots.map((pem) => /CN=(.+)/.exec(new X509Certificate(pem).subject)?.[1]);
        expect(names).toEqual([`${"x".repeat(60)} (2)`, long]);
    });
});

describe("an authority that is there already", () => {
    const leaf = { ...ECDSA, dnsNames: ["traefik"] };
    const certPem = realPem("CERTIFICATE", "mkcert");
    const privateKeyPem = realPem("PRIVATE KEY", "mkcert");
    const refusal = async (existing: { certPem: string; privateKeyPem: string }) => {
        const failure: unknown = await issue({ existing }, leaf).catch((error) => error);
        return problemsOf(failure);
    };

    it("is taken over as it is, and signs", async () => {
        const issued = await issue({ existing: { certPem, privateKeyPem } }, leaf);
        expect(issued.rootPem).toBe(certPem);
        expect(new X509Certificate(issued.certPem).verify(new X509Certificate(certPem).publicKey)).toBe(true);
    });

    it("is followed by a root of our own without a failed handshake", async () => {
        const state = certificateState();
        const existing = { certPem, privateKeyPem };
        const before = await issue({ ...ECDSA, existing, alsoTrust: [2] }, leaf, state);
        const after = await issue({ ...ECDSA, existing, generation: 2, alsoTrust: [1] }, leaf, state);
        expect(await handshake(after, before)).toBe(true);
        expect(await handshake(before, after)).toBe(true);
        expect(after.rootPem).not.toBe(certPem);
    });

    it("is refused where certificate and key are not one authority's, by their paths", async () => {
        const ed25519 = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
        const other = realPem("PRIVATE KEY", "other");
        const { certPem: server } = await issue(ECDSA, leaf);
        const frame = (label: string) => `-----BEGIN ${label}-----\nbm90aGluZw==\n-----END ${label}-----\n`;
        expect(await refusal({ certPem, privateKeyPem: other })).toEqual({
            "existing.privateKeyPem": "belongs to another certificate. Give both of one authority.",
        });
        expect(await refusal({ certPem, privateKeyPem: ed25519 })).toEqual({
            "existing.privateKeyPem": "is neither RSA nor ECDSA on P-256 or P-384. Give a key of these.",
        });
        expect(await refusal({ certPem, privateKeyPem: frame("PRIVATE KEY") })).toEqual({
            "existing.privateKeyPem": expect.stringContaining("cannot be read as a private key"),
        });
        expect(await refusal({ certPem: server, privateKeyPem })).toEqual({
            "existing.certPem": "is no authority's certificate. Give the root's, not a server's.",
        });
        for (const unreadable of [frame("CERTIFICATE"), certPem + server]) {
            expect(await refusal({ certPem: unreadable, privateKeyPem })).toEqual({
                "existing.certPem": 'cannot be read. Give the text of one certificate, such as "rootCA.pem".',
            });
        }
    });
});
