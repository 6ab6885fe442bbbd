import { describe, expect, it } from "vitest";
import { lastsAWeek } from "../../cli/audit/days.ts";
import { handshakesVerdict } from "../../cli/audit/docker/originCertificates.ts";
import { wasChecked } from "../../cli/audit/finding.ts";
import { hostnameChecks } from "../../cli/audit/hostnameChecks.ts";
import { askedName } from "../../cli/audit/target.ts";
import type { AccessGate } from "../../emulator/edge/accessGate.ts";
import { CertificateAuthority } from "../../emulator/edge/index.ts";
import { HOSTNAME, OPEN_GATE, PublicEdgeUnderTest, showRequest } from "../edge/support/publicEdgeUnderTest.ts";
import { serveTls } from "../tls/support/servers.ts";

const DAY_MS = 86_400_000;
const APP = { hostname: HOSTNAME, path: "", aud: "a".repeat(64) };

/** What strangers get at an edge with this gate: `[check, whether it is well, what was seen]`. */
async function strangersAt(gate: AccessGate) {
    await using edge = await PublicEdgeUnderTest.start({ gate });
    await edge.connector(showRequest);
    const at = { host: "127.0.0.1", port: edge.port, caPem: edge.caPem };
    const target = { stack: "staging", accountId: "", hostnames: [APP], tunnels: [], api: { baseUrl: "", token: "" } };
    const findings = await hostnameChecks({ ...target, edge: at }, APP);
    return findings.filter(wasChecked).map(({ id, ok, detail }) => [id, ok, detail]);
}

function answering(status: number, headers: Record<string, string> = {}): AccessGate {
    return { decide: async () => ({ kind: "respond", status, headers, body: "", rule: "test" }) };
}

const REFUSALS = [
    "anonymous-request-is-refused",
    "wrong-service-token-is-refused",
    "foreign-token-is-refused",
    "expired-token-is-refused",
];

describe("strangers", () => {
    it.each([
        ["the login page", 302, { location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/app" }],
        ["401", 401, {}],
        ["403", 403, {}],
    ])("that get %s are refused", async (_, status, headers) => {
        const seen = await strangersAt(answering(status, headers));
        const detail = status === 302 ? "302 to the login page" : String(status);
        expect(seen).toEqual([
            ...REFUSALS.map((id) => [id, true, detail]),
            ["old-tls-is-refused", true, "TLS 1.0 and 1.1 are refused"],
            ["certificate-is-valid", true, expect.stringMatching(/^verified, for \d+ more days$/)],
        ]);
    });

    it.each([
        ["an answer of the origin's", OPEN_GATE, "200"],
        ["a redirect to anywhere else", answering(302, { location: "https://app.example.com/welcome" }), "302"],
        ["an error", answering(502), "502"],
    ])("that get %s are not", async (_, gate, detail) => {
        const seen = await strangersAt(gate);
        expect(seen.slice(0, 4)).toEqual(REFUSALS.map((id) => [id, false, detail]));
    });

    it("are not refused, nor the certificate good, where nobody answers", async () => {
        const nobody = { host: "127.0.0.1", port: 1, caPem: "" };
        const target = { stack: "s", accountId: "", hostnames: [APP], tunnels: [], api: { baseUrl: "", token: "" } };
        const findings = await hostnameChecks({ ...target, edge: nobody }, APP);
        expect(findings.filter(wasChecked).map(({ ok }) => ok)).toEqual(Array(6).fill(false));
    });

    it("are told of that could enter by a version of TLS that nobody should take any more", async () => {
        const { certPem, privateKeyPem } = await (await CertificateAuthority.open()).issue([HOSTNAME]);
        const weak = { minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" } as const;
        await using server = await serveTls({ cert: certPem, key: privateKeyPem, ...weak });
        const edge = { host: "127.0.0.1", port: server.port, caPem: "" };
        const target = { stack: "s", accountId: "", hostnames: [APP], tunnels: [], api: { baseUrl: "", token: "" } };
        const findings = await hostnameChecks({ ...target, edge }, APP);
        expect(findings.find(({ id }) => id === "old-tls-is-refused")).toMatchObject({
            ok: false,
            detail: "takes TLSv1 and TLSv1.1",
            remedy: expect.stringContaining("minimum TLS version"),
        });
    });

    it("ask a wildcard for some name below it", () => {
        expect(askedName({ hostname: "*.example.com" })).toBe("sallyport-audit.example.com");
        expect(askedName({ hostname: "a.example.com" })).toBe("a.example.com");
    });
});

describe("a certificate", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    const inDays = (days: number) => new Date(now + days * DAY_MS);

    it.each([
        [90, true, "for 90 more days"],
        [7, true, "for 7 more days"],
        [6.9, false, "for 6 more days"],
        [-0.5, false, "has ended"],
    ])("with %d days left", (days, ok, detail) => {
        expect(lastsAWeek([inDays(days)], now)).toEqual({ ok, detail });
    });

    it("among several counts when it ends first", () => {
        expect(lastsAWeek([inDays(90), inDays(3)], now)).toEqual({ ok: false, detail: "for 3 more days" });
    });
});

describe("the certificates that an origin's replicas show", () => {
    const shown = (days: number) => ({ address: "10.0.5.6", ends: new Date(Date.now() + days * DAY_MS).toUTCString() });

    it("are verified at every address", () => {
        expect(handshakesVerdict([shown(30.5), shown(90)])).toEqual({
            ok: true,
            detail: "verified at 2 addresses, for 30 more days",
        });
    });

    it("are bad when one of them is, or none is shown", () => {
        const bad = { address: "10.0.5.7", error: "self-signed certificate" };
        expect(handshakesVerdict([shown(90), bad])).toEqual({ ok: false, detail: "10.0.5.7: self-signed certificate" });
        expect(handshakesVerdict([shown(90), shown(2)])).toMatchObject({ ok: false });
        expect(handshakesVerdict([])).toMatchObject({ ok: false, detail: expect.stringContaining("no address") });
    });
});
