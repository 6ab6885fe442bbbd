import { X509Certificate } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MkcertCA, MkcertCertificate, type MkcertCertificateArgs } from "../../components/index.ts";
import { generationsAt, lastStepAt, nextStepAt, settledAt } from "../../components/proxy/mkcert/generations.ts";
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
        const { inputsOf, result } = await deploy(() => {
            const ca = new MkcertCA("ca", {});
            const { certPem: caCertPem, privateKeyPem: caPrivateKeyPem } = ca;
            new MkcertCertificate("leaf", { caCertPem, caPrivateKeyPem, dnsNames: ["traefik"] });
            return ca;
        });
        const root = inputsOf(Token.SelfSignedCert, "ca-certificate");
        const leaf = inputsOf(Token.LocallySignedCert, "leaf-certificate");
        expect(root.earlyRenewalHours).toBeGreaterThanOrEqual(leaf.validityPeriodHours as number);
        expect(leaf).toMatchObject({
            caCertPem: await promiseOf((result as MkcertCA).certPem),
            caPrivateKeyPem: pem("PRIVATE KEY", "ca-key"),
        });
    });

    it("makes a root a generation, for those that sign or are trusted", async () => {
        const { resources, result } = await deploy(() => new MkcertCA("ca", { generation: 3, alsoTrust: [2] }));
        const names = resources.filter(({ type }) => type === Token.SelfSignedCert).map(({ name }) => name);
        expect(names).toEqual(["ca-certificate-3", "ca-certificate-2"]);
        expect(await promiseOf((result as MkcertCA).privateKeyPem)).toBe(pem("PRIVATE KEY", "ca-key-3"));
    });

    it("rolls over by the calendar: the next root is trusted before it signs, the last one for a while after", () => {
        const rollOver = { since: "2027-01-01", every: "8760h", overlap: "240h" };
        const at = (day: string) => generationsAt({ rollOver }, new Date(day));
        expect(at("2026-06-01")).toEqual({ signing: 1, trusted: [1] });
        expect(at("2027-12-21T23:59:59Z")).toEqual({ signing: 1, trusted: [1] });
        expect(at("2027-12-22")).toEqual({ signing: 1, trusted: [1, 2] });
        expect(at("2028-01-01")).toEqual({ signing: 2, trusted: [2, 1] });
        expect(at("2028-01-11")).toEqual({ signing: 2, trusted: [2] });
        const steps = (day: string) =>
            [lastStepAt, nextStepAt, settledAt].map((of) => of({ rollOver }, new Date(day))?.slice(0, 10));
        expect(steps("2026-06-01")).toEqual([undefined, "2027-12-22", undefined]);
        expect(steps("2027-12-22")).toEqual(["2027-12-22", "2028-01-01", "2028-01-11"]);
        expect(steps("2028-01-01")).toEqual(["2028-01-01", "2028-01-11", "2028-01-11"]);
        expect(steps("2028-01-11")).toEqual(["2028-01-11", "2028-12-21", undefined]);
    });

    it("takes an authority over without making one of its own", async () => {
        const existing = { certPem: CERTIFICATE, privateKeyPem: KEY };
        const { resources, resource } = await deploy(() => new MkcertCA("ca", { existing }));
        expect(resources.map(({ name }) => name)).toEqual(["ca"]);
        expect(resource("sallyport:index:MkcertCA", "ca").secrets).toEqual(["existing.privateKeyPem"]);
    });

    it("tells every mistake in what it may certify, takes over and trusts", async () => {
        const { error, resources } = await deploy(() => {
            new MkcertCA("ca", {
                permitted: { dnsDomains: ["*.internal", "internal", "internal"], ipRanges: ["10.0.0.1/8"] },
                existing: { certPem: "x", privateKeyPem: "-----BEGIN ENCRYPTED PRIVATE KEY-----" },
                generation: 0,
                alsoTrust: [0, 2, 2, 1.5],
                rollOver: { since: "soon", every: "1m" },
            });
        });
        expect(problemsOf(error)).toEqual({
            "permitted.dnsDomains[0]": expect.stringContaining('Write "internal".'),
            "permitted.dnsDomains[2]": '"internal" stands at permitted.dnsDomains[1] already. Write it once.',
            "permitted.ipRanges[0]": expect.stringContaining('Write "10.0.0.0/8".'),
            "existing.certPem": expect.stringContaining("is not a PEM certificate"),
            "existing.privateKeyPem": expect.stringContaining("with a passphrase"),
            generation: 'contradicts "rollOver", which tells it. Leave one of them out.',
            alsoTrust: 'contradicts "rollOver", which tells it. Leave one of them out.',
            "alsoTrust[0]": "0 signs, so it is trusted anyway. Leave it out.",
            "alsoTrust[2]": "2 stands at alsoTrust[1] already. Write it once.",
            "alsoTrust[3]": "1.5 is not a generation. Write a whole number from 1 on.",
            "rollOver.since": expect.stringContaining("is not a moment"),
            "rollOver.every": expect.stringContaining('"1m"'),
        });
        expect(resources).toEqual([]);
    });

    it("refuses to certify nothing at all", async () => {
        const { error } = await deploy(() => new MkcertCA("ca", { permitted: {} }));
        expect(problemsOf(error)).toEqual({
            permitted: 'permits nothing. Write "dnsDomains", "ipRanges", "emailDomains" or "uriHosts".',
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
    afterEach(() => {
        vi.useRealTimers();
    });

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

    it("has another key with each version, by hand or by the calendar", async () => {
        vi.useFakeTimers({ toFake: ["Date"], now: new Date("2028-06-01T00:00:00Z") });
        const keyOf = async (args: Partial<MkcertCertificateArgs>) => {
            const { resources, result } = await deploy(
                () => new MkcertCertificate("leaf", { ...signer, ...args, dnsNames: ["x"] }),
            );
            const [key] = resources.filter(({ type }) => type === Token.PrivateKey);
            return [key?.name, await promiseOf((result as MkcertCertificate).rotatesAt)];
        };
        expect(await keyOf({})).toEqual(["leaf-key", ""]);
        expect(await keyOf({ keyVersion: 2 })).toEqual(["leaf-key-2", ""]);
        const rotation = { since: "2027-01-01", every: "8760h", firstVersion: 3 };
        expect(await keyOf({ rotation })).toEqual(["leaf-key-4", "2028-12-31T00:00:00Z"]);
    });

    it("gives the chain that a server presents: the leaf, then its authority", async () => {
        const { result } = await deploy(() => new MkcertCertificate("leaf", { ...signer, dnsNames: ["x"] }));
        const leaf = result as MkcertCertificate;
        const certPem = await promiseOf(leaf.certPem);
        expect(await promiseOf(leaf.chainPem)).toBe(certPem + CERTIFICATE);
        expect(new X509Certificate(certPem).subjectAltName).toBe("DNS:x");
        expect(await promiseOf(leaf.expiresAt)).toBe("2029-02-20T12:00:00Z");
        expect(await promiseOf(leaf.privateKeyPem)).toBe(pem("PRIVATE KEY", "leaf-key"));
    });

    it("refuses a certificate that is good for nothing", async () => {
        const { error } = await deploy(() => new MkcertCertificate("leaf", { ...signer, dnsNames: [] }));
        expect(problemsOf(error)).toEqual({
            dnsNames:
                'names nothing that the certificate is good for. Write "dnsNames", "ipAddresses", "uris" or "emailAddresses".',
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
                    emailAddresses: ["ada"],
                    pkcs12Password: "1234567",
                    earlyRenewalHours: 821 * DAY,
                    rotation: { since: "2027-01-01", every: "1 year" },
                    keyVersion: 2,
                }),
        );
        expect(problemsOf(error)).toEqual({
            caCertPem: expect.stringContaining("is not a PEM certificate"),
            caPrivateKeyPem: expect.stringContaining("with a passphrase"),
            "dnsNames[0]": '"Traefik" has upper-case letters. Write "traefik".',
            "dnsNames[1]": expect.stringContaining("is not a host name"),
            "dnsNames[3]": '"x" stands at dnsNames[2] already. Write it once.',
            "ipAddresses[0]": expect.stringContaining("is not an IP address"),
            "emailAddresses[0]": expect.stringContaining("is not an e-mail address"),
            pkcs12Password: "is too short. Give a password of 8 characters or more.",
            "uris[0]": expect.stringContaining("is not a URI with a scheme and a host"),
            earlyRenewalHours: expect.stringContaining("is not within the certificate's life"),
            "rotation.every": expect.stringContaining("is not a duration"),
            keyVersion: expect.stringContaining('contradicts "rotation"'),
        });
        expect(resources).toEqual([]);
    });
});
