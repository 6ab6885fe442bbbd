import { describe, expect, it } from "vitest";
import { TraefikProxy, type TraefikProxyArgs } from "../../components/index.ts";
import { CERTIFICATE, KEY } from "../components/fixtures.ts";
import { deploy, problemsOf } from "../support/mocks.ts";

const service = "http://app:3000";
const right: TraefikProxyArgs = {
    networkIds: ["edge"],
    certificates: [{ certPem: CERTIFICATE, keyPem: KEY }],
    routes: [{ name: "app", hostname: "app.example.com", service }],
};

/** What a user wrote, and what is said of it: by path, a part of the reason. */
type Case = readonly [what: string, args: Record<string, unknown>, problems: Readonly<Record<string, string>>];

const route = (changes: object) => ({ routes: [{ name: "app", hostname: "app.example.com", service, ...changes }] });
const middleware = (changes: object) => ({ middlewares: [{ name: "m", ...changes }] });
const tls = (changes: object) => ({ tlsOptions: [{ name: "strict", ...changes }] });
const extra = (...lines: string[]) => ({ extraConfiguration: lines.join("\n") });
const forwardAuth = (changes: object) => middleware({ forwardAuth: { address: "https://verifier/check", ...changes } });

const ROUTES: readonly Case[] = [
    ["a rule in the place of a host name", route({ hostname: "Host(`a`)" }), { "routes[0].hostname": "Host(`a`)" }],
    ["a host name with a scheme", route({ hostname: "https://a.example.com" }), { "routes[0].hostname": "https://" }],
    ["a wildcard inside", route({ hostname: "a.*.example.com" }), { "routes[0].hostname": "a.*.example.com" }],
    ["a path without its slash", route({ path: "admin" }), { "routes[0].path": '"admin"' }],
    ["a path with a backtick, which ends the rule", route({ path: "/a`)" }), { "routes[0].path": "/a`)" }],
    ["a backend without a scheme", route({ service: "app:3000" }), { "routes[0].service": "" }],
    ["a backend that is not HTTP", route({ service: "tcp://app:3000" }), { "routes[0].service": "is not HTTP" }],
    ["a backend with credentials", route({ service: "http://a:b@app" }), { "routes[0].service": "user information" }],
    ["a route's name in capitals", route({ name: "App" }), { "routes[0].name": '"App" is not a route\'s name' }],
    ["a server name without TLS", route({ serverName: "app" }), { "routes[0].serverName": "is not TLS" }],
    ["an authority without TLS", route({ caPem: CERTIFICATE }), { "routes[0].caPem": "is not TLS" }],
    ["an authority that is a path", route({ service: "https://app", caPem: "/ca.pem" }), { "routes[0].caPem": "PEM" }],
    ["a middleware that nobody declared", route({ middlewares: ["auth"] }), { "routes[0].middlewares[0]": '"auth"' }],
    [
        "a middleware twice",
        { ...route({ middlewares: ["m", "m"] }), ...middleware({ compress: {} }) },
        { "routes[0].middlewares[1]": "stands at routes[0].middlewares[0] already" },
    ],
    ["TLS options that nobody declared", route({ tlsOptions: "modern" }), { "routes[0].tlsOptions": '"modern"' }],
    [
        "TLS options that a wildcard would lose",
        { ...route({ hostname: "*.example.com", tlsOptions: "strict" }), ...tls({}) },
        { "routes[0].tlsOptions": "has no effect" },
    ],
    [
        "one host name under two sets of TLS options",
        {
            ...tls({}),
            routes: [
                { name: "app", hostname: "app.example.com", service },
                { name: "admin", hostname: "app.example.com", path: "/admin", service, tlsOptions: "strict" },
            ],
        },
        { "routes[1].tlsOptions": 'differs from "default" of routes[0]' },
    ],
    ["a misspelt argument of a route", route({ hostName: "x" }), { "routes[0].hostName": "is not known here" }],
    [
        "a route that skips verification",
        route({ insecureSkipVerify: true }),
        { "routes[0].insecureSkipVerify": "known" },
    ],
];

