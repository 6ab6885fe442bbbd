import { describe, expect, it } from "vitest";
import { MkcertCA, MkcertCertificate } from "../../components/index.ts";
import { deploy, pem, problemsOf, promiseOf } from "../support/mocks.ts";
import { CERTIFICATE, KEY, Token } from "./fixtures.ts";

const signer = { caCertPem: CERTIFICATE, caPrivateKeyPem: KEY };
const DAY = 24;

describe("MkcertCA", () => {
    it("has mkcert's profile for a root", async () => {
        const { inputsOf } = await deploy(() => new MkcertCA("ca", {}));
        expect(inputsOf(Token.PrivateKey, "ca-key")).toEqual({ algorithm: "RSA", rsaBits: 3072 });
        expect(inputsOf(Token.SelfSignedCert, "ca-certificate")).toEqual({
            privateKeyPem: pem("PRIVATE KEY", "ca-key"),
            subject: {
                organization: "mkcert development CA",
                organizationalUnit: "test@sallyport",
                commonName: "mkcert test@sallyport",
            },
            isCaCertificate: true,
            maxPathLength: 0,
            allowedUses: ["cert_signing"],
            setSubjectKeyId: true,
            setAuthorityKeyId: false,
            validityPeriodHours: 3652 * DAY,
            earlyRenewalHours: 821 * DAY,
        });
    });

    it("takes a subject and an ECDSA key", async () => {
        const args = {
            commonName: "Acme",
            organization: "Acme AG",
            organizationalUnit: "ops",
            algorithm: "ECDSA",
        } as const;
        const { inputsOf } = await deploy(() => new MkcertCA("ca", args));
        expect(inputsOf(Token.PrivateKey, "ca-key")).toEqual({ algorithm: "ECDSA", ecdsaCurve: "P256" });
        expect(inputsOf(Token.SelfSignedCert, "ca-certificate")).toMatchObject({
            subject: { commonName: "Acme", organization: "Acme AG", organizationalUnit: "ops" },
        });
    });

    it("is renewed before a leaf could outlive it", async () => {
        const { inputsOf } = await deploy(() => {
            const ca = new MkcertCA("ca", {});
            const { certPem: caCertPem, privateKeyPem: caPrivateKeyPem } = ca;
            return new MkcertCertificate("leaf", { caCertPem, caPrivateKeyPem, dnsNames: ["traefik"] });
        });
        const root = inputsOf(Token.SelfSignedCert, "ca-certificate");
        const leaf = inputsOf(Token.LocallySignedCert, "leaf-certificate");
        expect(root.earlyRenewalHours).toBeGreaterThanOrEqual(leaf.validityPeriodHours as number);
        expect(leaf).toMatchObject({
            caCertPem: pem("CERTIFICATE", "ca-certificate"),
            caPrivateKeyPem: pem("PRIVATE KEY", "ca-key"),
        });
    });

    it("refuses a subject that no certificate can carry and an unknown algorithm", async () => {
        const args = { commonName: "x".repeat(65), organization: "", algorithm: "DSA" as "RSA" };
        const { error, resources } = await deploy(() => new MkcertCA("ca", args));
        expect(problemsOf(error)).toEqual({
            commonName: "has 65 characters. Write at most 64.",
            organization: "is empty. Write a name, or leave it out.",
            algorithm: '"DSA" is unknown. Write one of RSA, ECDSA.',
        });
        expect(resources).toEqual([]);
    });
});

