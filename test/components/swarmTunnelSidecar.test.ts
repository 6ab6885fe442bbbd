import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { SwarmTunnelSidecar, type SwarmTunnelSidecarArgs } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf, UNKNOWN } from "../support/mocks.ts";
import { CERTIFICATE, CREDENTIALS, Token, TUNNEL, textOf } from "./fixtures.ts";

const minimal: SwarmTunnelSidecarArgs = { tunnelId: TUNNEL, credentials: CREDENTIALS, networkIds: ["net-a", "net-b"] };

function sidecar(args: Partial<SwarmTunnelSidecarArgs> = {}) {
    return deploy(() => new SwarmTunnelSidecar("connector", { ...minimal, ...args }));
}

async function containerOf(args: Partial<SwarmTunnelSidecarArgs>) {
    const { inputsOf } = await sidecar(args);
    const { taskSpec } = inputsOf(Token.Service, "connector-service") as {
        taskSpec: { containerSpec: Record<string, unknown> & { env: Record<string, string> } };
    };
    return taskSpec.containerSpec;
}

describe("SwarmTunnelSidecar", () => {
    it("is an unprivileged service that publishes nothing and is replaced without a gap", async () => {
        const { inputsOf } = await sidecar();
        const update = { parallelism: 1, delay: "0s", monitor: "10s", maxFailureRatio: "0.0", order: "start-first" };
        expect(inputsOf(Token.Service, "connector-service")).toEqual({
            labels: [],
            mode: { replicated: { replicas: 2 } },
            endpointSpec: { mode: "dnsrr" },
            updateConfig: { ...update, failureAction: "rollback" },
            rollbackConfig: { ...update, failureAction: "pause" },
            convergeConfig: { delay: "500ms", timeout: "2m" },
            taskSpec: {
                containerSpec: {
                    image: "cloudflare/cloudflared:2025.2.0",
                    commands: ["cloudflared"],
                    args: ["tunnel", "run", "--credentials-file", "/run/secrets/tunnel-credentials.json", TUNNEL],
                    env: {
                        NO_AUTOUPDATE: "true",
                        TUNNEL_GRACE_PERIOD: "30s",
                        TUNNEL_LOGLEVEL: "info",
                        TUNNEL_MANAGEMENT_DIAGNOSTICS: "false",
                        TUNNEL_METRICS: "127.0.0.1:20241",
                        TUNNEL_TRANSPORT_PROTOCOL: "auto",
                    },
                    user: "65532:65532",
                    readOnly: true,
                    capDrops: ["ALL"],
                    secrets: [
                        {
                            secretId: "connector-credentials-id",
                            secretName: "connector-credentials-0123abc",
                            fileName: "/run/secrets/tunnel-credentials.json",
                            fileUid: "65532",
                            fileGid: "65532",
                            fileMode: 0o400,
                        },
                    ],
                    configs: [],
                    healthcheck: {
                        tests: ["CMD", "cloudflared", "tunnel", "--metrics", "127.0.0.1:20241", "ready"],
                        interval: "5s",
                        timeout: "5s",
                        startPeriod: "30s",
                        retries: 12,
                    },
                    stopGracePeriod: "35s",
                },
                networksAdvanceds: [{ id: "net-a" }, { id: "net-b" }],
                resources: { limits: { memoryBytes: 268435456, nanoCpus: 1_000_000_000 } },
                restartPolicy: { condition: "any", delay: "2s", maxAttempts: 0, window: "0s" },
            },
        });
    });

    it("carries the credentials as a Docker secret that Pulumi names, so that a new one comes before the old one goes", async () => {
        const { inputsOf, resource } = await sidecar({ labels: { "sallyport.stack": "local" } });
        const secret = inputsOf(Token.Secret, "connector-credentials");
        expect(textOf(secret)).toBe(CREDENTIALS);
        expect(secret).not.toHaveProperty("name");
        expect(inputsOf(Token.Service, "connector-service")).not.toHaveProperty("name");
        expect(resource(Token.Secret, "connector-credentials").secrets).toEqual(["data"]);
    });

    it("puts the origin CA where ingress rules look for it", async () => {
        const { inputsOf } = await sidecar({ originCaPem: CERTIFICATE });
        expect(textOf(inputsOf(Token.Config, "connector-origin-ca"))).toBe(CERTIFICATE);
        expect(inputsOf(Token.Service, "connector-service")).toMatchObject({
            taskSpec: {
                containerSpec: {
                    configs: [
                        {
                            configId: "connector-origin-ca-id",
                            configName: "connector-origin-ca-0123abc",
                            fileName: "/etc/sallyport/origin-ca.pem",
                            fileMode: 0o444,
                        },
                    ],
                },
            },
        });
    });

    it("dials an edge of one's own over HTTP/2, trusts its authority alone, and takes no proxy unasked", async () => {
        const container = await containerOf({
            edge: { addresses: ["172.18.0.1:7844", "172.18.0.1:7845"], caPem: CERTIFICATE },
        });
        expect(container.env).toMatchObject({
            TUNNEL_EDGE: "172.18.0.1:7844,172.18.0.1:7845",
            TUNNEL_TRANSPORT_PROTOCOL: "http2",
            SSL_CERT_FILE: "/etc/sallyport/edge-ca.pem",
            TUNNEL_NO_PRECHECKS: "true",
        });
        expect(Object.keys(container.env).filter((name) => name.endsWith("_PROXY"))).toEqual([]);
        expect(container.configs).toMatchObject([
            { configId: "connector-edge-ca-id", fileName: "/etc/sallyport/edge-ca.pem" },
        ]);
    });

    it("fetches the team's keys through a proxy, and asks origins without it", async () => {
        const { env } = await containerOf({
            edge: {
                addresses: ["host.docker.internal:7844", "host.docker.internal:7845"],
                caPem: CERTIFICATE,
                teamProxy: {
                    address: pulumi.output("host.docker.internal:7848"),
                    directHosts: ["traefik", pulumi.output("nas.lan"), "[fd00::5]"],
                },
            },
        });
        expect(env).toMatchObject({
            TUNNEL_EDGE: "host.docker.internal:7844,host.docker.internal:7845",
            HTTPS_PROXY: "http://host.docker.internal:7848",
            NO_PROXY: "traefik,nas.lan,fd00::5",
        });
        // This one would capture requests to plain origins.
        expect(env).not.toHaveProperty("HTTP_PROXY");
    });

    it("serves figures to a network of Prometheus's, and to nobody unasked", async () => {
        const metricsNetwork = { id: "net-metrics", alias: "sallyport-test-connectors" };
        const { inputsOf } = await sidecar({ networkIds: pulumi.output(["net-a"]), metricsNetwork });
        expect(inputsOf(Token.Service, "connector-service")).toMatchObject({
            taskSpec: {
                // A probe that asks on loopback is still answered.
                containerSpec: {
                    env: { TUNNEL_METRICS: "0.0.0.0:20241" },
                    healthcheck: { tests: ["CMD", "cloudflared", "tunnel", "--metrics", "127.0.0.1:20241", "ready"] },
                },
                networksAdvanceds: [{ id: "net-a" }, { id: "net-metrics", aliases: ["sallyport-test-connectors"] }],
            },
        });
    });

    it("says nothing of origins where none speaks TLS", async () => {
        const teamProxy = { address: "172.18.0.1:7848" };
        const { env } = await containerOf({ edge: { addresses: ["172.18.0.1:7844"], caPem: CERTIFICATE, teamProxy } });
        expect(env).toMatchObject({ HTTPS_PROXY: "http://172.18.0.1:7848" });
        expect(env).not.toHaveProperty("NO_PROXY");
    });

    it("names a single edge address twice, because cloudflared does not back off from one", async () => {
        const { env } = await containerOf({ edge: { addresses: ["edge.internal:7844"], caPem: CERTIFICATE } });
        expect(env.TUNNEL_EDGE).toBe("edge.internal:7844,edge.internal:7844");
    });

    it("takes labels, constraints, protocol, replicas and log level", async () => {
        const { inputsOf } = await sidecar({
            labels: { b: "2", "a.x": "1" },
            constraints: ["node.role==worker"],
            replicas: 25,
            protocol: "quic",
            logLevel: "warn",
            image: "registry.example.com:5000/cloudflared:2025.4.0",
            convergeTimeout: "0s",
        });
        const service = inputsOf(Token.Service, "connector-service");
        const labels = [
            { label: "a.x", value: "1" },
            { label: "b", value: "2" },
        ];
        expect(service).toMatchObject({
            labels,
            mode: { replicated: { replicas: 25 } },
            taskSpec: {
                placement: { constraints: ["node.role==worker"] },
                containerSpec: {
                    image: "registry.example.com:5000/cloudflared:2025.4.0",
                    env: { TUNNEL_TRANSPORT_PROTOCOL: "quic", TUNNEL_LOGLEVEL: "warn" },
                },
            },
        });
        expect(service).not.toHaveProperty("convergeConfig");
        expect(inputsOf(Token.Secret, "connector-credentials")).toMatchObject({ labels });
    });

    it("shows the policy pack how many networks it joins before their ids are known", async () => {
        const networkIds = [pulumi.output("net-a"), pulumi.output(pulumi.unknown as unknown as string)];
        const { inputsOf } = await deploy(() => new SwarmTunnelSidecar("connector", { ...minimal, networkIds }), {
            preview: true,
        });
        expect(inputsOf(Token.Service, "connector-service")).toMatchObject({
            taskSpec: { networksAdvanceds: [{ id: "net-a" }, { id: UNKNOWN }] },
        });
    });

    it("gives the service's name and id", async () => {
        const { result } = await sidecar();
        expect(await promiseOf((result as SwarmTunnelSidecar).serviceName)).toBe("connector-service-0123abc");
        expect(await promiseOf((result as SwarmTunnelSidecar).serviceId)).toBe("connector-service-id");
    });

    it("tells all mistakes at once and never quotes the credentials", async () => {
        const credentials = '{"TunnelSecret":"hush"}';
        const { error, resources } = await deploy(
            () =>
                new SwarmTunnelSidecar("a connector", {
                    tunnelId: "edge",
                    credentials,
                    networkIds: [],
                    image: "cloudflare/cloudflared:latest",
                    replicas: 26,
                    originCaPem: "ca.pem",
                    constraints: ["manager"],
                    logLevel: "verbose" as "info",
                    protocol: "quic",
                    convergeTimeout: "2",
                    edge: {
                        addresses: ["172.18.0.1"],
                        caPem: "",
                        teamProxy: { address: "http://10.0.0.5:3128", directHosts: ["traefik", "https://nas", "*"] },
                    },
                }),
        );
        expect(problemsOf(error)).toEqual({
            name: '"a connector" is no name for Docker. Write letters, digits and inner . _ - only.',
            tunnelId: expect.stringContaining('"edge" is not a tunnel id'),
            credentials: 'is not a credentials file. Give the "credentials" of a NamedTunnel.',
            networkIds: "is empty. Give the ids of the overlay networks to join.",
            image: expect.stringContaining("moves by itself"),
            replicas: "26 is not a number of replicas. Write a whole number between 1 and 25.",
            originCaPem: expect.stringContaining("is not a PEM certificate"),
            "constraints[0]": '"manager" is not a constraint. Write one such as "node.role==worker".',
            logLevel: '"verbose" is unknown. Write one of debug, info, warn, error.',
            protocol: '"quic" is not spoken by an edge of one\'s own. Write "http2" or leave it out.',
            convergeTimeout: expect.stringContaining('"2" is not a duration'),
            "edge.addresses[0]": expect.stringContaining("is not an edge address"),
            "edge.caPem": expect.stringContaining("is not a PEM certificate"),
            "edge.teamProxy.address":
                '"http://10.0.0.5:3128" is not the address of a proxy. Write host and port without a scheme, such as "10.0.0.5:3128".',
            "edge.teamProxy.directHosts[1]": expect.stringContaining('"https://nas" is not a host'),
            "edge.teamProxy.directHosts[2]": expect.stringContaining('"*" is not a host'),
        });
        expect((error as Error).message).not.toContain("hush");
        expect(resources).toEqual([]);
    });
});