const PROXY: readonly Case[] = [
    ["no certificate", { certificates: [] }, { certificates: "is empty" }],
    [
        "a key that is a path",
        { certificates: [{ certPem: CERTIFICATE, keyPem: "/key.pem" }] },
        { "certificates[0].keyPem": "PEM" },
    ],
    ["a dashboard in clear", { api: { insecure: true } }, { api: "is not known here" }],
    [
        "a dashboard under a wildcard",
        { dashboard: { hostname: "*.example.com" } },
        { "dashboard.hostname": "wildcard" },
    ],
    [
        "the dashboard's name taken",
        { dashboard: { hostname: "app.example.com" } },
        { "routes[0].hostname": "dashboard's" },
    ],
    ["Docker's own socket", { swarm: { endpoint: "unix:///var/run/docker.sock" } }, { "swarm.endpoint": "socket" }],
    [
        "a socket proxy by HTTP",
        { swarm: { endpoint: "http://socket-proxy" } },
        { "swarm.endpoint": "not a socket proxy" },
    ],
    [
        "everything exposed",
        { swarm: { endpoint: "tcp://p:2375", exposedByDefault: true } },
        { "swarm.exposedByDefault": "known" },
    ],
    ["everybody's headers trusted", { trustedProxies: ["0.0.0.0/0"] }, { "trustedProxies[0]": "is every address" }],
    ["a range that is none", { trustedProxies: ["10.0.0.0/33"] }, { "trustedProxies[0]": "CIDR" }],
    ["a level in small letters", { logLevel: "debug" }, { logLevel: "Write one of DEBUG" }],
    ["an image without a version", { image: "traefik" }, { image: "has no version" }],
    ["an image that moves", { image: "traefik:latest" }, { image: "moves by itself" }],
    ["figures on the proxy's own port", { metrics: { port: 8443 } }, { "metrics.port": "is not free" }],
    ["figures on a privileged port", { metrics: { port: 80 } }, { "metrics.port": "is not free" }],
    [
        "more than all requests traced",
        { tracing: { endpoint: "http://c", samplePercent: 101 } },
        { "tracing.samplePercent": "101" },
    ],
    ["traces to a host alone", { tracing: { endpoint: "collector:4318" } }, { "tracing.endpoint": "web address" }],
    ["a plugin", { experimental: { plugins: {} } }, { experimental: "is not known here" }],
];

const MIDDLEWARES: readonly Case[] = [
    ["a middleware of no kind", middleware({}), { "middlewares[0]": "is of no kind" }],
    [
        "one of two kinds",
        middleware({ compress: {}, headers: {} }),
        { "middlewares[0]": "is headers and compress at once" },
    ],
    ["a kind that nobody knows", middleware({ basicAuth: {}, compress: {} }), { "middlewares[0].basicAuth": "known" }],
    [
        "the proxy's own name",
        { middlewares: [{ name: "sallyport-visitor-headers", compress: {} }] },
        { "middlewares[0].name": "own" },
    ],
    [
        "a limit of nothing",
        middleware({ rateLimit: { average: 0 } }),
        { "middlewares[0].rateLimit.average": "0 does not fit" },
    ],
    [
        "half a burst",
        middleware({ rateLimit: { average: 1, burst: 0.5 } }),
        { "middlewares[0].rateLimit.burst": "0.5" },
    ],
    [
        "nobody on a list",
        middleware({ ipAllowList: { ranges: [] } }),
        { "middlewares[0].ipAllowList.ranges": "is empty" },
    ],
    [
        "everybody on a list",
        middleware({ ipAllowList: { ranges: ["::/0"] } }),
        { "middlewares[0].ipAllowList.ranges[0]": "every" },
    ],
    [
        "a header with a line end",
        middleware({ headers: { response: { A: "a\nB: b" } } }),
        { "middlewares[0].headers.response.A": "line end" },
    ],
    [
        "a header's name with a colon",
        middleware({ headers: { request: { "A:": "a" } } }),
        { "middlewares[0].headers.request.A:": "name" },
    ],
    [
        "subdomains without a time",
        middleware({ headers: { stsIncludeSubdomains: true } }),
        { "middlewares[0].headers.stsIncludeSubdomains": "stsSeconds" },
    ],
    [
        "a check by a bare name",
        forwardAuth({ address: "verifier" }),
        { "middlewares[0].forwardAuth.address": "web address" },
    ],
    [
        "a check that gets all headers",
        forwardAuth({ requestHeaders: [] }),
        { "middlewares[0].forwardAuth.requestHeaders": "every header" },
    ],
    [
        "an authority for a check in clear",
        forwardAuth({ address: "http://v", caPem: CERTIFICATE }),
        { "middlewares[0].forwardAuth.caPem": "TLS" },
    ],
    [
        "a type that is none",
        middleware({ compress: { excludedContentTypes: ["html"] } }),
        { "middlewares[0].compress.excludedContentTypes[0]": "content type" },
    ],
];

