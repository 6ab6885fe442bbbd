import { Buffer } from "node:buffer";
import { type CaseGroup, catchAll, cloudflare, containerSpec, docker, guarded } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const CONNECTOR = "Remove it and set `caPool` and `originServerName`.";
const PROXY = "Remove it and set `rootCAs` and `serverName` on the serversTransport.";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const service = "https://traefik:443";
const rule = (hostname: unknown, originRequest: unknown = guarded) => ({ hostname, service, originRequest });

export const originCertificates: readonly CaseGroup[] = [
    {
        topic: "certificate checks",
        rules: [
            "tunnel-checks-origin-certificates",
            "service-config-checks-certificates",
            "service-checks-certificates",
            "container-checks-certificates",
        ],
        violating: [
            {
                what: "a connector that takes any certificate, for one rule or for all",
                resources: [
                    cloudflare.ingress("tunnel", [rule("a.example.com", { ...guarded, noTlsVerify: true }), catchAll], {
                        noTlsVerify: true,
                    }),
                ],
                messages: [
                    `Tunnel configuration 'tunnel' sets 'originRequest.noTlsVerify' to true for all its rules. ${CONNECTOR}`,
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "a.example.com" sets 'originRequest.noTlsVerify' to true. ${CONNECTOR}`,
                ],
            },
            {
                what: "a proxy that does, in YAML, TOML or JSON",
                resources: [
                    docker.config("yaml", {
                        data: base64("http:\n  serversTransports:\n    x:\n      insecureSkipVerify: true # for now\n"),
                    }),
                    docker.config("toml", { dataRaw: "[serversTransport]\n  insecureSkipVerify = true\n" }),
                    docker.config("json", { dataRaw: '{"serversTransport":{"InsecureSkipVerify":true}}' }),
                ],
                messages: ["yaml", "toml", "json"].map(
                    (name) => `Service config '${name}' sets 'insecureSkipVerify' to true. ${PROXY}`,
                ),
            },
            {
                what: "files of a container, and of a connector",
                resources: [
                    docker.container("proxy", {
                        uploads: [
                            { file: "/etc/traefik/a.yml", content: "serversTransport: { insecureSkipVerify: true }" },
                            { file: "/etc/traefik/b.yml", contentBase64: base64("insecureSkipVerify = true") },
                            { file: "/etc/traefik/c.yml", content: "insecureSkipVerify: false" },
                        ],
                    }),
                    docker.config("connector", { dataRaw: '{"originRequest": {"noTLSVerify": true}}' }),
                ],
                messages: [
                    `Upload "/etc/traefik/a.yml" of container 'proxy' sets 'insecureSkipVerify' to true. ${PROXY}`,
                    `Upload "/etc/traefik/b.yml" of container 'proxy' sets 'insecureSkipVerify' to true. ${PROXY}`,
                    `Service config 'connector' sets 'noTLSVerify' to true. ${CONNECTOR}`,
                ],
            },
            {
                what: "the same as option, label or variable",
                resources: [
                    docker.service("traefik", {
                        ...containerSpec({
                            args: ["--serversTransport.insecureSkipVerify", "--log.level=INFO"],
                            env: { TRAEFIK_SERVERSTRANSPORT_INSECURESKIPVERIFY: "true" },
                            labels: [{ label: "traefik.http.serversTransports.x.insecureskipverify", value: "true" }],
                        }),
                    }),
                    docker.container("cloudflared", {
                        command: ["tunnel", "--no-tls-verify", "run"],
                        envs: ["NO_TLS_VERIFY=1"],
                    }),
                    docker.container("connector", { envs: ["TUNNEL_NO_TLS_VERIFY=true"] }),
                    docker.container("app", { envs: ["NODE_TLS_REJECT_UNAUTHORIZED=0"] }),
                ],
                messages: [
                    `Service 'traefik' switches certificate checks off with 'TRAEFIK_SERVERSTRANSPORT_INSECURESKIPVERIFY' in \`taskSpec.containerSpec.env\`. ${PROXY}`,
                    `Service 'traefik' switches certificate checks off with 'traefik.http.serversTransports.x.insecureskipverify' in \`taskSpec.containerSpec.labels\`. ${PROXY}`,
                    `Service 'traefik' switches certificate checks off with '--serversTransport.insecureSkipVerify' in \`taskSpec.containerSpec.args\`. ${PROXY}`,
                    `Container 'cloudflared' switches certificate checks off with 'NO_TLS_VERIFY' in \`envs\`. ${CONNECTOR}`,
                    `Container 'cloudflared' switches certificate checks off with '--no-tls-verify' in \`command\`. ${CONNECTOR}`,
                    `Container 'connector' switches certificate checks off with 'TUNNEL_NO_TLS_VERIFY' in \`envs\`. ${CONNECTOR}`,
                    "Container 'app' switches certificate checks off with 'NODE_TLS_REJECT_UNAUTHORIZED' in `envs`. Remove it and name the CA in NODE_EXTRA_CA_CERTS.",
                ],
            },
        ],
        compliant: [
            {
                what: "checks that are on, and mentions that are none",
                resources: [
                    cloudflare.ingress("tunnel", [rule("a.example.com", { noTlsVerify: false }), catchAll], {
                        noTlsVerify: false,
                    }),
                    docker.config("yaml", { data: base64("# insecureSkipVerify: true\ninsecureSkipVerify: false\n") }),
                    docker.config("none", {}),
                    docker.service("traefik", {
                        ...containerSpec({
                            args: ["--serversTransport.insecureSkipVerify=false"],
                            env: { TRAEFIK_SERVERSTRANSPORT_INSECURESKIPVERIFY: "false", NO_TLS_VERIFY: "false" },
                        }),
                    }),
                    docker.container("app", { envs: ["NODE_TLS_REJECT_UNAUTHORIZED=1", "NODE_ENV=production"] }),
                ],
            },
        ],
        unknown: [
            {
                what: "files and variables beside what is not known",
                resources: [
                    docker.config("toml", { name: UNKNOWN, dataRaw: "insecureSkipVerify = true" }),
                    docker.container("app", { envs: [UNKNOWN, "NO_TLS_VERIFY=true"], uploads: UNKNOWN }),
                ],
                messages: [
                    `Service config 'toml' sets 'insecureSkipVerify' to true. ${PROXY}`,
                    `Container 'app' switches certificate checks off with 'NO_TLS_VERIFY' in \`envs\`. ${CONNECTOR}`,
                ],
            },
            {
                what: "an unknown rule or word hides no other",
                resources: [
                    cloudflare.ingress("tunnel", [
                        UNKNOWN,
                        { ...rule(UNKNOWN, { noTlsVerify: true }), service: UNKNOWN },
                        catchAll,
                    ]),
                    docker.service("cloudflared", containerSpec({ args: [UNKNOWN, "--no-tls-verify"], env: UNKNOWN })),
                ],
                messages: [
                    `Ingress rule 2 of tunnel configuration 'tunnel' sets 'originRequest.noTlsVerify' to true. ${CONNECTOR}`,
                    `Service 'cloudflared' switches certificate checks off with '--no-tls-verify' in \`taskSpec.containerSpec.args\`. ${CONNECTOR}`,
                ],
            },
            {
                what: "texts that are not known",
                resources: [
                    cloudflare.ingress("tunnel", UNKNOWN, UNKNOWN),
                    docker.config("yaml", { data: UNKNOWN }),
                    docker.service("traefik", containerSpec({ args: UNKNOWN, env: { NO_TLS_VERIFY: UNKNOWN } })),
                    docker.container("app", { command: UNKNOWN, envs: UNKNOWN }),
                ],
            },
        ],
    },
];
