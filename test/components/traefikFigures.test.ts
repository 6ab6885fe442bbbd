import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { problemsOf } from "../support/mocks.ts";
import { CERTIFICATE, Token } from "./fixtures.ts";

import { filesOf, proxy } from "./support/traefikProxy.ts";

describe("TraefikProxy's figures", () => {
    it("shows figures on a port of their own and sends traces without headers, where it is told to", async () => {
        const { statics } = await filesOf({
            metrics: { byRouter: true },
            tracing: {
                endpoint: pulumi.output("https://collector:4318/v1/traces"),
                caPem: CERTIFICATE,
                samplePercent: 5,
            },
        });
        expect(statics.metrics).toEqual({ prometheus: { entryPoint: "metrics", addRoutersLabels: true } });
        expect(statics.entryPoints.metrics).toEqual({ address: ":8083" });
        expect(statics.tracing).toEqual({
            serviceName: "traefik",
            sampleRate: 0.05,
            otlp: {
                http: {
                    endpoint: "https://collector:4318/v1/traces",
                    tls: { ca: "/etc/traefik/tls/tracing-ca.pem" },
                },
            },
        });
    });

    it("shows figures to the ranges that it is told alone, whoever else reaches the port, once those are known", async () => {
        const { statics, dynamic } = await filesOf({
            metrics: { allowFrom: pulumi.output(["10.0.9.0/24", "10.0.8.0/24"]) },
            trustedProxies: ["10.0.1.0/24"],
        });
        // Traefik's own router, which asks nobody where they come from, is off.
        expect(statics.metrics.prometheus.manualRouting).toBe(true);
        expect(dynamic.http.routers["traefik-metrics"]).toEqual({
            entryPoints: ["metrics"],
            rule: "Path(`/metrics`)",
            priority: 1,
            middlewares: ["sallyport-metrics-readers"],
            service: "prometheus@internal",
        });
        expect(dynamic.http.middlewares["sallyport-metrics-readers"]).toEqual({
            ipAllowList: { sourceRange: ["10.0.8.0/24", "10.0.9.0/24"] },
        });
        const taken = { name: "traefik-metrics", hostname: "m.example.com", service: "http://m:80" };
        const readers = { name: "sallyport-metrics-readers", compress: {} };
        const refused = await proxy({
            metrics: { allowFrom: ["10.0.9.1/24", "everybody"] },
            routes: [taken],
            middlewares: [readers],
        });
        expect(problemsOf(refused.error)).toEqual({
            "metrics.allowFrom[0]": expect.stringContaining("10.0.9.0/24"),
            "metrics.allowFrom[1]": expect.stringContaining('"everybody"'),
            "routes[0].name": '"traefik-metrics" is the name of the figures already. Write another.',
            "middlewares[0].name": expect.stringContaining("is the proxy's own"),
        });
        expect(problemsOf((await proxy({ metrics: { allowFrom: [] } })).error)).toEqual({
            "metrics.allowFrom": expect.stringContaining("is empty"),
        });
    });

    it("is found by Prometheus on a network of its own, under a name of its own", async () => {
        const metricsNetwork = { id: "net-metrics", alias: "sallyport-test-proxies" };
        const { inputsOf } = await proxy({ metrics: {}, metricsNetwork });
        const { taskSpec } = inputsOf(Token.Service, "traefik-service") as {
            taskSpec: { networksAdvanceds: { id: string; aliases: string[] }[] };
        };
        expect(taskSpec.networksAdvanceds.at(-1)).toEqual({ id: "net-metrics", aliases: ["sallyport-test-proxies"] });
        expect(taskSpec.networksAdvanceds.slice(0, -1).flatMap(({ aliases }) => aliases)).not.toContain(
            "sallyport-test-proxies",
        );
        expect(problemsOf((await proxy({ metricsNetwork: { id: " ", alias: "*" } })).error)).toEqual({
            "metricsNetwork.id": expect.stringContaining("blank"),
            "metricsNetwork.alias": '"*" is a wildcard. Write one name.',
            metricsNetwork: 'leads to no figures without "metrics". Write "metrics: {}" as well.',
        });
    });
});
