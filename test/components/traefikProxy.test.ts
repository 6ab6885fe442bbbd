import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { TraefikProxy } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { CERTIFICATE, KEY, Token, textOf } from "./fixtures.ts";

import { filesOf, grafana, proxy } from "./support/traefikProxy.ts";

describe("TraefikProxy", () => {
    it("is an unprivileged service that publishes nothing, with its key as a Docker secret", async () => {
        const { inputsOf } = await proxy();
        const service = inputsOf(Token.Service, "traefik-service");
        expect(service).toMatchObject({
            mode: { replicated: { replicas: 2 } },
            endpointSpec: { mode: "dnsrr" },
            updateConfig: { order: "start-first", failureAction: "rollback" },
            taskSpec: {
                containerSpec: {
                    image: "traefik:v3.6.15",
                    commands: ["traefik"],
                    args: ["--configFile=/etc/traefik/traefik.yml"],
                    user: "65532:65532",
                    readOnly: true,
                    capDrops: ["ALL"],
                    secrets: [{ secretId: "traefik-key-0-id", fileName: "/run/secrets/key-0.pem", fileMode: 0o400 }],
                    healthcheck: { tests: ["CMD", "traefik", "healthcheck", "--configFile=/etc/traefik/traefik.yml"] },
                    stopGracePeriod: "30s",
                },
                networksAdvanceds: [
                    { id: "edge", aliases: ["traefik"] },
                    { id: "backend", aliases: ["traefik"] },
                ],
            },
        });
        expect(service).not.toHaveProperty("name");
        expect(service).not.toHaveProperty("taskSpec.containerSpec.mounts");
        expect(textOf(inputsOf(Token.Secret, "traefik-key-0"))).toBe(KEY);
        expect(textOf(inputsOf(Token.Config, "traefik-certificate-0"))).toBe(CERTIFICATE);
    });

    it("mounts each file where the configuration looks for it", async () => {
        const { inputsOf } = await proxy({
            routes: [
                { name: "vault", hostname: "vault.example.com", service: "https://vault:8200", caPem: CERTIFICATE },
            ],
        });
        const { taskSpec } = inputsOf(Token.Service, "traefik-service") as {
            taskSpec: { containerSpec: { configs: { fileName: string }[] } };
        };
        expect(taskSpec.containerSpec.configs.map(({ fileName }) => fileName)).toEqual([
            "/etc/traefik/traefik.yml",
            "/etc/traefik/dynamic.yml",
            "/etc/traefik/tls/certificate-0.pem",
            "/etc/traefik/tls/backend-vault-ca.pem",
        ]);
    });

    it("answers on an unprivileged port under its alias", async () => {
        const { result } = await proxy({ alias: "front" });
        expect(await promiseOf((result as TraefikProxy).endpoint)).toBe("https://front:8443");
        expect(await promiseOf((result as TraefikProxy).serviceName)).toBe("traefik-service-0123abc");
    });

    it("redirects to TLS, phones nobody, trusts no header, has no dashboard and pings itself on loopback", async () => {
        const { statics } = await filesOf();
        const entryPoint = {
            forwardedHeaders: { insecure: false },
            transport: { lifeCycle: { requestAcceptGraceTimeout: "5s", graceTimeOut: "20s" } },
        };
        expect(statics).toEqual({
            global: { checkNewVersion: false, sendAnonymousUsage: false },
            log: { level: "INFO", format: "json" },
            accessLog: {
                format: "json",
                fields: { names: { ClientUsername: "drop" }, headers: { defaultMode: "drop" } },
            },
            ping: { entryPoint: "ping" },
            entryPoints: {
                ping: { address: "127.0.0.1:8082" },
                web: {
                    address: ":8080",
                    ...entryPoint,
                    http: { redirections: { entryPoint: { to: "websecure", scheme: "https", permanent: true } } },
                },
                websecure: { address: ":8443", asDefault: true, ...entryPoint, http: { tls: { options: "default" } } },
            },
            providers: { file: { filename: "/etc/traefik/dynamic.yml", watch: false } },
        });
    });

    it("ends TLS 1.2 or later with six named suites, and has no certificate for unknown names", async () => {
        const { dynamic } = await filesOf();
        expect(dynamic).toEqual({
            tls: {
                certificates: [{ certFile: "/etc/traefik/tls/certificate-0.pem", keyFile: "/run/secrets/key-0.pem" }],
                options: {
                    default: {
                        minVersion: "VersionTLS12",
                        cipherSuites: [
                            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
                            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
                        ],
                        sniStrict: true,
                    },
                },
            },
            http: {
                routers: {
                    grafana: {
                        entryPoints: ["websecure"],
                        rule: "Host(`grafana.example.com`)",
                        priority: 1,
                        service: "grafana",
                        tls: { options: "default" },
                    },
                },
                services: {
                    grafana: { loadBalancer: { servers: [{ url: "http://grafana:3000" }], passHostHeader: true } },
                },
            },
        });
    });

    it("verifies TLS backends against their authority and name", async () => {
        const { dynamic } = await filesOf({
            routes: [
                {
                    name: "vault",
                    hostname: "vault.example.com",
                    service: "https://vault:8200",
                    serverName: "vault.internal",
                    caPem: CERTIFICATE,
                },
                { name: "chat", hostname: "chat.example.com", service: pulumi.output("wss://chat:8443") },
            ],
        });
        expect(dynamic.http.services).toEqual({
            chat: { loadBalancer: { servers: [{ url: "https://chat:8443" }], passHostHeader: true } },
            vault: {
                loadBalancer: {
                    servers: [{ url: "https://vault:8200" }],
                    passHostHeader: true,
                    serversTransport: "vault",
                },
            },
        });
        expect(dynamic.http.serversTransports).toEqual({
            vault: { serverName: "vault.internal", rootCAs: ["/etc/traefik/tls/backend-vault-ca.pem"] },
        });
    });

    it("lets the most specific route win, the dashboard before a wildcard, whatever their order", async () => {
        const service = "http://x";
        const routes = [
            { name: "any", hostname: "*.example.com", service },
            { name: "app", hostname: "app.example.com", service },
            { name: "app-admin", hostname: "app.example.com", path: "/admin", service },
        ];
        const dashboard = { hostname: "traefik.example.com" };
        const { statics, dynamic } = await filesOf({ routes, dashboard });
        const routers = dynamic.http.routers;
        expect(statics.entryPoints.websecure.http.encodedCharacters).toEqual({
            allowEncodedSlash: false,
            allowEncodedBackSlash: false,
            allowEncodedPercent: false,
            allowEncodedNullCharacter: false,
        });

        expect(routers["app-admin"].rule).toBe("Host(`app.example.com`) && (Path(`/admin`) || PathPrefix(`/admin/`))");
        expect(routers.any.rule).toBe("HostRegexp(`^[a-z0-9-]+\\.example\\.com$`)");
        const names = ["traefik-dashboard", "app-admin", "app", "any"];
        expect(names.map((name) => routers[name].priority)).toEqual([4, 3, 2, 1]);
        expect(routers["traefik-dashboard"]).toMatchObject({
            entryPoints: ["websecure"],
            rule: "Host(`traefik.example.com`)",
            service: "api@internal",
        });
        expect(statics.api).toEqual({ dashboard: true, insecure: false, debug: false, disableDashboardAd: true });
        expect((await filesOf({ routes: routes.toReversed(), dashboard })).dynamic).toEqual(dynamic);
    });

    it("reads labels through a socket proxy only, and only of services that ask for it", async () => {
        const swarm = { endpoint: "tcp://socket-proxy:2375", network: "edge" };
        const { statics } = await filesOf({ swarm });
        expect(statics.providers.swarm).toEqual({ ...swarm, exposedByDefault: false });
    });

    it("believes forwarded headers of the given ranges only, and passes on none that a visitor wrote", async () => {
        const { statics, dynamic } = await filesOf({
            trustedProxies: pulumi.output(["10.0.2.0/24", "10.0.1.0/24"]),
            accessLog: false,
        });
        const { forwardedHeaders, http } = statics.entryPoints.websecure;
        expect(forwardedHeaders).toEqual({ insecure: false, trustedIPs: ["10.0.1.0/24", "10.0.2.0/24"] });
        expect(http.middlewares).toEqual(["sallyport-visitor-headers@file"]);
        expect(dynamic.http.middlewares["sallyport-visitor-headers"].headers.customRequestHeaders).toEqual({
            "X-Forwarded-Host": "",
            "X-Forwarded-Port": "",
            "X-Forwarded-Prefix": "",
            "X-Forwarded-Server": "",
            "X-Real-Ip": "",
        });
        expect(statics).not.toHaveProperty("accessLog");
    });

    it("tells clients by the edge's word behind a connector, and by their address elsewhere", async () => {
        const middlewares = [
            { name: "limit", rateLimit: { average: 10 } },
            { name: "offices", ipAllowList: { ranges: ["10.0.0.0/8"] } },
        ];
        const behind = await filesOf({ middlewares, trustedProxies: ["10.0.1.0/24"] });
        expect(behind.dynamic.http.middlewares).toMatchObject({
            limit: {
                rateLimit: { average: 10, period: "1s", burst: 10, sourceCriterion: { ipStrategy: { depth: 1 } } },
            },
            offices: { ipAllowList: { sourceRange: ["10.0.0.0/8"], ipStrategy: { depth: 1 } } },
        });
        const alone = await filesOf({ middlewares });
        expect(alone.dynamic.http.middlewares).toEqual({
            limit: { rateLimit: { average: 10, period: "1s", burst: 10 } },
            offices: { ipAllowList: { sourceRange: ["10.0.0.0/8"] } },
        });
    });

    it("sends requests through the middlewares of their route, in its order", async () => {
        const { dynamic } = await filesOf({
            middlewares: [
                { name: "verify", forwardAuth: { address: "https://verifier/check", caPem: CERTIFICATE } },
                { name: "small", compress: {} },
                { name: "headers", headers: { response: { Server: "" }, stsSeconds: 60 } },
            ],
            routes: [{ ...grafana, middlewares: ["verify", "headers", "small"] }],
            dashboard: { hostname: "traefik.example.com", middlewares: ["verify"] },
        });
        const { routers, middlewares } = dynamic.http;
        expect(routers.grafana.middlewares).toEqual(["verify", "headers", "small"]);
        expect(routers["traefik-dashboard"].middlewares).toEqual(["verify"]);
        expect(middlewares).toEqual({
            headers: {
                headers: {
                    customResponseHeaders: { Server: "" },
                    stsSeconds: 60,
                    frameDeny: true,
                    contentTypeNosniff: true,
                },
            },
            small: { compress: { minResponseBodyBytes: 1024 } },
            verify: {
                forwardAuth: {
                    address: "https://verifier/check",
                    tls: { ca: "/etc/traefik/tls/middleware-verify-ca.pem" },
                    trustForwardHeader: false,
                    maxResponseBodySize: 1_048_576,
                    authRequestHeaders: ["Cf-Access-Jwt-Assertion"],
                },
            },
        });
    });

    it("has sets of TLS settings, each as strict as the default one where it says nothing", async () => {
        const { dynamic } = await filesOf({
            tlsOptions: [
                { name: "default", minVersion: "VersionTLS13" },
                { name: "machines", clientCaPem: CERTIFICATE, curves: ["CurveP256"], alpnProtocols: ["h2"] },
            ],
            routes: [{ ...grafana, tlsOptions: "machines" }],
        });
        const { default: byDefault, machines } = dynamic.tls.options;
        expect(byDefault).toMatchObject({ minVersion: "VersionTLS13", sniStrict: true });
        expect(machines).toMatchObject({
            minVersion: "VersionTLS12",
            sniStrict: true,
            curvePreferences: ["CurveP256"],
            alpnProtocols: ["h2"],
            clientAuth: {
                caFiles: ["/etc/traefik/tls/clients-machines-ca.pem"],
                clientAuthType: "RequireAndVerifyClientCert",
            },
        });
        expect(machines.cipherSuites).toHaveLength(6);
        expect(dynamic.http.routers.grafana.tls).toEqual({ options: "machines" });
    });

    it("takes more configuration in Traefik's own words, and refuses it late if it was not known before", async () => {
        const text = "http:\n  middlewares:\n    strip:\n      stripPrefix: { prefixes: [/app] }\n";
        const { dynamic } = await filesOf({ extraConfiguration: pulumi.output(text) });
        expect(dynamic.http.middlewares).toEqual({ strip: { stripPrefix: { prefixes: ["/app"] } } });
        expect(Object.keys(dynamic.http.routers)).toEqual(["grafana"]);
        const { error } = await proxy({ extraConfiguration: pulumi.output("htp: {}") });
        expect(problemsOf(error)).toEqual({
            "extraConfiguration.htp": expect.stringContaining("is not known to Traefik here"),
        });
    });

    it("serves TLS and nothing else without a route", async () => {
        expect((await filesOf({ routes: [] })).dynamic).not.toHaveProperty("http");
    });

    it("tells all mistakes at once and never quotes a key", async () => {
        const { error, resources } = await deploy(
            () =>
                new TraefikProxy("traefik", {
                    networkIds: [],
                    certificates: [{ certPem: "x", keyPem: "hush" }],
                    routes: [
                        { name: "A", hostname: "a.example.com", service: "tcp://x:1" },
                        {
                            name: "b",
                            hostname: "b.example.com",
                            service: "http://x",
                            serverName: "x",
                            caPem: CERTIFICATE,
                        },
                        { name: "b", hostname: "b.example.com", service: "http://y/z" },
                        { name: "c", hostname: "dash.example.com", service: "http://x" },
                        { name: "traefik-dashboard", hostname: "d.example.com", service: "http://x" },
                    ],
                    image: "traefik",
                    alias: "*.x",
                    dashboard: { hostname: "dash.example.com" },
                    swarm: { endpoint: "unix:///var/run/docker.sock" },
                    trustedProxies: ["0.0.0.0/0"],
                    logLevel: "debug" as "DEBUG",
                }),
        );
        expect(problemsOf(error)).toEqual({
            networkIds: expect.stringContaining("is empty"),
            "certificates[0].certPem": expect.stringContaining("is not a PEM certificate"),
            "certificates[0].keyPem": expect.stringContaining("is not a PEM private key"),
            "routes[0].name": expect.stringContaining('"A" is not a route\'s name'),
            "routes[0].service": expect.stringContaining("is not HTTP"),
            "routes[1].serverName": 'has no meaning for "http://x", which is not TLS. Leave it out.',
            "routes[1].caPem": 'has no meaning for "http://x", which is not TLS. Leave it out.',
            "routes[2].name": '"b" is the name of routes[1] already. Write another.',
            "routes[2].hostname": expect.stringContaining("is served by routes[1] already"),
            "routes[2].service": expect.stringContaining("contains a path"),
            "routes[3].hostname": '"dash.example.com" is the dashboard\'s. Give one of them another.',
            "routes[4].name": '"traefik-dashboard" is the name of the dashboard already. Write another.',
            image: '"traefik" has no version. Write a tag or a digest, such as "traefik:v3.6.15".',
            alias: '"*.x" is a wildcard. Write one name.',
            "swarm.endpoint": expect.stringContaining("Docker's own socket, which takes every command"),
            "trustedProxies[0]": expect.stringContaining("is every address"),
            logLevel: '"debug" is unknown. Write one of DEBUG, INFO, WARN, ERROR.',
        });
        expect((error as Error).message).not.toContain("hush");
        expect(resources).toEqual([]);
    });

    it("refuses to start without a certificate", async () => {
        const { error } = await proxy({ certificates: [] });
        expect(problemsOf(error)).toEqual({
            certificates: "is empty. Give at least one certificate with its key.",
        });
    });
});
