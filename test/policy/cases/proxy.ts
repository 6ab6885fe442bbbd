import { Buffer } from "node:buffer";
import { type CaseGroup, containerSpec, docker } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const ARGS = "taskSpec.containerSpec.args";
const GUARD = "Remove it, and route a host name behind Access to `api@internal`.";
const ROUTES = "which shows Traefik's routes and addresses to whoever asks.";
const exposedOff = (provider: string) => `Set \`providers.${provider}.exposedByDefault\` to false.`;
const TRUSTED = "Remove it, and name the connector's subnet in `trustedIPs`.";
const SEEN = "so whoever sends the header chooses the address that is seen.";
const SECRET = "Mount a `docker.Secret` and write its path below `/run/secrets/`.";
const INFO = "Write INFO, or ERROR, which is Traefik's own default.";

const traefik = (args: readonly unknown[], env: Readonly<Record<string, unknown>> = {}) =>
    docker.service("proxy", containerSpec({ image: "traefik:v3.6.15", args, env }));
const upload = (file: string, content: unknown) =>
    docker.container("proxy", { image: "traefik:v3.6.15", uploads: [{ file, content }] });
const file = (dataRaw: unknown) => docker.config("dynamic", { dataRaw });

/** What every group accepts and cannot tell: other programs, other files, and settings that are not known. */
const others = [
    {
        what: "the same words of other programs",
        resources: [
            docker.service(
                "prometheus",
                containerSpec({ image: "prom/prometheus:v3", args: ["--log.level", "debug", "--api.insecure"] }),
            ),
            docker.container("app", {
                image: "example/app:1",
                uploads: [{ file: "/etc/app.yml", content: "api: { insecure: true }\nlog: { level: debug }\n" }],
            }),
            docker.config("notes", { dataRaw: "providers insecure debug keyFile" }),
            docker.network("traefik", { driver: "bridge" }),
        ],
    },
];

