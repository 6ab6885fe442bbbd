import type { SecureVersion } from "node:tls";
import { type Accepted, type TlsTarget, tryHandshake } from "./handshake.ts";

/** Versions that can be asked about; SSL 2 and 3 are older than what any TLS library still speaks. */
export const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const satisfies readonly SecureVersion[];
export type Version = (typeof VERSIONS)[number];

/** Those that nobody should take any more. */
export const OLD_VERSIONS = ["TLSv1", "TLSv1.1"] as const satisfies readonly Version[];
type OldVersion = (typeof OLD_VERSIONS)[number];

/** The suites of TLS 1.3 that OpenSSL knows (RFC 8446, appendix B.4). */
const TLS13_SUITES = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_CCM_SHA256",
] as const;

/** A version with every suite that the server takes in it, by IANA's names; none where it refuses the version. */
export interface OfferedVersion {
    readonly version: Version;
    readonly suites: readonly string[];
}

/** What a server takes, found by real handshakes. */
export interface Offered {
    readonly versions: readonly OfferedVersion[];
    /** The handshake of a client that takes whatever the server prefers. */
    readonly preferred: Accepted | undefined;
}

/** Asks a server for everything that it takes. @throws CommandError (exit 3) where no TLS server answers. */
export async function offeredBy(target: TlsTarget): Promise<Offered> {
    const preferred = await tryHandshake(target);
    const versions = await Promise.all(
        VERSIONS.map(async (version) => ({
            version,
            suites: version === "TLSv1.3" ? await suites13(target) : await suitesBefore13(target, version),
        })),
    );
    return { versions, preferred };
}

/** The deprecated versions (RFC 8996) that a server still takes. @throws CommandError (exit 3) where no TLS server answers. */
export async function oldVersionsOf(target: TlsTarget): Promise<OldVersion[]> {
    const answers = await Promise.all(OLD_VERSIONS.map((version) => tryHandshake(target, { version })));
    return OLD_VERSIONS.filter((_, index) => answers[index] !== undefined);
}

/** Offers everything, then everything but what was chosen, until nothing is taken: a handshake for each suite, and one more. */
async function suitesBefore13(target: TlsTarget, version: SecureVersion): Promise<string[]> {
    const found: Accepted[] = [];
    for (;;) {
        const without = found.map(({ suite }) => `!${suite}`);
        const suites = ["ALL:COMPLEMENTOFALL", ...without, "@SECLEVEL=0"].join(":");
        const accepted = await tryHandshake(target, { version, suites });
        if (accepted === undefined) return found.map(({ standardName }) => standardName);
        found.push(accepted);
    }
}

/** The few suites of TLS 1.3, one by one: OpenSSL takes no exclusions there. */
async function suites13(target: TlsTarget): Promise<string[]> {
    const answers = await Promise.all(
        TLS13_SUITES.map((suites) => tryHandshake(target, { version: "TLSv1.3", suites })),
    );
    return answers.flatMap((accepted) => (accepted === undefined ? [] : [accepted.standardName]));
}
