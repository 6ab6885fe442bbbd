import type { Authority } from "./authority.ts";
import { askProgram, type TrustStore } from "./trustStore.ts";

const SYSTEM_KEYCHAIN = "/Library/Keychains/System.keychain";

/** macOS's own store, which Safari and Chrome use, through security(1). */
export const macosStore: TrustStore = {
    name: "this machine (System keychain)",
    has: async (authority) => {
        const found = await askProgram("security", [
            "find-certificate",
            "-a",
            "-Z",
            "-c",
            authority.name,
            SYSTEM_KEYCHAIN,
        ]);
        return found?.includes(sha1(authority)) ?? false;
    },
    adding: (_, file) => [
        {
            program: "security",
            args: ["add-trusted-cert", "-d", "-r", "trustRoot", "-k", SYSTEM_KEYCHAIN, file],
            needsRoot: true,
        },
    ],
    removing: (authority, file) => [
        { program: "security", args: ["remove-trusted-cert", "-d", file], needsRoot: true },
        { program: "security", args: ["delete-certificate", "-Z", sha1(authority), SYSTEM_KEYCHAIN], needsRoot: true },
    ],
};

/** The user's own store on Windows, which Edge and Chrome use, through Windows's certutil; Windows itself asks once more. */
export const windowsStore: TrustStore = {
    name: "this user (Trusted Root Certification Authorities)",
    has: async (authority) =>
        (await askProgram("certutil", ["-user", "-store", "Root", sha1(authority)])) !== undefined,
    adding: (_, file) => [{ program: "certutil", args: ["-user", "-addstore", "Root", file] }],
    removing: (authority) => [{ program: "certutil", args: ["-user", "-delstore", "Root", sha1(authority)] }],
};

/** By which both systems name a certificate. */
function sha1({ certificate }: Authority): string {
    return certificate.fingerprint.replaceAll(":", "");
}
