import { Buffer } from "node:buffer";
import { type CaseGroup, catchAll, cloudflare, docker, guarded } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const ADD = 'Add { service: "http_status:404" } below it.';
const LAST = 'Write { service: "http_status:404" } as the last rule.';
const DEMAND = "Write `access: { required: true, teamName, audTags: [application.aud] }` in its `originRequest`.";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const service = "https://traefik:443";
const rule = (hostname: unknown, originRequest: unknown = guarded) => ({ hostname, service, originRequest });
const withAccess = (changes: Readonly<Record<string, unknown>>) => ({ access: { ...guarded.access, ...changes } });
const SHIP = 'Write "cloudflare", or ship the connectors\' file as a Swarm config.';
const IN_FILE = "Write `access: { required: true, teamName, audTag: [application.aud] }` in its `originRequest`.";
const inFile = (place: number, hostname: string) =>
    `Ingress rule ${place} for "${hostname}" in service config 'a' lets requests without an Access token through:`;
const file = (name: string, ingress: readonly unknown[]) =>
    docker.config(name, { data: base64(JSON.stringify({ tunnel: "t", ingress })) });
const ORIGIN = `Write the origin, with 'originRequest.proxyType' "socks" where clients speak SOCKS5.`;
const HELD = "Write the origin, or for a proxy the ranges that may be reached in 'originRequest.ipRules'.";
const A_BASTION = "a bastion, which dials whatever address a visitor names";
const free = (ipRules: readonly object[]) => ({ service: "socks-proxy", originRequest: { ipRules } });
const letsThrough = (place: number, hostname: string, why: string) =>
    `Ingress rule ${place} of tunnel configuration 'tunnel' for "${hostname}" lets requests without an Access token through: ${why}. ${DEMAND}`;

