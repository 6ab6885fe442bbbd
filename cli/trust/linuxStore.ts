import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Authority } from "./authority.ts";
import type { TrustStore } from "./trustStore.ts";

/** Where each family of distributions takes authorities from, and what makes it read them (as in mkcert's `truststore_linux.go`). */
const FAMILIES = [
    { folder: "/etc/pki/ca-trust/source/anchors", ending: "pem", update: ["update-ca-trust", "extract"] },
    { folder: "/usr/local/share/ca-certificates", ending: "crt", update: ["update-ca-certificates"] },
    { folder: "/etc/ca-certificates/trust-source/anchors", ending: "crt", update: ["trust", "extract-compat"] },
    { folder: "/usr/share/pki/trust/anchors", ending: "pem", update: ["update-ca-certificates"] },
] as const;

/** The distribution's own store, which most programs but browsers use; none on a distribution that has another. */
export function linuxStore(): TrustStore | undefined {
    const family = FAMILIES.find(({ folder }) => existsSync(folder));
    if (family === undefined) return undefined;
    const { folder, ending } = family;
    const [program, ...args] = family.update;
    const update = { program, args, needsRoot: true };
    const placeOf = ({ fingerprint }: Authority) => join(folder, `sallyport-${fingerprint.slice(0, 16)}.${ending}`);
    return {
        name: `this machine (${folder})`,
        has: async (authority) => {
            const place = placeOf(authority);
            return existsSync(place) && readFileSync(place, "utf8").trim() === authority.certificate.toString().trim();
        },
        adding: (authority, file) => [
            { program: "install", args: ["-m", "644", file, placeOf(authority)], needsRoot: true },
            update,
        ],
        removing: (authority) => [{ program: "rm", args: ["-f", placeOf(authority)], needsRoot: true }, update],
    };
}