export const proxy: readonly CaseGroup[] = [
    {
        topic: "Traefik's dashboard",
        rules: ["traefik-dashboard-is-guarded"],
        violating: [
            {
                what: "the insecure API, in every form",
                resources: [
                    traefik(["--api.insecure=true", "--API.Debug"]),
                    docker.service("by-variable", containerSpec({ env: { TRAEFIK_API_INSECURE: "1" } })),
                    upload("/etc/traefik/traefik.yml", "api:\n  insecure: true\n  debug: false\n"),
                    docker.config("toml", {
                        data: Buffer.from("[entryPoints.web]\naddress = ':80'\n[api]\ninsecure = true\n").toString(
                            "base64",
                        ),
                    }),
                    docker.container("elsewhere", {
                        image: "registry.example.com/proxy",
                        command: ["traefik", "--api.insecure=T"],
                    }),
                ],
                messages: [
                    `Service 'proxy', in \`${ARGS}\`, switches \`api.insecure\` on, ${ROUTES} ${GUARD}`,
                    `Service 'proxy', in \`${ARGS}\`, switches \`api.debug\` on, which shows Traefik's memory to whoever asks. ${GUARD}`,
                    `Service 'by-variable', in its environment, switches \`api.insecure\` on, ${ROUTES} ${GUARD}`,
                    `Upload "/etc/traefik/traefik.yml" of container 'proxy' switches \`api.insecure\` on, ${ROUTES} ${GUARD}`,
                    `Service config 'toml' switches \`api.insecure\` on, ${ROUTES} ${GUARD}`,
                    `Container 'elsewhere', in \`command\`, switches \`api.insecure\` on, ${ROUTES} ${GUARD}`,
                ],
            },
        ],
        compliant: [
            {
                what: "a dashboard behind a router",
                resources: [
                    traefik(["--api.dashboard=true", "--api.insecure=false", "--entrypoints.web.address=:80"], {
                        TRAEFIK_API_DEBUG: "false",
                        TRAEFIK_API: "true",
                    }),
                    upload("/etc/traefik/traefik.yml", "api: { dashboard: true, insecure: false, debug: false }"),
                    file("providers: { file: { filename: /etc/traefik/dynamic.yml } }\napi:\n"),
                ],
            },
            ...others,
        ],
        unknown: [
            {
                what: "a known switch beside words, files and variables that are not known",
                resources: [
                    traefik([UNKNOWN, "--api.insecure", UNKNOWN], { TRAEFIK_LOG_LEVEL: UNKNOWN }),
                    docker.container("proxy", {
                        image: UNKNOWN,
                        command: ["--providers.file.directory=/conf", "--api.debug=true"],
                        uploads: [UNKNOWN, { file: "/etc/traefik/traefik.yml", content: UNKNOWN }],
                    }),
                    file(UNKNOWN),
                ],
                messages: [
                    `Service 'proxy', in \`${ARGS}\`, switches \`api.insecure\` on, ${ROUTES} ${GUARD}`,
                    `Container 'proxy', in \`command\`, switches \`api.debug\` on, which shows Traefik's memory to whoever asks. ${GUARD}`,
                ],
            },
        ],
    },
    {
        topic: "what Traefik exposes",
        rules: ["traefik-exposes-only-what-asks"],
        violating: [
            {
                what: "providers that expose what runs, asked to or left alone",
                resources: [
                    traefik(["--providers.docker=true", "--providers.swarm.exposedByDefault=true"]),
                    upload(
                        "/etc/traefik/traefik.yml",
                        "providers:\n  docker: {}\n  nomad:\n    exposedByDefault: true\n",
                    ),
                    file("entryPoints: {}\nproviders:\n  ecs:\n    region: eu\n"),
                    docker.service("by-variable", containerSpec({ env: { TRAEFIK_PROVIDERS_CONSULCATALOG: "true" } })),
                ],
                messages: [
                    `Service 'proxy', in \`${ARGS}\`, leaves \`exposedByDefault\` on for the provider \`docker\`: whatever runs gets a route. ${exposedOff("docker")}`,
                    `Service 'proxy', in \`${ARGS}\`, switches \`exposedByDefault\` on for the provider \`swarm\`: whatever runs gets a route. ${exposedOff("swarm")}`,
                    `Upload "/etc/traefik/traefik.yml" of container 'proxy' leaves \`exposedByDefault\` on for the provider \`docker\`: whatever runs gets a route. ${exposedOff("docker")}`,
                    `Upload "/etc/traefik/traefik.yml" of container 'proxy' switches \`exposedByDefault\` on for the provider \`nomad\`: whatever runs gets a route. ${exposedOff("nomad")}`,
                    `Service config 'dynamic' leaves \`exposedByDefault\` on for the provider \`ecs\`: whatever runs gets a route. ${exposedOff("ecs")}`,
                    `Service 'by-variable', in its environment, leaves \`exposedByDefault\` on for the provider \`consulcatalog\`: whatever runs gets a route. ${exposedOff("consulcatalog")}`,
                ],
            },
        ],
        compliant: [
            {
                what: "providers that wait to be asked, are off, or make no routes by themselves",
                resources: [
                    traefik([
                        "--providers.docker",
                        "--providers.docker.exposedByDefault=false",
                        "--providers.swarm=false",
                    ]),
                    traefik(["--providers.file.directory=/conf"], {
                        TRAEFIK_PROVIDERS_DOCKER: "true",
                        TRAEFIK_PROVIDERS_DOCKER_EXPOSEDBYDEFAULT: "0",
                    }),
                    upload(
                        "/etc/traefik/traefik.toml",
                        "[providers.docker]\nexposedByDefault = false\n[providers.file]\ndirectory = '/conf'\n",
                    ),
                    file('{"providers": {"swarm": {"exposedByDefault": "F"}}}'),
                ],
            },
            ...others,
        ],
        unknown: [
            {
                what: "a word that may say so, and what is written beside what is not known",
                resources: [
                    traefik(["--providers.docker", UNKNOWN]),
                    traefik(["--providers.swarm.exposedByDefault=true", UNKNOWN], { TRAEFIK_PROVIDERS_ECS: UNKNOWN }),
                    file(UNKNOWN),
                    docker.container("proxy", { image: UNKNOWN, uploads: UNKNOWN }),
                ],
                messages: [
                    `Service 'proxy', in \`${ARGS}\`, switches \`exposedByDefault\` on for the provider \`swarm\`: whatever runs gets a route. ${exposedOff("swarm")}`,
                ],
            },
        ],
    },
    {
        topic: "what Traefik believes",
        rules: ["traefik-believes-known-proxies-only"],
        violating: [
            {
                what: "headers and PROXY lines of whoever sends them",
                resources: [
                    traefik([
                        "--entryPoints.web.forwardedHeaders.insecure",
                        "--entrypoints.web.proxyProtocol.insecure=true",
                    ]),
                    upload(
                        "/etc/traefik/traefik.yml",
                        "entryPoints:\n  secure:\n    address: ':443'\n    forwardedHeaders:\n      insecure: true\n",
                    ),
                    file("[entryPoints.tcp.proxyProtocol]\ninsecure = true\n"),
                ],
                messages: [
                    `Service 'proxy', in \`${ARGS}\`, switches \`entrypoints.web.forwardedheaders.insecure\` on, ${SEEN} ${TRUSTED}`,
                    `Service 'proxy', in \`${ARGS}\`, switches \`entrypoints.web.proxyprotocol.insecure\` on, ${SEEN} ${TRUSTED}`,
                    `Upload "/etc/traefik/traefik.yml" of container 'proxy' switches \`entrypoints.secure.forwardedheaders.insecure\` on, ${SEEN} ${TRUSTED}`,
                    `Service config 'dynamic' switches \`entrypoints.tcp.proxyprotocol.insecure\` on, ${SEEN} ${TRUSTED}`,
                ],
            },
        ],
        compliant: [
            {
                what: "proxies that are named",
                resources: [
                    traefik([
                        "--entrypoints.web.forwardedHeaders.insecure=false",
                        "--entrypoints.web.forwardedHeaders.trustedIPs=10.0.9.0/24",
                    ]),
                    upload(
                        "/etc/traefik/traefik.yml",
                        "entryPoints: { web: { forwardedHeaders: { trustedIPs: [10.0.9.0/24], insecure: false } } }",
                    ),
                    file("tracing: { otlp: { grpc: { insecure: true } } }\nentryPoints: {}\n"),
                ],
            },
            ...others,
        ],
        unknown: [
            {
                what: "one entry point beside what is not known",
                resources: [
                    traefik([UNKNOWN, "--entryPoints.web.forwardedHeaders.insecure"]),
                    file(UNKNOWN),
                    docker.container("proxy", { image: UNKNOWN, uploads: [{ content: UNKNOWN }] }),
                ],
                messages: [
                    `Service 'proxy', in \`${ARGS}\`, switches \`entrypoints.web.forwardedheaders.insecure\` on, ${SEEN} ${TRUSTED}`,
                ],
            },
        ],
    },
    {
        topic: "Traefik's keys",
        rules: ["traefik-key-is-a-secret"],
        violating: [
            {
                what: "keys in folders of the host, in the file itself, and in a half template",
                resources: [
                    upload(
                        "/etc/traefik/dynamic.yml",
                        "tls:\n  certificates:\n    - certFile: /certs/a.pem\n      keyFile: /certs/a-key.pem\n    - { certFile: b.pem, keyFile: b-key.pem }\n",
                    ),
                    file(
                        "http: {}\ntls:\n  stores:\n    default:\n      defaultCertificate: { keyFile: '-----BEGIN made up' }\n",
                    ),
                    file(
                        "{{ range .Names }}\n  - certFile: /certs/a.pem\n    keyFile: /certs/{{ . }}.pem\n{{ end }}\n",
                    ),
                    docker.config("transport", {
                        dataRaw: "[[http.serversTransports.a.certificates]]\nkeyFile = '/certs/client.pem'\n",
                    }),
                ],
                messages: [
                    `Upload "/etc/traefik/dynamic.yml" of container 'proxy' takes a private key from "/certs/a-key.pem", which is no Docker secret. ${SECRET}`,
                    `Upload "/etc/traefik/dynamic.yml" of container 'proxy' takes a private key from "b-key.pem", which is no Docker secret. ${SECRET}`,
                    `Service config 'dynamic' takes a private key from the file itself, which is no Docker secret. ${SECRET}`,
                    `Service config 'dynamic' takes a private key from "/certs/{{", which is no Docker secret. ${SECRET}`,
                    `Service config 'transport' takes a private key from "/certs/client.pem", which is no Docker secret. ${SECRET}`,
                ],
            },
        ],
        compliant: [
            {
                what: "keys that are Docker secrets",
                resources: [
                    file("http: {}\ntls: { certificates: [{ certFile: /etc/a.pem, keyFile: /run/secrets/a-key }] }"),
                    file("{{ if true }}\nkeyFile: '/run/secrets/a-key'\n{{ end }}"),
                    traefik(["--providers.docker.tls.key=/run/secrets/key"]),
                ],
            },
            {
                what: "a key file of another program",
                resources: [
                    docker.config("database", { dataRaw: "server:\n  keyFile: /etc/db/key.pem\n" }),
                    upload("/etc/other.ini", "; just a list\nkeyFileName /certs/x\n"),
                ],
            },
        ],
        unknown: [
            {
                what: "one file beside another that is not known",
                resources: [
                    docker.container("proxy", {
                        image: UNKNOWN,
                        uploads: [
                            { file: "/etc/traefik/other.yml", content: UNKNOWN },
                            { file: UNKNOWN, content: "http: {}\ntls: { certificates: [{ keyFile: /certs/a.pem }] }" },
                        ],
                    }),
                    file(UNKNOWN),
                    docker.service("proxy", containerSpec({ args: UNKNOWN })),
                ],
                messages: [
                    `Upload of container 'proxy' takes a private key from "/certs/a.pem", which is no Docker secret. ${SECRET}`,
                ],
            },
        ],
    },
    {
        topic: "Traefik's log",
        rules: ["traefik-log-is-not-debug"],
        violating: [
            {
                what: "a log at the level for debugging",
                resources: [
                    traefik(["--log.level=DEBUG"]),
                    traefik(["--log.level", "trace"]),
                    traefik([], { TRAEFIK_LOG_LEVEL: "Debug" }),
                    upload("/etc/traefik/traefik.yml", "log:\n  level: DEBUG\n"),
                ],
                messages: [
                    `Service 'proxy', in \`${ARGS}\`, sets \`log.level\` to DEBUG. ${INFO}`,
                    `Service 'proxy', in \`${ARGS}\`, sets \`log.level\` to TRACE. ${INFO}`,
                    `Service 'proxy', in its environment, sets \`log.level\` to DEBUG. ${INFO}`,
                    `Upload "/etc/traefik/traefik.yml" of container 'proxy' sets \`log.level\` to DEBUG. ${INFO}`,
                ],
            },
        ],
        compliant: [
            {
                what: "a quieter log",
                resources: [
                    traefik(["--log.level=INFO", "--log.format=json"], { TRAEFIK_LOG_LEVEL: "WARN" }),
                    upload("/etc/traefik/traefik.yml", "log: { level: INFO }\nentryPoints: { debug: {} }\n"),
                    file("providers: {}\nexperimental: { plugins: { a: { log: { level: DEBUG } } } }"),
                ],
            },
            ...others,
        ],
        unknown: [
            {
                what: "a level that is known beside one that is not",
                resources: [
                    traefik([UNKNOWN, "--log.level=DEBUG"], { TRAEFIK_LOG_LEVEL: UNKNOWN }),
                    docker.container("proxy", { image: "traefik", uploads: [{ content: UNKNOWN }] }),
                    file(UNKNOWN),
                ],
                messages: [`Service 'proxy', in \`${ARGS}\`, sets \`log.level\` to DEBUG. ${INFO}`],
            },
        ],
    },
];
