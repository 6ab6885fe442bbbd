import { X509Certificate } from "node:crypto";
import { lastsAWeek } from "../audit/days.ts";
import type { Accepted } from "./handshake.ts";
import { type Offered, type OfferedVersion, OLD_VERSIONS, type Version } from "./offered.ts";
import type { WebAnswers } from "./web.ts";

/** One thing that was looked at. `advice` is worth doing and no weakness of its own. */
export interface TlsFinding {
    readonly id: TlsCheckId;
    readonly verdict: "ok" | "weak" | "advice";
    /** What was seen. */
    readonly detail: string;
}

export type TlsCheckId = "versions" | "suites" | "chain" | "names" | "expiry" | "key" | "hsts" | "redirect";

const SHORTEST_RSA_BITS = 2048;
/** Half a year in seconds: less, and a visitor who comes back seldom is not protected. */
const LEAST_HSTS_SECONDS = 15_552_000;

/** Judges what a server takes and shows. */
export function judge({ versions, preferred }: Offered, web: WebAnswers | undefined, now = Date.now()): TlsFinding[] {
    return [
        versionsFinding(versions),
        suitesFinding(versions),
        ...(preferred === undefined ? [] : certificateFindings(preferred, now)),
        ...(web === undefined ? [] : webFindings(web)),
    ];
}

/** TLS 1.0 and 1.1 are deprecated (RFC 8996). */
function versionsFinding(versions: readonly OfferedVersion[]): TlsFinding {
    const taken: Version[] = versions.filter(({ suites }) => suites.length > 0).map(({ version }) => version);
    const modern = taken.filter((version) => !OLD_VERSIONS.some((old) => old === version));
    const isWeak = modern.length < taken.length || modern.length === 0;
    return { id: "versions", verdict: isWeak ? "weak" : "ok", detail: taken.join(", ") || "none" };
}

/** Only suites with forward secrecy and authenticated encryption are strong (RFC 9325, sections 4.1 and 4.2). */
function suitesFinding(versions: readonly OfferedVersion[]): TlsFinding {
    const suites = [...new Set(versions.flatMap(({ suites: taken }) => taken))];
    const weak = suites.filter((suite) => !isStrong(suite));
    if (weak.length > 0) {
        const detail = `${weak.length} of ${suites.length} without forward secrecy or authenticated encryption`;
        return { id: "suites", verdict: "weak", detail };
    }
    return {
        id: "suites",
        verdict: "ok",
        detail: `${suites.length}, all with forward secrecy and authenticated encryption`,
    };
}

/** A suite of TLS 1.3, or one with an ephemeral elliptic curve key and an authenticated cipher. */
export function isStrong(standardName: string): boolean {
    const isAuthenticated = /_(GCM|CCM|CCM_8)(_SHA(256|384))?$|_CHACHA20_POLY1305(_SHA256)?$/.test(standardName);
    const isTls13 = !standardName.includes("_WITH_");
    const isForwardSecret = /^TLS_ECDHE_(RSA|ECDSA)_WITH_/.test(standardName);
    return isAuthenticated && (isTls13 || isForwardSecret);
}

function certificateFindings({ chain, distrust, isForName }: Accepted, now: number): TlsFinding[] {
    const [leaf] = chain.map(({ raw }) => new X509Certificate(raw));
    if (leaf === undefined) return [{ id: "chain", verdict: "weak", detail: "the server shows no certificate" }];
    const { ok: lasts, detail: forHowLong } = lastsAWeek([new Date(leaf.validTo)], now);
    const path = chain.map(({ subject }) => commonName(subject)).join(" ← ");
    const names = leaf.subjectAltName ?? "none";
    return [
        distrust === undefined
            ? { id: "chain", verdict: "ok", detail: `verified: ${path}` }
            : { id: "chain", verdict: "weak", detail: `${distrust}: ${path}` },
        isForName
            ? { id: "names", verdict: "ok", detail: names }
            : { id: "names", verdict: "weak", detail: `other names than the one asked for: ${names}` },
        {
            id: "expiry",
            verdict: lasts ? "ok" : "weak",
            detail: `${leaf.validToDate.toISOString().slice(0, 10)}, ${forHowLong}`,
        },
        keyFinding(leaf),
    ];
}

/** A leaf of mkcert's has no common name. */
function commonName({ CN, O, OU }: { CN?: string | string[]; O?: string | string[]; OU?: string | string[] }): string {
    return String(CN ?? OU ?? O ?? "unnamed");
}

function keyFinding({ publicKey }: X509Certificate): TlsFinding {
    const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
    const kind = [publicKey.asymmetricKeyType?.toUpperCase(), modulusLength ?? namedCurve].filter(Boolean).join(" ");
    const isShort = modulusLength !== undefined && modulusLength < SHORTEST_RSA_BITS;
    return { id: "key", verdict: isShort ? "weak" : "ok", detail: isShort ? `${kind}: too short` : kind };
}

function webFindings({ strictTransportSecurity, plain }: WebAnswers): TlsFinding[] {
    const seconds = Number(/max-age="?(\d+)/i.exec(strictTransportSecurity ?? "")?.[1] ?? 0);
    const hsts: TlsFinding = {
        id: "hsts",
        verdict: seconds >= LEAST_HSTS_SECONDS ? "ok" : "advice",
        detail:
            strictTransportSecurity ?? "no Strict-Transport-Security: a first visit over plain HTTP can be rewritten",
    };
    if (plain === undefined) return [hsts];
    return [hsts, redirectFinding(plain)];
}

function redirectFinding(plain: NonNullable<WebAnswers["plain"]>): TlsFinding {
    if ("error" in plain)
        return { id: "redirect", verdict: "ok", detail: `nothing answers plain HTTP (${plain.error})` };
    const leadsToHttps = plain.status >= 300 && plain.status < 400 && plain.location?.startsWith("https://") === true;
    const detail = `${plain.status}${plain.location === undefined ? "" : ` to ${plain.location}`} over plain HTTP`;
    return { id: "redirect", verdict: leadsToHttps ? "ok" : "weak", detail };
}
