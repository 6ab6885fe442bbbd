import { describe, expect, it } from "vitest";
import { ClientCertificateForwarding, MutualTlsCertificate } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf, uuid } from "../support/mocks.ts";
import { ACCOUNT, CERTIFICATE, KEY, Token, ZONE } from "./fixtures.ts";

describe("MutualTlsCertificate", () => {
    it("associates an authority with its host names, and tells its id and its end", async () => {
        const { result, inputsOf } = await deploy(
            () =>
                new MutualTlsCertificate("machines", {
                    accountId: ACCOUNT,
                    certificatePem: CERTIFICATE,
                    hostnames: ["b.example.com", "a.example.com"],
                }),
        );
        expect(inputsOf(Token.ClientCertificateAuthority, "machines-certificate")).toEqual({
            accountId: ACCOUNT,
            name: "machines",
            certificate: CERTIFICATE,
            associatedHostnames: ["a.example.com", "b.example.com"],
        });
        const { certificateId, fingerprint, expiresOn } = result as MutualTlsCertificate;
        expect(await promiseOf(certificateId)).toBe(uuid("machines-certificate"));
        expect(await promiseOf(fingerprint)).toBe("machines-certificate fingerprint");
        expect(await promiseOf(expiresOn)).toBe("2030-01-01T00:00:00Z");
    });

    it("refuses a file that holds the key as well, host names that are none, and says so at once", async () => {
        const { error, resources } = await deploy(
            () =>
                new MutualTlsCertificate("machines", {
                    accountId: "acme",
                    certificateName: " ",
                    certificatePem: CERTIFICATE + KEY,
                    hostnames: ["https://a.example.com", "b.example.com", "b.example.com"],
                }),
        );
        expect(problemsOf(error)).toEqual({
            accountId: expect.stringContaining("32 hexadecimal digits"),
            certificateName: expect.stringContaining("is empty"),
            certificatePem: "holds a private key, which Cloudflare must not see. Give the certificate alone.",
            "hostnames[0]": expect.stringContaining("starts with a scheme"),
            "hostnames[2]": expect.stringContaining("stands at hostnames[1] already"),
        });
        expect(resources).toEqual([]);
    });

    it("refuses an authority that nobody would be asked for", async () => {
        const args = { accountId: ACCOUNT, certificatePem: CERTIFICATE, hostnames: [] };
        const { error } = await deploy(() => new MutualTlsCertificate("machines", args));
        expect(problemsOf(error)).toEqual({ hostnames: expect.stringContaining("nobody would be asked") });
    });
});

describe("ClientCertificateForwarding", () => {
    it("shows the origins of some names the certificate, and takes it from others", async () => {
        const { inputsOf, result } = await deploy(
            () =>
                new ClientCertificateForwarding("zone", {
                    zoneId: ZONE,
                    forward: ["b.example.com"],
                    withhold: ["a.example.com"],
                }),
        );
        expect(inputsOf(Token.ClientCertificateSettings, "zone-settings")).toEqual({
            zoneId: ZONE,
            settings: [
                { hostname: "a.example.com", clientCertificateForwarding: false, chinaNetwork: false },
                { hostname: "b.example.com", clientCertificateForwarding: true, chinaNetwork: false },
            ],
        });
        expect(await promiseOf((result as ClientCertificateForwarding).hostnames)).toEqual(["b.example.com"]);
    });

    it("refuses a name in both lists, no name at all, and registers nothing", async () => {
        const both = { zoneId: "example.com", forward: ["a.example.com"], withhold: ["a.example.com"] };
        const first = await deploy(() => new ClientCertificateForwarding("zone", both));
        expect(problemsOf(first.error)).toEqual({
            zoneId: expect.stringContaining("32 hexadecimal digits"),
            "withhold[0]": expect.stringContaining('stands under "forward" as well'),
        });
        const second = await deploy(() => new ClientCertificateForwarding("zone", { zoneId: ZONE, forward: [] }));
        expect(problemsOf(second.error)).toEqual({ forward: expect.stringContaining("nothing to set") });
        expect([...first.resources, ...second.resources]).toEqual([]);
    });
});
