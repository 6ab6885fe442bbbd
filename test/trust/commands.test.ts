import { describe, expect, it } from "vitest";
import { authoritiesIn } from "../../cli/trust/authority.ts";
import { macosStore, windowsStore } from "../../cli/trust/desktopStores.ts";
import { commandLine, type TrustStore } from "../../cli/trust/trustStore.ts";
import { realPem } from "../support/pems.ts";

const [authority] = authoritiesIn(realPem("CERTIFICATE", "Example root"), "a test");
if (authority === undefined) throw new Error("a certificate was read as none");
const FILE = "/home/ada/my files/rootCA.pem";
const sha1 = authority.certificate.fingerprint.replaceAll(":", "");
const sudo = process.getuid?.() === 0 ? "" : "sudo ";

const lines = ({ adding, removing }: TrustStore) => ({
    adding: adding(authority, FILE).map(commandLine),
    removing: removing(authority, FILE).map(commandLine),
});

describe("what is run where it was not tried", () => {
    it("is security(1) on macOS, for the System keychain", () => {
        const keychain = "/Library/Keychains/System.keychain";
        expect(lines(macosStore)).toEqual({
            adding: [`${sudo}security add-trusted-cert -d -r trustRoot -k ${keychain} '${FILE}'`],
            removing: [
                `${sudo}security remove-trusted-cert -d '${FILE}'`,
                `${sudo}security delete-certificate -Z ${sha1} ${keychain}`,
            ],
        });
    });

    it("is certutil on Windows, for the user's own store", () => {
        expect(lines(windowsStore)).toEqual({
            adding: [`certutil -user -addstore Root '${FILE}'`],
            removing: [`certutil -user -delstore Root ${sha1}`],
        });
    });
});

describe("an authority", () => {
    it("is known by its common name, and by whether it is held to some names", () => {
        expect(authority).toMatchObject({ name: "Example root", isConstrained: false });
        expect(authority.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    });

    it("is refused where there is none", () => {
        expect(() => authoritiesIn("nothing", "rootCA.pem")).toThrow("rootCA.pem has no certificate in it");
    });
});