describe("MkcertCertificate", () => {
    it("has mkcert's profile for a server, and is renewed 30 days before its end", async () => {
        const names = {
            dnsNames: ["traefik", "*.internal"],
            ipAddresses: ["10.0.0.5", "fd00::5"],
            uris: ["spiffe://x/y"],
        };
        const { inputsOf } = await deploy(() => new MkcertCertificate("leaf", { ...signer, ...names }));
        expect(inputsOf(Token.PrivateKey, "leaf-key")).toEqual({ algorithm: "RSA", rsaBits: 2048 });
        expect(inputsOf(Token.CertRequest, "leaf-request")).toEqual({
            privateKeyPem: pem("PRIVATE KEY", "leaf-key"),
            subject: { organization: "mkcert development certificate", organizationalUnit: "test@sallyport" },
            ...names,
        });
        expect(inputsOf(Token.LocallySignedCert, "leaf-certificate")).toEqual({
            certRequestPem: pem("CERTIFICATE REQUEST", "leaf-request"),
            caCertPem: CERTIFICATE,
            caPrivateKeyPem: KEY,
            allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
            validityPeriodHours: 821 * DAY,
            earlyRenewalHours: 30 * DAY,
        });
    });

    it("lives within the 825 days that Apple's systems accept and mkcert's two years and three months", async () => {
        const { inputsOf } = await deploy(() => new MkcertCertificate("leaf", { ...signer, dnsNames: ["traefik"] }));
        const days = (inputsOf(Token.LocallySignedCert, "leaf-certificate").validityPeriodHours as number) / DAY;
        const calendar = [2024, 2025, 2026, 2027].flatMap((year) =>
            Array.from({ length: 365 }, (_, day) => {
                const start = new Date(Date.UTC(year, 0, 1 + day));
                const end = new Date(Date.UTC(start.getUTCFullYear() + 2, start.getUTCMonth() + 3, start.getUTCDate()));
                return (end.getTime() - start.getTime()) / 86_400_000;
            }),
        );
        expect(days).toBeLessThan(825);
        expect(days).toBeGreaterThanOrEqual(Math.min(...calendar));
        expect(days).toBeLessThanOrEqual(Math.max(...calendar));
    });

    it("identifies a client too on request, with an ECDSA key and a window of its own", async () => {
        const args = {
            ...signer,
            dnsNames: ["x"],
            clientAuth: true,
            algorithm: "ECDSA",
            earlyRenewalHours: 48,
        } as const;
        const { inputsOf } = await deploy(() => new MkcertCertificate("leaf", { ...args, dnsNames: ["x"] }));
        expect(inputsOf(Token.PrivateKey, "leaf-key")).toMatchObject({ algorithm: "ECDSA" });
        expect(inputsOf(Token.LocallySignedCert, "leaf-certificate")).toMatchObject({
            allowedUses: ["digital_signature", "key_encipherment", "client_auth", "server_auth"],
            earlyRenewalHours: 48,
        });
    });

    it("gives the chain that a server presents: the leaf, then its authority", async () => {
        const { result } = await deploy(() => new MkcertCertificate("leaf", { ...signer, dnsNames: ["x"] }));
        const leaf = result as MkcertCertificate;
        expect(await promiseOf(leaf.chainPem)).toBe(pem("CERTIFICATE", "leaf-certificate") + CERTIFICATE);
        expect(await promiseOf(leaf.certPem)).toBe(pem("CERTIFICATE", "leaf-certificate"));
        expect(await promiseOf(leaf.privateKeyPem)).toBe(pem("PRIVATE KEY", "leaf-key"));
    });

    it("refuses a certificate that is good for nothing", async () => {
        const { error } = await deploy(() => new MkcertCertificate("leaf", { ...signer, dnsNames: [] }));
        expect(problemsOf(error)).toEqual({
            dnsNames: 'names nothing that the certificate is good for. Write "dnsNames", "ipAddresses" or "uris".',
        });
    });

    it("tells all mistakes at once", async () => {
        const { error, resources } = await deploy(
            () =>
                new MkcertCertificate("leaf", {
                    caCertPem: "x",
                    caPrivateKeyPem: "-----BEGIN ENCRYPTED PRIVATE KEY-----",
                    dnsNames: ["Traefik", "a b", "x", "x"],
                    ipAddresses: ["10.1"],
                    uris: ["orders"],
                    earlyRenewalHours: 821 * DAY,
                }),
        );
        expect(problemsOf(error)).toEqual({
            caCertPem: expect.stringContaining("is not a PEM certificate"),
            caPrivateKeyPem: expect.stringContaining("with a passphrase"),
            "dnsNames[0]": '"Traefik" has upper-case letters. Write "traefik".',
            "dnsNames[1]": expect.stringContaining("is not a host name"),
            "dnsNames[3]": '"x" stands at dnsNames[2] already. Write it once.',
            "ipAddresses[0]": expect.stringContaining("is not an IP address"),
            "uris[0]": expect.stringContaining("is not a URI with a scheme and a host"),
            earlyRenewalHours: expect.stringContaining("is not within the certificate's life"),
        });
        expect(resources).toEqual([]);
    });
});
