/** What the real Traefik, configured by our components, takes from clients and believes of backends. */
import { X509Certificate } from "node:crypto";
import { get } from "node:https";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkTls } from "../../cli/tls/check.ts";
import { type TlsTarget, tryHandshake } from "../../cli/tls/handshake.ts";
import { offeredBy } from "../../cli/tls/offered.ts";
import type { ResolvedRoute } from "../../components/proxy/traefik/dynamicConfiguration.ts";
import { type Issued, issue } from "../components/support/issuedCertificates.ts";
import { certificateState } from "../components/support/tlsProvider.ts";
import { type Listening, serveTls } from "../tls/support/servers.ts";
import { startWatchedTraefik, type WatchedTraefik } from "./support/watchedTraefik.ts";

const ECDSA = { algorithm: "ECDSA" } as const;
const state = certificateState();
/** A leaf of the one authority that everybody here trusts. */
const leafOf = (dnsName: string, algorithm: "RSA" | "ECDSA" = "ECDSA") =>
    issue(ECDSA, { algorithm, dnsNames: [dnsName] }, state);

const backends: Record<string, Listening & { asked: number }> = {};
let traefik: WatchedTraefik;
let authority: Issued;

beforeAll(async () => {
    authority = await leafOf("rsa.internal", "RSA");
    const ecdsa = await leafOf("ecdsa.internal");
    const foreign = await issue(ECDSA, { ...ECDSA, dnsNames: ["foreign.internal"] });
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2020-01-01") });
    const ended = await issue(
        { existing: { certPem: authority.rootPem, privateKeyPem: authority.rootKeyPem } },
        { ...ECDSA, dnsNames: ["ended.internal", "backend"] },
    );
    vi.useRealTimers();

    const good = await leafOf("backend");
    await backend("good", good);
    await backend("named-otherwise", await leafOf("other"));
    await backend("foreign", await issue(ECDSA, { ...ECDSA, dnsNames: ["backend"] }));
    await backend("ended", ended);
    await backend("not-permitted", good);

    traefik = await startWatchedTraefik();
    const caFile = traefik.write("ca.pem", authority.trustBundlePem);
    // The same name and key, held to other names: what was signed with the key is not permitted.
    const strict = await issue(
        { ...ECDSA, permitted: { dnsDomains: ["internal"] } },
        { dnsNames: ["a.internal"] },
        state,
    );
    const strictCaFile = traefik.write("strict-ca.pem", strict.trustBundlePem);
    const routes: ResolvedRoute[] = Object.entries(backends).map(([name, { port }]) => ({
        name,
        hostname: `${name}.example.com`,
        service: `https://127.0.0.1:${port}`,
        serverName: "backend",
        caFile: name === "not-permitted" ? strictCaFile : caFile,
    }));
    const certificates = [authority, ecdsa, foreign, ended, await leafOf("*.example.com")].map((issued, index) => ({
        certFile: traefik.write(`cert-${index}.pem`, issued.chainPem),
        keyFile: traefik.write(`key-${index}.pem`, issued.keyPem),
    }));
    const { serialNumber } = new X509Certificate(ecdsa.certPem);
    await traefik.configure({ certificates, routes }, { serverName: "ecdsa.internal", serialNumber });
});

afterAll(async () => {
    await traefik?.[Symbol.asyncDispose]();
    for (const server of Object.values(backends)) await server[Symbol.asyncDispose]();
});

/** A backend over TLS that counts who gets through to it. */
async function backend(name: string, { chainPem, keyPem }: Issued): Promise<void> {
    const server = await serveTls({ cert: chainPem, key: keyPem }, (_, response) => {
        if (backends[name] !== undefined) backends[name].asked += 1;
        response.end(name);
    });
    backends[name] = { ...server, asked: 0 };
}

const at = (serverName: string): TlsTarget => ({
    address: "127.0.0.1",
    port: traefik.port,
    serverName,
    caPem: authority.trustBundlePem,
});

describe("clients of the proxy", () => {
    it.each(["RSA", "ECDSA"])(
        "with an %s certificate get TLS 1.2 with exactly its three suites, and 1.3",
        async (kind) => {
            const { versions } = await offeredBy(at(`${kind.toLowerCase()}.internal`));
            const taken = Object.fromEntries(versions.map(({ version, suites }) => [version, suites.toSorted()]));
            expect(taken).toEqual({
                TLSv1: [],
                "TLSv1.1": [],
                "TLSv1.2": [
                    `TLS_ECDHE_${kind}_WITH_AES_128_GCM_SHA256`,
                    `TLS_ECDHE_${kind}_WITH_AES_256_GCM_SHA384`,
                    `TLS_ECDHE_${kind}_WITH_CHACHA20_POLY1305_SHA256`,
                ],
                "TLSv1.3": ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
            });
        },
    );

    it("find nothing weak at it", async () => {
        const { checks } = await checkTls(at("ecdsa.internal"));
        expect(checks.filter(({ verdict }) => verdict === "weak")).toEqual([]);
    });

    it("that ask for another name, or for none, get no certificate at all", async () => {
        expect(await tryHandshake(at("stranger.internal"))).toBeUndefined();
        expect(await tryHandshake(at("127.0.0.1"))).toBeUndefined();
    });

    it.each([
        ["ended.internal", "CERT_HAS_EXPIRED"],
        ["foreign.internal", "SELF_SIGNED_CERT_IN_CHAIN"],
    ])("refuse what it shows as %s", async (serverName, code) => {
        await expect(ask(serverName)).rejects.toMatchObject({ code });
    });
});

describe("a backend over TLS", () => {
    it("answers through the proxy where its certificate is verified", async () => {
        expect(await ask("good.example.com")).toEqual({ status: 200, body: "good" });
    });

    it.each(["named-otherwise", "foreign", "ended", "not-permitted"])(
        "gets no request where its certificate is %s",
        async (name) => {
            const { status } = await ask(`${name}.example.com`);
            expect(status).toBe(500);
            expect(backends[name]?.asked).toBe(0);
        },
    );
});

function ask(serverName: string): Promise<{ status: number | undefined; body: string }> {
    const { address: host, port, caPem: ca } = at(serverName);
    return new Promise((resolve, reject) => {
        get({ host, port, servername: serverName, headers: { host: serverName }, ca, agent: false }, (response) => {
            response.setEncoding("utf8");
            let body = "";
            response.on("data", (chunk: string) => {
                body += chunk;
            });
            response.on("end", () => resolve({ status: response.statusCode, body }));
        }).on("error", reject);
    });
}