export const tunnel: readonly CaseGroup[] = [
    {
        topic: "where a tunnel is managed",
        rules: ["tunnel-is-remotely-managed"],
        violating: [
            {
                what: "a local configuration that the stack does not ship, said so or left out",
                resources: [
                    cloudflare.tunnel("a", { configSrc: "local" }),
                    cloudflare.tunnel("b", { name: "staging" }),
                    docker.config("other", { data: base64("{}") }),
                ],
                messages: [
                    `Tunnel 'a' is locally managed, and the stack ships no rules for it: 'configSrc' is "local". ${SHIP}`,
                    `Tunnel 'b' is locally managed, and the stack ships no rules for it: 'configSrc' is not set. ${SHIP}`,
                ],
            },
        ],
        compliant: [
            {
                what: "Cloudflare's, and a local one whose rules are made from it",
                resources: [
                    cloudflare.tunnel("a", { configSrc: "cloudflare" }),
                    cloudflare.tunnel("b", { configSrc: "local" }),
                    { ...docker.config("rules", { data: base64("{}") }), from: { data: ["b"] } },
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown name beside a known source",
                resources: [cloudflare.tunnel("a", { name: UNKNOWN, tunnelSecret: UNKNOWN, configSrc: "local" })],
                messages: [
                    `Tunnel 'a' is locally managed, and the stack ships no rules for it: 'configSrc' is "local". ${SHIP}`,
                ],
            },
            {
                what: "an unknown source, and rules that will be made from the tunnel",
                resources: [
                    cloudflare.tunnel("a", { configSrc: UNKNOWN }),
                    cloudflare.tunnel("b", { configSrc: "local" }),
                    { ...docker.config("rules", { data: UNKNOWN }), from: { data: ["b"] } },
                ],
            },
        ],
    },
    {
        topic: "the connector's own check in its own file",
        rules: ["ingress-file-demands-access-token"],
        violating: [
            {
                what: "no check, half a check, and rules that cannot be read",
                resources: [
                    file("a", [
                        { hostname: "a.example.com", service },
                        { hostname: "b.example.com", service, originRequest: { access: { required: false } } },
                        {
                            hostname: "c.example.com",
                            service,
                            originRequest: { access: { required: true, audTag: [] } },
                        },
                        { service, originRequest: { access: { required: true, audTag: ["aud"] } } },
                        catchAll,
                    ]),
                    docker.config("yaml", { dataRaw: "tunnel: t\ningress:\n  - service: http://web:80\n" }),
                ],
                messages: [
                    `${inFile(1, "a.example.com")} 'access.required' is not set. ${IN_FILE}`,
                    `${inFile(2, "b.example.com")} 'access.required' is false. ${IN_FILE}`,
                    `${inFile(3, "c.example.com")} 'access.audTag' is empty. ${IN_FILE}`,
                    `Ingress rule 4 in service config 'a' lets requests without an Access token through: 'access.teamName' is not set. ${IN_FILE}`,
                    "Service config 'yaml' carries a connector's ingress rules in YAML, where they are not judged. Write the file as JSON, which cloudflared reads as well.",
                ],
            },
        ],
        compliant: [
            {
                what: "a file whose every origin is guarded, and configs of something else",
                resources: [
                    file("a", [
                        {
                            hostname: "a.example.com",
                            service,
                            originRequest: { access: { required: true, teamName: "example", audTag: ["aud"] } },
                        },
                        catchAll,
                    ]),
                    docker.config("b", { dataRaw: '{"ingress": [{"service": "http://web"}]}' }),
                    docker.config("c", { dataRaw: "{ half a template" }),
                ],
            },
        ],
        unknown: [
            { what: "a file that is not known", resources: [docker.config("a", { data: UNKNOWN })] },
            {
                what: "a file beside a name that is not known",
                resources: [
                    docker.config("a", {
                        name: UNKNOWN,
                        dataRaw: JSON.stringify({
                            tunnel: "t",
                            ingress: [{ hostname: "a.example.com", service }, catchAll],
                        }),
                    }),
                ],
                messages: [`${inFile(1, "a.example.com")} 'access.required' is not set. ${IN_FILE}`],
            },
        ],
    },
    {
        topic: "origins that a visitor would choose",
        rules: ["ingress-leads-to-one-origin"],
        violating: [
            {
                what: "free proxies and bastions, at Cloudflare and in a file",
                resources: [
                    cloudflare.ingress("tunnel", [
                        { ...rule("a.example.com"), service: "socks-proxy" },
                        { ...rule("b.example.com"), service: "bastion" },
                        catchAll,
                    ]),
                    file("a", [
                        { hostname: "a.example.com", service: "socks-proxy" },
                        free([]),
                        free([{ prefix: "0.0.0.0/0", allow: true }]),
                        free([{ prefix: "10.0.0.0/8", allow: false }]),
                        { ...free([{ prefix: "10.0.0.5/32", allow: true }]), service: "bastion" },
                        catchAll,
                    ]),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "a.example.com" is a free SOCKS5 proxy. ${ORIGIN}`,
                    `Ingress rule 2 of tunnel configuration 'tunnel' for "b.example.com" is ${A_BASTION}. ${ORIGIN}`,
                    `Ingress rule 1 for "a.example.com" in service config 'a' is a free SOCKS5 proxy, and nothing holds it. ${HELD}`,
                    ...[2, 3, 4].map(
                        (place) =>
                            `Ingress rule ${place} in service config 'a' is a free SOCKS5 proxy, and nothing holds it. ${HELD}`,
                    ),
                    `Ingress rule 5 in service config 'a' is ${A_BASTION}, and nothing holds it. ${HELD}`,
                ],
            },
        ],
        compliant: [
            {
                what: "one origin for SOCKS5 clients, a proxy held to an address, and configs of something else",
                resources: [
                    cloudflare.ingress("tunnel", [
                        {
                            ...rule("a.example.com", { ...guarded, proxyType: "socks" }),
                            service: "tcp://10.0.0.5:6443",
                        },
                        catchAll,
                    ]),
                    file("a", [free([{ prefix: "10.0.0.5/32", ports: [6443], allow: true }]), catchAll]),
                    docker.config("b", { dataRaw: '{"ingress": [{"service": "bastion"}]}' }),
                ],
            },
        ],
        unknown: [
            {
                what: "a proxy beside what is not known",
                resources: [
                    cloudflare.ingress("tunnel", [
                        { hostname: UNKNOWN, service: "socks-proxy", originRequest: UNKNOWN },
                        { hostname: "b.example.com", service: UNKNOWN },
                        catchAll,
                    ]),
                    docker.config("a", { data: UNKNOWN }),
                ],
                messages: [`Ingress rule 1 of tunnel configuration 'tunnel' is a free SOCKS5 proxy. ${ORIGIN}`],
            },
        ],
    },
    {
        topic: "the end of an ingress document",
        rules: ["ingress-ends-with-catch-all"],
        violating: [
            {
                what: "a last rule for some requests only",
                resources: [
                    cloudflare.ingress("tunnel", [rule("a.example.com")]),
                    cloudflare.ingress("other", [{ hostname: "*", path: "^/api/", service: "http_status:404" }]),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "a.example.com" stands last but takes "a.example.com" only. ${ADD}`,
                    `Ingress rule 1 of tunnel configuration 'other' stands last but takes "^/api/" only. ${ADD}`,
                ],
            },
            {
                what: "a catch-all with an origin, or one that does not refuse",
                resources: [
                    cloudflare.ingress("tunnel", [rule("a.example.com"), { hostname: "*", service }]),
                    cloudflare.ingress("other", [rule("a.example.com"), { service: "http_status:200" }]),
                    cloudflare.ingress("third", [rule("a.example.com"), {}]),
                ],
                messages: [
                    `Ingress rule 2 of tunnel configuration 'tunnel' sends every unmatched request to "https://traefik:443". ${LAST}`,
                    `Ingress rule 2 of tunnel configuration 'other' sends every unmatched request to "http_status:200". ${LAST}`,
                    `Ingress rule 2 of tunnel configuration 'third' sends every unmatched request to not set. ${LAST}`,
                ],
            },
            {
                what: "a catch-all that hides the rules below it",
                resources: [cloudflare.ingress("tunnel", [{ hostname: "", service }, rule("a.example.com"), catchAll])],
                messages: [
                    "Ingress rule 1 of tunnel configuration 'tunnel' takes every request, so the rules below it are never reached. Give it a host name, or remove it.",
                ],
            },
        ],
        compliant: [
            {
                what: "a refusal at the end, a document without rules, which refuses everything",
                resources: [
                    cloudflare.ingress("tunnel", [rule("a.example.com"), rule("*.example.com"), catchAll]),
                    cloudflare.ingress("gone", [{ hostname: "", path: "", service: "http_status:503" }]),
                    cloudflare.ingress("empty", []),
                    cloudflare.ingress("none", undefined),
                ],
            },
        ],
        unknown: [
            {
                what: "unknown rules hide neither a bad end nor a rule out of place",
                resources: [
                    cloudflare.ingress("tunnel", [UNKNOWN, { hostname: UNKNOWN, service: UNKNOWN }, { service }]),
                    cloudflare.ingress("other", [{ service: UNKNOWN, originRequest: UNKNOWN }, catchAll]),
                ],
                messages: [
                    `Ingress rule 3 of tunnel configuration 'tunnel' sends every unmatched request to "https://traefik:443". ${LAST}`,
                    "Ingress rule 1 of tunnel configuration 'other' takes every request, so the rules below it are never reached. Give it a host name, or remove it.",
                ],
            },
            {
                what: "an end that is not known",
                resources: [
                    cloudflare.ingress("a", UNKNOWN),
                    cloudflare.ingress("b", [rule("a.example.com"), UNKNOWN]),
                    cloudflare.ingress("c", [{ service: UNKNOWN }]),
                    cloudflare.ingress("d", [{ hostname: UNKNOWN, service }]),
                ],
            },
        ],
    },
    {
        topic: "the connector's own check",
        rules: ["ingress-demands-access-token"],
        violating: [
            {
                what: "no check, and one at the top of the document, where it is ignored",
                resources: [
                    cloudflare.ingress(
                        "tunnel",
                        [{ hostname: "a.example.com", service }, rule("b.example.com", {}), catchAll],
                        guarded,
                    ),
                ],
                messages: [
                    letsThrough(1, "a.example.com", "'originRequest.access' is not set"),
                    letsThrough(2, "b.example.com", "'originRequest.access' is not set"),
                ],
            },
            {
                what: "a check that is switched off or checks nothing",
                resources: [
                    cloudflare.ingress("tunnel", [
                        rule("a.example.com", withAccess({ required: false })),
                        rule("b.example.com", withAccess({ required: undefined })),
                        rule("c.example.com", withAccess({ audTags: [] })),
                        rule("d.example.com", withAccess({ audTags: [""] })),
                        rule("e.example.com", withAccess({ teamName: "" })),
                        rule("f.example.com", withAccess({ teamName: undefined })),
                        catchAll,
                    ]),
                ],
                messages: [
                    letsThrough(1, "a.example.com", "'originRequest.access.required' is false"),
                    letsThrough(2, "b.example.com", "'originRequest.access.required' is not set"),
                    letsThrough(3, "c.example.com", "'originRequest.access.audTags' is empty"),
                    letsThrough(4, "d.example.com", "'originRequest.access.audTags' is empty"),
                    letsThrough(5, "e.example.com", "'originRequest.access.teamName' is not set"),
                    letsThrough(6, "f.example.com", "'originRequest.access.teamName' is not set"),
                ],
            },
            {
                what: "a rule for every host name that has an origin",
                resources: [cloudflare.ingress("tunnel", [{ path: "^/api/", service }, { service }])],
                messages: [1, 2].map(
                    (place) =>
                        `Ingress rule ${place} of tunnel configuration 'tunnel' lets requests without an Access token through: 'originRequest.access' is not set. ${DEMAND}`,
                ),
            },
        ],
        compliant: [
            {
                what: "rules that demand the token, rules without origin",
                resources: [
                    cloudflare.ingress("tunnel", [
                        rule("a.example.com"),
                        { hostname: "gone.example.com", service: "http_status:410" },
                        catchAll,
                    ]),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown origin or audience hides no missing check",
                resources: [
                    cloudflare.ingress("tunnel", [
                        UNKNOWN,
                        { hostname: "a.example.com", service: UNKNOWN },
                        rule("b.example.com", withAccess({ required: false, audTags: UNKNOWN, teamName: UNKNOWN })),
                        rule("c.example.com", withAccess({ required: UNKNOWN, audTags: [] })),
                        catchAll,
                    ]),
                ],
                messages: [
                    letsThrough(2, "a.example.com", "'originRequest.access' is not set"),
                    letsThrough(3, "b.example.com", "'originRequest.access.required' is false"),
                    letsThrough(4, "c.example.com", "'originRequest.access.audTags' is empty"),
                ],
            },
            {
                what: "audiences that are about to be made",
                resources: [
                    cloudflare.ingress("tunnel", [
                        rule("a.example.com", withAccess({ audTags: [UNKNOWN] })),
                        rule("b.example.com", withAccess({ audTags: UNKNOWN, teamName: UNKNOWN, required: UNKNOWN })),
                        rule("c.example.com", UNKNOWN),
                        { service: UNKNOWN },
                    ]),
                    cloudflare.ingress("other", UNKNOWN),
                ],
            },
        ],
    },
];
