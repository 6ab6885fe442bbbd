import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
    MkcertCA,
    MkcertCertificate,
    NamedTunnel,
    ServiceToken,
    SwarmTunnelSidecar,
    TraefikProxy,
} from "../../components/index.ts";
import { deploy, pem, type RegisteredResource } from "../support/mocks.ts";
import { ACCOUNT, CREDENTIALS, KEY, TUNNEL } from "./fixtures.ts";

/** Paths of the inputs that hold any of the texts, plain or in base64, and that are not sent as secrets. */
function leaksIn(resources: readonly RegisteredResource[], texts: readonly string[]): string[] {
    const needles = texts.flatMap((text) => [text, Buffer.from(text).toString("base64")]);
    return resources.flatMap(({ type, name, inputs, secrets }) =>
        leaves(inputs, "")
            .filter(({ path }) => !secrets.some((secret) => path === secret || path.startsWith(`${secret}.`)))
            .filter(({ text }) => needles.some((needle) => text.includes(needle)))
            .map(({ path }) => `${type} ${name}: ${path}`),
    );
}

function leaves(value: unknown, path: string): { path: string; text: string }[] {
    if (typeof value !== "object" || value === null) return [{ path, text: String(value) }];
    return Object.entries(value).flatMap(([key, inner]) =>
        leaves(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}${path === "" ? "" : "."}${key}`),
    );
}

describe("secrets", () => {
    it("reach the engine as secrets only, wherever a component passes them on", async () => {
        const { resources, result } = await deploy(() => {
            const tunnel = new NamedTunnel("edge", { accountId: ACCOUNT });
            const ca = new MkcertCA("ca", {});
            const leaf = new MkcertCertificate("leaf", {
                caCertPem: ca.certPem,
                caPrivateKeyPem: ca.privateKeyPem,
                dnsNames: ["traefik"],
            });
            new TraefikProxy("traefik", {
                networkIds: ["n"],
                certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
                routes: [],
            });
            const { tunnelId, credentials } = tunnel;
            new SwarmTunnelSidecar("connector", { tunnelId, credentials, networkIds: ["n"], originCaPem: ca.certPem });
            const token = new ServiceToken("ci", { accountId: ACCOUNT });
            return { credentials, caKey: ca.privateKeyPem, leafKey: leaf.privateKeyPem, token: token.clientSecret };
        });
        const bytes = Buffer.from("edge-secret".padEnd(32, ".")).toString("base64");
        const keys = ["ca-key", "leaf-key"].map((name) => pem("PRIVATE KEY", name));

        expect(leaksIn(resources, [bytes, ...keys])).toEqual([]);
        for (const output of Object.values(result ?? {})) expect(await pulumi.isSecret(output)).toBe(true);
        expect(resources.length).toBeGreaterThan(15);
    });

    it("become secrets even where a program gives them in clear", async () => {
        const { resources } = await deploy(() => {
            new SwarmTunnelSidecar("connector", { tunnelId: TUNNEL, credentials: CREDENTIALS, networkIds: ["n"] });
            const certPem = pem("CERTIFICATE", "x");
            new TraefikProxy("traefik", { networkIds: ["n"], certificates: [{ certPem, keyPem: KEY }], routes: [] });
            new MkcertCertificate("leaf", { caCertPem: certPem, caPrivateKeyPem: KEY, dnsNames: ["x"] });
        });
        expect(leaksIn(resources, [CREDENTIALS, KEY])).toEqual([]);
        const holders = resources.filter(({ secrets }) => secrets.length > 0).map(({ name }) => name);
        expect(holders).toEqual(
            expect.arrayContaining(["connector", "connector-credentials", "traefik", "traefik-key-0", "leaf"]),
        );
    });

    it("are found by this test if they are not secret", async () => {
        const { resources } = await deploy(
            () => new pulumi.ComponentResource("test:index:Careless", "careless", { nested: [{ key: KEY }] }),
        );
        expect(leaksIn(resources, [KEY])).toEqual(["test:index:Careless careless: nested[0].key"]);
    });
});
