/** The fallback TLS provider makes the keys and certificates of the official one. */
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import "reflect-metadata";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { provider } from "../../toolchain/fallback/providers/tls/index.ts";
import { FakeEngine, type Inputs, isSecret, opened, type ResourceState, UNKNOWN_OUTPUT } from "./support/engine.ts";
import { isRecordedSecret, recordedState, shapeOf } from "./support/recordedState.ts";

const x509 = await import("@peculiar/x509");

const type = (name: string) => `tls:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const pemOf = (state: ResourceState, output: string) => String(opened(state.outputs[output]));

let engine: FakeEngine;

beforeEach(async () => {
    engine = await FakeEngine.start(provider);
});

afterEach(async () => {
    await engine[Symbol.asyncDispose]();
});

/** The recorded program's inputs, with keys of our own in place of those that were left out. */
function inputsOf(name: string, own: Inputs): Inputs {
    return { ...recordedState(name).inputs, ...own };
}

async function chain(rsaBits = 2048, leaf: Inputs = {}) {
    const caKey = await engine.create(type("PrivateKey"), "rsa", { algorithm: "RSA", rsaBits });
    const privateKeyPem = pemOf(caKey, "privateKeyPem");
    const ca = await engine.create(type("SelfSignedCert"), "ca", inputsOf("ca", { privateKeyPem }));
    const key = await engine.create(type("PrivateKey"), "ec", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    const request = await engine.create(
        type("CertRequest"),
        "req",
        inputsOf("req", { privateKeyPem: pemOf(key, "privateKeyPem") }),
    );
    const leafInputs = inputsOf("leaf", {
        caCertPem: pemOf(ca, "certPem"),
        caPrivateKeyPem: privateKeyPem,
        certRequestPem: pemOf(request, "certRequestPem"),
        ...leaf,
    });
    return {
        ca,
        caKey,
        key,
        request,
        leafInputs,
        leaf: await engine.create(type("LocallySignedCert"), "leaf", leafInputs),
    };
}

/** Everything in a certificate that does not depend on keys, serial number and time, in its order. */
function profileOf(pem: string) {
    const certificate = new x509.X509Certificate(pem);
    const { notBefore, notAfter } = certificate;
    const keyed = new Set(["2.5.29.14", "2.5.29.35"]);
    return {
        subject: Buffer.from(certificate.subjectName.toArrayBuffer()).toString("hex"),
        issuer: Buffer.from(certificate.issuerName.toArrayBuffer()).toString("hex"),
        hours: (notAfter.getTime() - notBefore.getTime()) / 3_600_000,
        signature: certificate.signatureAlgorithm,
        extensions: certificate.extensions.map(({ type, critical, value }) => ({
            type,
            critical,
            value: keyed.has(type) ? value.byteLength : Buffer.from(value).toString("hex"),
        })),
    };
}

describe("a key", () => {
    it.each([
        ["rsa", { algorithm: "RSA", rsaBits: 3072 }, "RSA PRIVATE KEY"],
        ["ec", { algorithm: "ECDSA", ecdsaCurve: "P256" }, "EC PRIVATE KEY"],
        ["ed", { algorithm: "ED25519" }, "PRIVATE KEY"],
    ])("'%s' comes in the official provider's formats", async (name, inputs, label) => {
        const state = await engine.create(type("PrivateKey"), name, inputs);
        const recorded = recordedState(name);
        expect(shapeOf(state.outputs, isSecret)).toEqual(shapeOf(recorded.outputs, isRecordedSecret));
        expect(pemOf(state, "privateKeyPem")).toMatch(new RegExp(`^-----BEGIN ${label}-----\n`));
        expect(pemOf(state, "privateKeyPemPkcs8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
        expect(pemOf(state, "privateKeyOpenssh")).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
        const publicPem = createPublicKey(pemOf(state, "privateKeyPem")).export({ type: "spki", format: "pem" });
        expect(state.outputs.publicKeyPem).toBe(publicPem);
        expect(
            createPrivateKey(pemOf(state, "privateKeyPemPkcs8")).equals(
                createPrivateKey(pemOf(state, "privateKeyPem")),
            ),
        ).toBe(true);
    });

    it("on P224 has no OpenSSH form", async () => {
        const state = await engine.create(type("PrivateKey"), "p224", { algorithm: "ECDSA" });
        expect(state.outputs).toMatchObject({
            ecdsaCurve: "P224",
            publicKeyOpenssh: "",
            publicKeyFingerprintSha256: "",
        });
    });

    it("is refused where its algorithm is not offered", async () => {
        await expect(engine.create(type("PrivateKey"), "k", { algorithm: "DSA" })).rejects.toThrow(
            "algorithm: 'DSA' is not offered; write one of RSA, ECDSA, ED25519",
        );
    });
});

describe("certificates", () => {
    it("have the official provider's profile, byte for byte where keys and time do not matter", async () => {
        const { ca, leaf, request } = await chain(3072);
        expect(profileOf(pemOf(ca, "certPem"))).toEqual(profileOf(String(recordedState("ca").outputs.certPem)));
        expect(profileOf(pemOf(leaf, "certPem"))).toEqual(profileOf(String(recordedState("leaf").outputs.certPem)));
        const shape = (state: ResourceState, name: string) => {
            expect(shapeOf(state.outputs, isSecret)).toEqual(shapeOf(recordedState(name).outputs, isRecordedSecret));
        };
        shape(ca, "ca");
        shape(leaf, "leaf");
        shape(request, "req");
    });

    it("make a chain that verifies, for every kind of name", async () => {
        const { ca, leaf, key } = await chain();
        const [authority, certificate] = [
            new X509Certificate(pemOf(ca, "certPem")),
            new X509Certificate(pemOf(leaf, "certPem")),
        ];
        expect(certificate.checkIssued(authority)).toBe(true);
        expect(certificate.verify(authority.publicKey)).toBe(true);
        expect(certificate.checkPrivateKey(createPrivateKey(pemOf(key, "privateKeyPem")))).toBe(true);
        expect(certificate.checkHost("x.app.internal")).toBe("*.app.internal");
        expect(certificate.checkIP("fd00::1")).toBe("fd00::1");
        expect(certificate.subjectAltName).toContain("URI:spiffe://x/y");
        expect(BigInt(`0x${certificate.serialNumber}`).toString()).toBe(leaf.id);
    });

    it("refuse a path length, uses, addresses and names that make no sense, all at once", async () => {
        const inputs = inputsOf("ca", {
            privateKeyPem: UNKNOWN_OUTPUT,
            allowedUses: ["cert_signing", "signing"],
            maxPathLength: -2,
            ipAddresses: ["10.0.0.300"],
            uris: ["no uri"],
        });
        await expect(engine.preview(type("SelfSignedCert"), "ca", inputs)).rejects.toThrow(
            /allowedUses\[1\]: 'signing' .*\nmaxPathLength: '-2' .*\nipAddresses\[0\]: '10\.0\.0\.300' .*\nuris\[0\]: 'no uri'/,
        );
    });

    it("say which argument is not a key", async () => {
        const inputs = inputsOf("ca", { privateKeyPem: "nonsense" });
        await expect(engine.create(type("SelfSignedCert"), "ca", inputs)).rejects.toThrow(
            "'privateKeyPem' is not a private key",
        );
    });

    it("are planned without a key", async () => {
        const outputs = await engine.preview(
            type("SelfSignedCert"),
            "ca",
            inputsOf("ca", { privateKeyPem: UNKNOWN_OUTPUT }),
        );
        expect(outputs).toMatchObject({ certPem: UNKNOWN_OUTPUT, validityPeriodHours: 87600 });
    });
});

describe("renewal", () => {
    it("is a matter of the state: another 'earlyRenewalHours' changes in place", async () => {
        const { leaf, leafInputs } = await chain();
        const later = { ...leafInputs, earlyRenewalHours: 48 };
        expect(await engine.diff(leaf, later)).toMatchObject({ paths: ["earlyRenewalHours"], replaces: [] });
        const updated = await engine.update(leaf, later);
        expect(updated.outputs).toMatchObject({
            earlyRenewalHours: 48,
            certPem: leaf.outputs.certPem,
            readyForRenewal: false,
        });
    });

    it("replaces the certificate inside the window, and leaves it alone before", async () => {
        const { leaf, leafInputs } = await chain(2048, { validityPeriodHours: 100, earlyRenewalHours: 10 });
        expect(await engine.diff(leaf, leafInputs)).toMatchObject({ changed: false });
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 91 * 3_600_000 });
        try {
            expect(await engine.diff(leaf, leafInputs)).toMatchObject({ replaces: ["readyForRenewal"] });
        } finally {
            vi.useRealTimers();
        }
    });

    it("comes with any other change", async () => {
        const { leaf, leafInputs } = await chain();
        const changed = { ...leafInputs, validityPeriodHours: 10 };
        expect(await engine.diff(leaf, changed)).toMatchObject({ replaces: ["validityPeriodHours"] });
    });
});

it("refuses an import: certificates and keys live in the state alone", async () => {
    await expect(engine.import(type("PrivateKey"), "k", "id")).rejects.toThrow(
        "'tls:index/privateKey:PrivateKey' cannot be imported: it exists in the state alone",
    );
});
