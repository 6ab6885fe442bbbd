import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { type Answer, askEdge } from "../edgeRequest.ts";
import type { TlsTarget } from "../tls/handshake.ts";
import { oldVersionsOf } from "../tls/offered.ts";
import type { CheckId } from "./catalogue.ts";
import { lastsAWeek } from "./days.ts";
import { check, type Finding } from "./finding.ts";
import { type AuditedHostname, type AuditTarget, askedName } from "./target.ts";

/** What a stranger gets at a hostname, with nothing, with a wrong service token, and with tokens that nobody of ours signed. */
export async function hostnameChecks(target: AuditTarget, hostname: AuditedHostname): Promise<Finding[]> {
    const subject = `${hostname.hostname}${hostname.path}`;
    const asked = { hostname: askedName(hostname), path: hostname.path };
    const refused = (id: CheckId, headers: () => Promise<Record<string, string>>) =>
        check(id, subject, async () => verdict(await askEdge(target, asked, await headers())));
    return Promise.all([
        refused("anonymous-request-is-refused", async () => ({})),
        refused("wrong-service-token-is-refused", async () => ({
            "cf-access-client-id": `${"0".repeat(32)}.access`,
            "cf-access-client-secret": "0".repeat(64),
        })),
        refused("foreign-token-is-refused", async () => tokenHeaders(await foreignToken(hostname.aud, 3600))),
        refused("expired-token-is-refused", async () => tokenHeaders(await foreignToken(hostname.aud, -3600))),
        check("old-tls-is-refused", subject, async () => {
            const taken = await oldVersionsOf(tlsTarget(target, asked.hostname));
            return taken.length === 0
                ? { ok: true, detail: "TLS 1.0 and 1.1 are refused" }
                : { ok: false, detail: `takes ${taken.join(" and ")}` };
        }),
        check("certificate-is-valid", subject, async () => {
            const { certificateEnds } = await askEdge(target, asked);
            const { ok, detail } = lastsAWeek([certificateEnds]);
            return { ok, detail: `verified, ${detail}` };
        }),
    ]);
}

/** The edge as TLS sees it, under the name that is audited. */
function tlsTarget({ edge }: AuditTarget, serverName: string): TlsTarget {
    return edge === undefined
        ? { address: serverName, port: 443, serverName }
        : { address: edge.host, port: edge.port, serverName, caPem: edge.caPem };
}

/** Refused is a redirect to the login page, or an answer that says so. */
function verdict({ status, location }: Answer): { ok: boolean; detail: string } {
    if (status === 302 && location?.includes("/cdn-cgi/access/login")) {
        return { ok: true, detail: "302 to the login page" };
    }
    return { ok: status === 401 || status === 403, detail: `${status}` };
}

function tokenHeaders(token: string): Record<string, string> {
    return { "cf-access-token": token, "cf-access-jwt-assertion": token, cookie: `CF_Authorization=${token}` };
}

/** Right in every claim, but signed by a key that was made for this question. */
async function foreignToken(audience: string, secondsLeft: number): Promise<string> {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ email: "stranger@example.com", type: "app" })
        .setProtectedHeader({ alg: "RS256", kid: "stranger", typ: "JWT" })
        .setAudience(audience)
        .setIssuedAt(now - 7200)
        .setExpirationTime(now + secondsLeft)
        .sign(privateKey);
}
