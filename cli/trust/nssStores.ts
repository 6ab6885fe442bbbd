import { globSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Authority } from "./authority.ts";
import { askProgram, type TrustStore } from "./trustStore.ts";

/** Where Chromium and Firefox keep whom they trust, below the home folder. Only databases of the present form (`cert9.db`) are taken. */
const DATABASES = [
    ".pki/nssdb/cert9.db",
    "snap/chromium/current/.pki/nssdb/cert9.db",
    ".mozilla/firefox/*/cert9.db",
    "snap/firefox/common/.mozilla/firefox/*/cert9.db",
    "Library/Application Support/Firefox/Profiles/*/cert9.db",
];

/** Certificates that verify servers: trusted authority (certutil(1), `-t`). */
const TRUST = "C,,";

/** The databases of the user's browsers; none without `certutil`, which changes them. */
export async function nssStores(home = homedir()): Promise<TrustStore[]> {
    const databases = DATABASES.flatMap((pattern) => globSync(join(home, pattern))).map(dirname);
    if (databases.length === 0 || !(await isThere("certutil"))) return [];
    return databases.toSorted().map(nssStore);
}

function nssStore(folder: string): TrustStore {
    const database = ["-d", `sql:${folder}`];
    return {
        name: `browser (${folder})`,
        has: async (authority) => {
            const known = await askProgram("certutil", ["-L", ...database, "-n", nickname(authority), "-a"]);
            return known?.replaceAll("\r", "").trim() === authority.certificate.toString().trim();
        },
        adding: (authority, file) => [
            { program: "certutil", args: ["-A", ...database, "-t", TRUST, "-n", nickname(authority), "-i", file] },
        ],
        removing: (authority) => [{ program: "certutil", args: ["-D", ...database, "-n", nickname(authority)] }],
    };
}

/** Browsers show it; two authorities of one name must not be one to them. */
function nickname({ name, fingerprint }: Authority): string {
    return `${name} ${fingerprint.slice(0, 16)}`;
}

/** NSS's `certutil`; Windows has another program of that name, and no such databases. */
async function isThere(program: string): Promise<boolean> {
    return process.platform !== "win32" && (await askProgram("sh", ["-c", `command -v ${program}`])) !== undefined;
}
