import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectDir } from "../../cli/project.ts";
import { METRICS_READERS } from "../../components/proxy/traefik/middlewares.ts";
import { type Environment, LocalRuntime } from "../../stacks/config/environment.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { Token, textOf } from "../components/fixtures.ts";
import { deploy } from "../support/mocks.ts";

const staging = readStackFile(projectDir, "staging", { environment: {} });

function deployed(environment: Environment) {
    return deploy(() => deployStack(environment));
}

describe("an environment", () => {
    it.each(["staging", "prod"])(
        "%s publishes every app, each guarded by its own Access application",
        async (stack) => {
            const environment = readStackFile(projectDir, stack, { environment: {} });
            const { resource, error } = await deployed(environment);
            expect(error).toBeUndefined();
            for (const { name, hostname } of environment.apps) {
                const application = resource(Token.AccessApplication, `${name}-application`);
                const record = resource(Token.DnsRecord, `ingress-${hostname}`);
                expect(application.inputs.domain).toBe(hostname);
                expect(application.inputs.policies).not.toHaveLength(0);
                expect(record.dependencies).toContain(application.urn);
            }
        },
    );

    it("asks Cloudflare with the token of its stack file, which stays a secret", async () => {
        const { resource } = await deploy(() => deployStack(staging, pulumi.secret("token of the file")));
        const { inputs, secrets } = resource("pulumi:providers:cloudflare", "cloudflare");
        expect(inputs.apiToken).toBe("token of the file");
        expect(secrets).toContain("apiToken");
    });

    it("sends HTTP through the proxy over TLS, and other protocols straight to their service", async () => {
        const { inputsOf } = await deployed(staging);
        const { config } = inputsOf(Token.TunnelConfig, "ingress-config") as {
            config: { ingresses: { hostname?: string; service: string; originRequest?: { caPool?: string } }[] };
        };
        const services = Object.fromEntries(
            config.ingresses.map(({ hostname, service, originRequest }) => [
                hostname,
                [service, originRequest?.caPool],
            ]),
        );
        expect(services).toEqual({
            "grafana-staging.example.com": ["https://traefik:8443", "/etc/sallyport/origin-ca.pem"],
            "registry-staging.example.com": ["https://traefik:8443", "/etc/sallyport/origin-ca.pem"],
            "orders-db-staging.example.com": ["tcp://postgres:5432", undefined],
            undefined: ["http_status:404", undefined],
        });
    });

    it("believes what the network of the connector says about visitors, and removes what visitors could have written", async () => {
        const { inputsOf } = await deployed(staging);
        const file = (name: string) => parse(textOf(inputsOf(Token.Config, name)));
        const { forwardedHeaders, http } = file("traefik-static").entryPoints.websecure;
        expect(forwardedHeaders).toEqual({ insecure: false, trustedIPs: ["10.0.2.0/24"] });
        expect(http.middlewares).toEqual(["sallyport-visitor-headers@file"]);
        expect(file("traefik-dynamic").http.middlewares).toHaveProperty("sallyport-visitor-headers");
    });

    it("lets the connector see the proxy and the databases it serves, and nothing else", async () => {
        const { inputsOf } = await deployed(staging);
        const networksOf = (service: string) => {
            const { taskSpec } = inputsOf("docker:index/service:Service", service) as {
                taskSpec: { networksAdvanceds: { id: string }[] };
            };
            return taskSpec.networksAdvanceds.map(({ id }) => id).sort();
        };
        expect(networksOf("tunnel-connector-service")).toEqual([
            "edge-network-id",
            "egress-network-id",
            "orders-db-network-id",
        ]);
        expect(networksOf("traefik-service")).toEqual(["edge-network-id", "grafana-network-id", "registry-network-id"]);
    });

    it("gives nothing but the connector a way out", async () => {
        const { inputsOf } = await deployed(staging);
        for (const network of ["grafana-network", "registry-network", "orders-db-network", "edge-network"]) {
            expect(inputsOf("docker:index/network:Network", network), network).toMatchObject({ internal: true });
        }
        expect(inputsOf("docker:index/network:Network", "egress-network")).toMatchObject({ internal: false });
    });

    it("serves figures on no network unless it is asked to, then on one that is internal, the connectors' only if those are named", async () => {
        const metricsOf = async (metrics?: { connectors: boolean }) => {
            const { result, inputsOf, resources } = await deployed({ ...staging, ...(metrics && { metrics }) });
            const attachments = (service: string) => {
                const { taskSpec } = inputsOf("docker:index/service:Service", service) as {
                    taskSpec: { networksAdvanceds: { id: string; aliases?: string[] }[] };
                };
                return taskSpec.networksAdvanceds.flatMap(({ id, aliases = [] }) =>
                    id === "metrics-network-id" ? aliases : [],
                );
            };
            const { tunnels } = result as unknown as { tunnels: { servesMetrics?: boolean }[] };
            return {
                networks: resources.filter(({ name }) => name === "metrics-network").map(({ inputs }) => inputs),
                connectors: attachments("tunnel-connector-service"),
                proxies: attachments("traefik-service"),
                entryPoints: Object.keys(parse(textOf(inputsOf(Token.Config, "traefik-static"))).entryPoints),
                readers: parse(textOf(inputsOf(Token.Config, "traefik-dynamic"))).http.middlewares[METRICS_READERS],
                declared: tunnels.map(({ servesMetrics }) => servesMetrics),
            };
        };
        const none = { networks: [], connectors: [], proxies: [], declared: [undefined] };
        expect(await metricsOf()).toEqual({ ...none, entryPoints: ["ping", "web", "websecure"] });
        const proxies = {
            networks: [
                expect.objectContaining({ name: "sallyport-staging-metrics", internal: true, attachable: false }),
            ],
            proxies: ["sallyport-staging-proxies"],
            readers: { ipAllowList: { sourceRange: ["10.0.2.0/24"] } },
            entryPoints: ["ping", "web", "websecure", "metrics"],
        };
        expect(await metricsOf({ connectors: false })).toEqual({ ...none, ...proxies });
        const connectors = ["sallyport-staging-connectors"];
        expect(await metricsOf({ connectors: true })).toEqual({ ...none, ...proxies, connectors, declared: [true] });
    });

    it("runs no proxy where nothing speaks HTTP", async () => {
        const { resources } = await deployed({
            ...staging,
            apps: staging.apps.filter(({ name }) => name === "orders-db"),
        });
        expect(resources.filter(({ name }) => name.startsWith("traefik"))).toEqual([]);
    });

    it("labels everything in Docker with the stack's name", async () => {
        const { resources } = await deployed(staging);
        const inDocker = resources.filter(({ type }) => type.startsWith("docker:"));
        expect(inDocker.length).toBeGreaterThan(8);
        for (const { name, inputs } of inDocker) {
            expect(inputs.labels, name).toContainEqual({ label: "sallyport.stack", value: "staging" });
        }
    });

    it("points provider and connector at the emulator only where the environment names one", async () => {
        const emulator = {
            apiBaseUrl: "http://127.0.0.1:8787/client/v4",
            // Not where the emulator listens, but where containers dial: on Docker Desktop a name that they alone resolve.
            edge: ["host.docker.internal:7844", "host.docker.internal:7845"],
            edgeCaPem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            runtime: {
                kind: LocalRuntime.Swarm,
                teamProxy: "host.docker.internal:7848",
                images: {
                    cloudflared: "sallyport.local/cloudflared:1",
                    traefik: "sallyport.local/traefik:1",
                    demo: "sallyport.local/whoami:1",
                },
            },
        };
        const local = await deployed({ ...staging, stack: "local", emulator });
        expect(local.error).toBeUndefined();
        expect(local.inputsOf("pulumi:providers:cloudflare", "cloudflare")).toMatchObject({
            baseUrl: emulator.apiBaseUrl,
        });
        expect(local.inputsOf("docker:index/service:Service", "tunnel-connector-service")).toMatchObject({
            taskSpec: {
                containerSpec: {
                    env: {
                        TUNNEL_EDGE: "host.docker.internal:7844,host.docker.internal:7845",
                        HTTPS_PROXY: "http://host.docker.internal:7848",
                        NO_PROXY: "traefik",
                    },
                },
            },
        });
        const real = await deployed(staging);
        expect(real.inputsOf("pulumi:providers:cloudflare", "cloudflare")).not.toHaveProperty("baseUrl");
        expect(JSON.stringify(real.inputsOf("docker:index/service:Service", "tunnel-connector-service"))).not.toMatch(
            /TUNNEL_EDGE|_PROXY/,
        );
    });

    it("guards the same hostnames where there is no Docker, declares nothing of Docker's and asks origins directly", async () => {
        const local = { ...readStackFile(projectDir, "local", { environment: {}, readEmulator: false }) };
        const other = { name: "wiki", hostname: "wiki.sallyport.localhost", service: "http://127.0.0.1:3000" };
        const apps = [...local.apps, { ...other, audience: ["developers"] }];
        const runtime = { kind: LocalRuntime.Processes, demoService: "http://127.0.0.1:8090" };
        const emulator = {
            apiBaseUrl: "http://127.0.0.1:8787/client/v4",
            edge: ["127.0.0.1:7844"],
            edgeCaPem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            runtime,
        };
        const { result, error, resources, inputsOf } = await deployed({ ...local, apps, emulator });
        expect(error).toBeUndefined();
        expect(resources.filter(({ type }) => type.includes("docker"))).toEqual([]);
        const { config } = inputsOf(Token.TunnelConfig, "ingress-config") as {
            config: {
                ingresses: { hostname?: string; service: string; originRequest?: { access: { required: boolean } } }[];
            };
        };
        expect(
            config.ingresses.map(({ hostname, service, originRequest }) => [
                hostname,
                service,
                originRequest?.access.required,
            ]),
        ).toEqual([
            ["demo.sallyport.localhost", "http://127.0.0.1:8090", true],
            ["wiki.sallyport.localhost", "http://127.0.0.1:3000", true],
            [undefined, "http_status:404", undefined],
        ]);
        const credentials = (result as { connectorCredentials?: pulumi.Output<string> } | undefined)
            ?.connectorCredentials;
        expect(credentials).toBeDefined();
        expect(await pulumi.isSecret(credentials as pulumi.Output<string>)).toBe(true);
        const { error: refused } = await deployed({ ...local, apps, emulator, metrics: { connectors: false } });
        expect(String(refused)).toContain("sallyport:metrics asks for a network, but without Docker there is none");
    });

    it("never exports a tunnel's credentials where connectors run in Docker", async () => {
        const { result } = await deployed(staging);
        expect(result).toBeDefined();
        expect(result).not.toHaveProperty("connectorCredentials");
    });
});
