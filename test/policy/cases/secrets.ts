import { Buffer } from "node:buffer";
import { type CaseGroup, containerSpec, docker } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const FILE = "Put it into a `docker.Secret` and name the file that it is mounted as.";
const ENV = "taskSpec.containerSpec.env";
const ARGS = "taskSpec.containerSpec.args";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const tunnelToken = base64(
    JSON.stringify({ a: "0".repeat(32), t: "6ff42ae2-765d-4adf-8112-31c55c1551ef", s: base64("made up") }),
);
const noToken = base64(JSON.stringify({ alg: "none", typ: "a harmless document that only starts like a token" }));
const pem = "-----BEGIN EC PRIVATE KEY-----\nbm90IGEga2V5\n-----END EC PRIVATE KEY-----\n";
const credentials = JSON.stringify({ AccountTag: "0", TunnelSecret: "bWFkZSB1cA==", TunnelID: "0" });

export const secrets: readonly CaseGroup[] = [
    {
        topic: "secrets in clear",
        rules: ["no-secret-in-service", "no-secret-in-container", "no-secret-in-service-config"],
        violating: [
            {
                what: "secrets in a service's environment",
                resources: [
                    docker.service(
                        "app",
                        containerSpec({
                            env: {
                                TUNNEL_TOKEN: "made-up",
                                TUNNEL_CRED_CONTENTS: "made-up",
                                CF_API_TOKEN: "made-up",
                                AWS_SECRET_ACCESS_KEY: "made-up",
                                DB_PASSWORD: "made-up",
                                LOG_LEVEL: "info",
                            },
                        }),
                    ),
                ],
                messages: [
                    "TUNNEL_TOKEN",
                    "TUNNEL_CRED_CONTENTS",
                    "CF_API_TOKEN",
                    "AWS_SECRET_ACCESS_KEY",
                    "DB_PASSWORD",
                ].map((name) => `Service 'app' has a secret in \`${ENV}\` ('${name}'). ${FILE}`),
            },
            {
                what: "secrets in a container's environment, entry point and command",
                resources: [
                    docker.container("app", {
                        envs: ["API_KEY=made=up", "MODE=prod"],
                        entrypoints: [
                            "/bin/sh",
                            "-c",
                            "cloudflared --secret /run/secrets/x tunnel run --token made-up",
                        ],
                        command: ["--api-token=made-up", "--password", "made-up"],
                    }),
                ],
                messages: [
                    `Container 'app' has a secret in \`envs\` ('API_KEY'). ${FILE}`,
                    `Container 'app' has the value of '--token' in \`entrypoints\`. ${FILE}`,
                    `Container 'app' has the value of '--api-token' in \`command\`. ${FILE}`,
                    `Container 'app' has the value of '--password' in \`command\`. ${FILE}`,
                ],
            },
            {
                what: "what is a secret by its form, wherever it stands",
                resources: [
                    docker.service("app", {
                        labels: [{ label: "note", value: tunnelToken }],
                        ...containerSpec({
                            args: ["run", tunnelToken, `--opt=${tunnelToken}`],
                            commands: ["/bin/sh", "-c", `echo '${credentials}' > /tmp/c.json`],
                            env: { A: pem, B: `cfast_${"a".repeat(48)}` },
                            healthcheck: {
                                tests: ["CMD", "curl", "-H", `CF-Access-Client-Secret: cfast_${"b".repeat(48)}`],
                            },
                        }),
                    }),
                ],
                messages: [
                    `Service 'app' has a private key in \`${ENV}\` ('A'). ${FILE}`,
                    `Service 'app' has the secret of an Access service token in \`${ENV}\` ('B'). ${FILE}`,
                    `Service 'app' has a tunnel token in \`labels\` ('note'). ${FILE}`,
                    `Service 'app' has a tunnel's credentials in \`taskSpec.containerSpec.commands\`. ${FILE}`,
                    `Service 'app' has a tunnel token in \`${ARGS}\`. ${FILE}`,
                    `Service 'app' has a tunnel token in \`${ARGS}\`. ${FILE}`,
                    `Service 'app' has the secret of an Access service token in \`taskSpec.containerSpec.healthcheck.tests\`. ${FILE}`,
                ],
            },
            {
                what: "secrets in a config of the swarm",
                resources: [
                    docker.config("key", { data: base64(pem) }),
                    docker.config("credentials", { dataRaw: credentials }),
                ],
                messages: [
                    `Service config 'key' carries a private key, and every node of the swarm keeps configs in clear. ${FILE}`,
                    `Service config 'credentials' carries a tunnel's credentials, and every node of the swarm keeps configs in clear. ${FILE}`,
                ],
            },
            {
                what: "secrets in a container's health check and a service's",
                resources: [
                    docker.container("app", { healthcheck: { tests: ["CMD", "probe", "--password=made-up"] } }),
                    docker.service(
                        "app",
                        containerSpec({ healthcheck: { tests: ["CMD", "probe", "--token=made-up"] } }),
                    ),
                ],
                messages: [
                    `Container 'app' has the value of '--password' in \`healthcheck.tests\`. ${FILE}`,
                    `Service 'app' has the value of '--token' in \`taskSpec.containerSpec.healthcheck.tests\`. ${FILE}`,
                ],
            },
        ],
        compliant: [
            {
                what: "files, variables, switches and names that only sound like secrets",
                resources: [
                    docker.service("app", {
                        labels: [{ label: "com.example.token", value: "" }],
                        ...containerSpec({
                            env: {
                                POSTGRES_PASSWORD_FILE: "/run/secrets/db",
                                TUNNEL_CRED_FILE: "/run/secrets/creds.json",
                                CF_API_TOKEN: "/run/secrets/token",
                                ALLOW_EMPTY_PASSWORD: "yes",
                                SHOW_PASSWORD: "false",
                                REQUIRE_TOKEN: "true",
                                RESEMBLES_ONE: base64(JSON.stringify({ a: "made up", t: "made up" })),
                                TOKEN_TTL: "3600",
                                DB_PASSWORD: "",
                                SOMETHING: noToken,
                                LOOKS_LIKE: "eyJ not base64 of JSON",
                            },
                            args: [
                                "--credentials-file",
                                "/run/secrets/creds.json",
                                "--token-file=/run/secrets/token",
                                "--token",
                                "/run/secrets/token",
                                "--api-key=$(cat /run/secrets/key)",
                                "--no-password",
                                "--tokens=5",
                                "--disable-token",
                            ],
                        }),
                    }),
                    docker.container("app", {
                        envs: ["PATH=/bin", "MODE"],
                        command: ["serve", "token", "--secret=$" + "{SECRET}"],
                    }),
                    docker.config("proxy", { data: base64("log:\n  level: INFO\n") }),
                ],
            },
        ],
        unknown: [
            {
                what: "secrets of a container and of a config beside what is not known",
                resources: [
                    docker.container("app", { envs: [UNKNOWN, "DB_PASSWORD=made-up"], image: UNKNOWN }),
                    docker.config("proxy", { name: UNKNOWN, dataRaw: pem }),
                ],
                messages: [
                    `Container 'app' has a secret in \`envs\` ('DB_PASSWORD'). ${FILE}`,
                    `Service config 'proxy' carries a private key, and every node of the swarm keeps configs in clear. ${FILE}`,
                ],
            },
            {
                what: "a secret that is about to be made is one by its name",
                resources: [
                    docker.service("app", {
                        labels: UNKNOWN,
                        ...containerSpec({
                            image: UNKNOWN,
                            env: { TUNNEL_TOKEN: UNKNOWN },
                            args: [UNKNOWN, "--token", UNKNOWN, "/x"],
                        }),
                    }),
                ],
                messages: [
                    `Service 'app' has a secret in \`${ENV}\` ('TUNNEL_TOKEN'). ${FILE}`,
                    `Service 'app' has the value of '--token' in \`${ARGS}\`. ${FILE}`,
                ],
            },
            {
                what: "settings that are not known",
                resources: [
                    docker.service("app", containerSpec({ env: UNKNOWN, args: UNKNOWN })),
                    docker.service("api", containerSpec({ env: { MODE: UNKNOWN }, args: [UNKNOWN] })),
                    docker.container("web", { envs: [UNKNOWN], labels: [{ label: UNKNOWN, value: UNKNOWN }] }),
                    docker.config("proxy", { data: UNKNOWN }),
                ],
            },
        ],
    },
];
