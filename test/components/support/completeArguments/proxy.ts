import * as library from "../../../../components/index.ts";
import { CERTIFICATE, KEY } from "../../fixtures.ts";
import { type Example, harmless, of, rotation } from "./example.ts";

/** What a proxy takes wherever it runs. */
const proxySettings: Omit<library.ProxySettings, "certificates" | "routes"> = {
    dashboard: { hostname: "traefik.example.com", middlewares: ["verify"] },
    middlewares: [
        ...harmless,
        {
            name: "verify",
            forwardAuth: {
                address: "https://verifier:8443/verify",
                caPem: CERTIFICATE,
                requestHeaders: ["Cf-Access-Jwt-Assertion"],
                responseHeaders: ["X-Forwarded-User"],
            },
        },
    ],
    tlsOptions: [
        {
            name: "strict",
            minVersion: "VersionTLS12",
            cipherSuites: ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
            curves: ["CurveP256"],
            alpnProtocols: ["h2"],
            clientCaPem: CERTIFICATE,
        },
    ],
    trustedProxies: ["10.0.0.0/24"],
    extraConfiguration: "http:\n  middlewares:\n    strip:\n      stripPrefix:\n        prefixes: [/app]\n",
    accessLog: true,
    logLevel: "INFO",
    metrics: { port: 9100, allowFrom: ["10.0.9.0/24"], byRouter: true },
    tracing: { endpoint: "https://collector:4318/v1/traces", caPem: CERTIFICATE, samplePercent: 50 },
};
/** A proxy on a single machine. */
const proxyOnHost: Omit<library.TraefikFilesArgs, "folder"> = {
    networks: ["edge"],
    certificates: [{ certPem: CERTIFICATE, keyPem: KEY }],
    routes: [
        {
            name: "wiki",
            hostname: "wiki.example.com",
            path: "/admin",
            service: "https://wiki:443",
            serverName: "wiki",
            caPem: CERTIFICATE,
            middlewares: ["headers"],
            tlsOptions: "strict",
        },
    ],
    ...proxySettings,
    image: "traefik:v3.6.15",
    alias: "traefik",
    docker: { endpoint: "tcp://socket-proxy:2375", network: "edge", constraints: "Label(`a`,`b`)" },
    listen: { address: "10.20.0.5", allowFrom: ["10.20.0.0/24"], httpsPort: 8443, httpPort: 8080 },
};

/** Components of `proxy/`, with every argument that they have. */
export const PROXY_EXAMPLES: readonly Example[] = [
    ...of("MkcertCA", library.MkcertCA, {
        commonName: "Example CA",
        organization: "Example",
        organizationalUnit: "Platform",
        algorithm: "RSA",
        permitted: {
            dnsDomains: ["internal.example.com"],
            ipRanges: ["10.0.0.0/8"],
            emailDomains: ["example.com"],
            uriHosts: ["example.com"],
        },
        existing: { certPem: CERTIFICATE, privateKeyPem: KEY },
        generation: 2,
        alsoTrust: [1],
    }),
    ...of("MkcertCA", library.MkcertCA, { rollOver: rotation }),
    ...of("MkcertCertificate", library.MkcertCertificate, {
        caCertPem: CERTIFICATE,
        caPrivateKeyPem: KEY,
        dnsNames: ["traefik"],
        ipAddresses: ["10.0.0.1"],
        uris: ["spiffe://example.com/orders"],
        emailAddresses: ["ada@example.com"],
        pkcs12Password: "planted-secret",
        clientAuth: true,
        organizationalUnit: "Platform",
        algorithm: "ECDSA",
        earlyRenewalHours: 720,
        rotation,
    }),
    ...of("MkcertCertificate", library.MkcertCertificate, {
        ...{ caCertPem: CERTIFICATE, caPrivateKeyPem: KEY, dnsNames: ["traefik"] },
        keyVersion: 2,
    }),
    ...of("TraefikContainer", library.TraefikContainer, {
        ...proxyOnHost,
        labels: { team: "platform" },
    }),
    ...of("TraefikFiles", library.TraefikFiles, {
        ...proxyOnHost,
        folder: "/srv/traefik",
    }),
    ...of("TraefikProxy", library.TraefikProxy, {
        networkIds: ["network"],
        certificates: [{ certPem: CERTIFICATE, keyPem: KEY }],
        routes: [
            {
                name: "grafana",
                hostname: "grafana.example.com",
                path: "/admin",
                service: "https://grafana:3000",
                serverName: "grafana",
                caPem: CERTIFICATE,
                middlewares: ["headers"],
                tlsOptions: "strict",
            },
        ],
        ...proxySettings,
        image: "traefik:v3.6.15",
        replicas: 2,
        alias: "traefik",
        swarm: { endpoint: "tcp://socket-proxy:2375", network: "edge", constraints: "Label(`a`,`b`)" },
        metricsNetwork: { id: "metrics", alias: "proxies" },
        labels: { team: "platform" },
        constraints: ["node.role==worker"],
        convergeTimeout: "5m",
    }),
];
