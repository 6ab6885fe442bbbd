/** Roots and leaves take turns while requests go on, through the real Traefik to a backend over TLS. */
import { X509Certificate } from "node:crypto";
import { get } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MkcertCAArgs } from "../../components/index.ts";
import { type Issued, issue, type LeafArgs } from "../components/support/issuedCertificates.ts";
import { certificateState } from "../components/support/tlsProvider.ts";
import { type ListeningSecurely, serveTls } from "../tls/support/servers.ts";
import { askAtRate } from "./support/load.ts";
import { startWatchedTraefik, type WatchedTraefik } from "./support/watchedTraefik.ts";

const ECDSA = { algorithm: "ECDSA" } as const;
const REQUESTS_PER_SECOND = 100;
const HOSTNAME = "app.internal";
const LEAF: LeafArgs = { ...ECDSA, dnsNames: [HOSTNAME] };

const state = certificateState();
let backend: ListeningSecurely;
let traefik: WatchedTraefik;
let deployed: Issued;
/** What clients verify with: each one that is told later keeps the bundle of before for a while. */
let bundles: string[];
let files = 0;
let answered = 0;
let waiting: { until: number; resolve: () => void } | undefined;

/** A deployment as far as certificates go: parts learn of it one after the other, requests go on in between. */
async function deploy(ca: MkcertCAArgs, leaf: LeafArgs = LEAF): Promise<void> {
    const next = await issue({ ...ECDSA, ...ca }, leaf, state);
    bundles = [deployed.trustBundlePem, next.trustBundlePem];
    await manyAnswers();
    backend.show({ cert: next.chainPem, key: next.keyPem });
    await manyAnswers();
    await configure(next);
    await manyAnswers();
    deployed = next;
}

/** As many requests as make it likely that one is caught in between. */
function manyAnswers(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting = { until: answered + REQUESTS_PER_SECOND, resolve };
    return promise;
}

async function configure({ chainPem, keyPem, certPem, trustBundlePem }: Issued): Promise<void> {
    files += 1;
    const certificates = [
        { certFile: traefik.write(`cert-${files}.pem`, chainPem), keyFile: traefik.write(`key-${files}.pem`, keyPem) },
    ];
    const caFile = traefik.write(`ca-${files}.pem`, trustBundlePem);
    const service = `https://127.0.0.1:${backend.port}`;
    const routes = [{ name: "app", hostname: HOSTNAME, service, serverName: HOSTNAME, caFile }];
    const { serialNumber } = new X509Certificate(certPem);
    await traefik.configure({ certificates, routes }, { serverName: HOSTNAME, serialNumber });
}

beforeAll(async () => {
    const first = await issue({ ...ECDSA, generation: 1 }, LEAF, state);
    backend = await serveTls({ cert: first.chainPem, key: first.keyPem }, (_, response) => response.end("ok"));
    traefik = await startWatchedTraefik();
    bundles = [first.trustBundlePem];
    await configure(first);
    deployed = first;
});
afterAll(async () => {
    await traefik?.[Symbol.asyncDispose]();
    await backend?.[Symbol.asyncDispose]();
});

/** A request on a connection of its own, by one of the clients, so that each one is a verified handshake. */
function ask(index: number): Promise<{ status: number; body: string }> {
    const ca = bundles[index % bundles.length];
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
        const target = { host: "127.0.0.1", port: traefik.port, servername: HOSTNAME, headers: { host: HOSTNAME } };
        get({ ...target, ca, agent: false }, (response) => {
            let body = "";
            response.setEncoding("utf8").on("data", (chunk: string) => {
                body += chunk;
            });
            response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        }).on("error", reject);
    }).finally(() => {
        answered += 1;
        if (answered === waiting?.until) waiting.resolve();
    });
}

/** All answers while deployments follow each other, with the requests that each second had. */
async function answersDuring(deployments: () => Promise<void>) {
    const start = performance.now();
    const end = deployments();
    const answers = await askAtRate(REQUESTS_PER_SECOND, end, ask);
    const seconds = (performance.now() - start) / 1000;
    const count = [...answers.values()].reduce((sum, each) => sum + each, 0);
    return { answers: Object.fromEntries(answers), perSecond: count / seconds };
}

describe("100 requests a second", () => {
    it("all succeed while a root makes way for the next, and leaves with it", async () => {
        const firstRoot = deployed.rootPem;
        const { answers, perSecond } = await answersDuring(async () => {
            await deploy({ generation: 1, alsoTrust: [2] });
            await deploy({ generation: 2, alsoTrust: [1] });
            await deploy({ generation: 2 });
        });
        expect(Object.keys(answers)).toEqual(["200 ok"]);
        expect(perSecond).toBeGreaterThan(REQUESTS_PER_SECOND * 0.9);
        expect(deployed.trustBundlePem).not.toContain(firstRoot);
    });

    it("all succeed while a leaf is made anew", async () => {
        const before = deployed.certPem;
        const { answers } = await answersDuring(() =>
            deploy({ generation: 2 }, { ...LEAF, organizationalUnit: "renewed" }),
        );
        expect(Object.keys(answers)).toEqual(["200 ok"]);
        expect(deployed.certPem).not.toBe(before);
    });

    it("would fail if the next root signed before anybody trusted it", async () => {
        const { answers } = await answersDuring(() => deploy({ generation: 3 }));
        expect(Object.keys(answers).length).toBeGreaterThan(1);
    });
});