const TLS: readonly Case[] = [
    ["TLS 1.1", tls({ minVersion: "VersionTLS11" }), { "tlsOptions[0].minVersion": "Write one of VersionTLS12" }],
    [
        "a suite without forward secrecy",
        tls({ cipherSuites: ["TLS_RSA_WITH_AES_128_GCM_SHA256"] }),
        { "tlsOptions[0].cipherSuites[0]": "unknown" },
    ],
    [
        "suites for TLS 1.3",
        tls({ minVersion: "VersionTLS13", cipherSuites: ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"] }),
        { "tlsOptions[0].cipherSuites": "no meaning" },
    ],
    ["no suite at all", tls({ cipherSuites: [] }), { "tlsOptions[0].cipherSuites": "is empty" }],
    ["a curve that Traefik does not know", tls({ curves: ["X25519"] }), { "tlsOptions[0].curves[0]": "unknown" }],
    ["a protocol that HTTP is not", tls({ alpnProtocols: ["h3"] }), { "tlsOptions[0].alpnProtocols[0]": "unknown" }],
    ["unknown names answered", tls({ sniStrict: false }), { "tlsOptions[0].sniStrict": "is not known here" }],
];

const EXTRA: readonly Case[] = [
    ["no YAML", extra("http: [a"), { extraConfiguration: "is not YAML" }],
    ["a list", extra("- http"), { extraConfiguration: "is no map" }],
    [
        "the indentation lost",
        extra("http:", "routers:", "  a:", "    rule: Host(`a`)"),
        { "extraConfiguration.http": "null", "extraConfiguration.routers": "where it belongs" },
    ],
    [
        "a misspelt name",
        extra("http:", "  middleware:", "    a: {}"),
        { "extraConfiguration.http.middleware": "Known here: middlewares" },
    ],
    [
        "a name in other letters",
        extra("http:", "  serverstransports: {}"),
        { "extraConfiguration.http.serverstransports": 'Write "serversTransports"' },
    ],
    [
        "static settings among the dynamic ones",
        extra("entryPoints:", "  web:", "    address: :80"),
        { "extraConfiguration.entryPoints": "not known" },
    ],
    [
        "redirections at the wrong level",
        extra("http:", "  redirections:", "    entryPoint: {}"),
        { "extraConfiguration.http.redirections": "not known" },
    ],
    [
        "a number for a rule",
        extra("http:", "  routers:", "    a: { rule: 1 }"),
        { "extraConfiguration.http.routers.a.rule": "is a number. Write a text." },
    ],
    [
        "one server in the place of a list",
        extra("http:", "  services:", "    a:", "      loadBalancer:", "        servers: http://a"),
        { "extraConfiguration.http.services.a.loadBalancer.servers": "is a text. Write a list." },
    ],
    [
        "half a priority",
        extra("http:", "  routers:", "    a: { priority: 1.5 }"),
        { "extraConfiguration.http.routers.a.priority": "without a fraction" },
    ],
    [
        "a duration in words",
        extra("http:", "  serversTransports:", "    a: { forwardingTimeouts: { dialTimeout: soon } }"),
        { "extraConfiguration.http.serversTransports.a.forwardingTimeouts.dialTimeout": "is not a duration" },
    ],
    [
        "verification switched off",
        extra("http:", "  serversTransports:", "    a: { insecureSkipVerify: true }"),
        { "extraConfiguration.http.serversTransports.a.insecureSkipVerify": "switches certificate checks off" },
    ],
    [
        "the dashboard for everybody",
        extra("http:", "  routers:", "    a: { rule: Path(`/`), service: api@internal }"),
        { "extraConfiguration.http.routers.a.service": 'Write "dashboard"' },
    ],
    [
        "a router in clear",
        extra("http:", "  routers:", "    a: { entryPoints: [web], service: app }"),
        { "extraConfiguration.http.routers.a.entryPoints[0]": 'Write "websecure"' },
    ],
    [
        "TCP in clear",
        extra("tcp:", "  routers:", "    a: { rule: HostSNI(`a`), service: a }"),
        { "extraConfiguration.tcp.routers.a.tls": "nothing passes in clear" },
    ],
    ["UDP", extra("udp:", "  routers:", "    a: { service: a }"), { "extraConfiguration.udp": "no entry point" }],
    [
        "TLS settings beside the proxy's",
        extra("tls:", "  options:", "    default: { minVersion: VersionTLS10 }"),
        { "extraConfiguration.tls": "does not belong here" },
    ],
    [
        "a plugin's middleware",
        extra("http:", "  middlewares:", "    a: { plugin: { x: {} } }"),
        { "extraConfiguration.http.middlewares.a.plugin": "code from elsewhere" },
    ],
    [
        "a name of the proxy's",
        extra("http:", "  services:", "    app: { loadBalancer: { servers: [] } }"),
        { "extraConfiguration.http.services.app": "Write another" },
    ],
];

const CASES = [...ROUTES, ...PROXY, ...MIDDLEWARES, ...TLS, ...EXTRA];

const make = (args: object) => deploy(() => new TraefikProxy("proxy", { ...right, ...args } as TraefikProxyArgs));

describe("a malformed proxy", () => {
    it("is one of at least sixty", () => {
        expect(new Set(CASES.map(([what]) => what)).size).toBeGreaterThanOrEqual(60);
    });

    it.each(CASES)("is refused for %s, at its path and before anything is deployed", async (_, args, problems) => {
        const { error, resources } = await make(args);
        const expected = Object.entries(problems).map(([path, part]) => [path, expect.stringContaining(part)]);
        expect(problemsOf(error)).toEqual(Object.fromEntries(expected));
        expect(resources).toEqual([]);
    });

    it("is told everything at once, whatever part it is in", async () => {
        const { error, resources } = await make({
            ...route({ path: "admin", middlewares: ["auth"] }),
            ...middleware({ rateLimit: { average: -1 } }),
            ...tls({ minVersion: "VersionTLS10" }),
            trustedProxies: ["::/0"],
            metrics: { port: 8080 },
        });
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "metrics.port",
            "middlewares[0].rateLimit.average",
            "routes[0].middlewares[0]",
            "routes[0].path",
            "tlsOptions[0].minVersion",
            "trustedProxies[0]",
        ]);
        expect(resources).toEqual([]);
    });
});
