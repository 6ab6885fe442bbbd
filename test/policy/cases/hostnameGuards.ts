import { type CaseGroup, catchAll, cloudflare, guarded, tunnelName } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const policies = [{ id: "policy-1", precedence: 1 }];

const declare = (domain: string) =>
    `Declare an Access application with the domain "${domain}" and at least one policy.`;
const rule = (hostname: string, more: Readonly<Record<string, unknown>> = {}) => ({
    hostname,
    service: "https://traefik:443",
    originRequest: guarded,
    ...more,
});
const toTunnel = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
    cloudflare.record(`dns-${name}`, { type: "CNAME", name, content: tunnelName, proxied: true, ...more });

export const hostnameGuards: readonly CaseGroup[] = [
    {
        topic: "the guards of host names",
        rules: ["tunnel-hostname-has-access"],
        violating: [
            {
                what: "a host name without application, once for its ingress and its DNS",
                resources: [
                    cloudflare.ingress("tunnel", [rule("open.example.com"), rule("wiki.example.com"), catchAll]),
                    toTunnel("open.example.com"),
                    toTunnel("wiki.example.com"),
                    cloudflare.application("wiki", { domain: "wiki.example.com", policies }),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "open.example.com" has no Access application. ${declare("open.example.com")}`,
                ],
            },
            {
                what: "a name of a tunnel whose ingress is elsewhere",
                resources: [
                    toTunnel("open.example.com"),
                    toTunnel("wiki.example.com"),
                    cloudflare.application("wiki", { domain: "wiki.example.com/admin", policies }),
                ],
                messages: [
                    `DNS record 'dns-open.example.com' sends "open.example.com" to a tunnel, and the name has no Access application. ${declare("open.example.com")}`,
                    `DNS record 'dns-wiki.example.com' sends "wiki.example.com" to a tunnel, and the name is covered only in part by the Access application 'wiki': a path that it does not cover stays open. ${declare("wiki.example.com")}`,
                ],
            },
            {
                what: "an application that covers another path, or only part of what the rule takes",
                resources: [
                    cloudflare.ingress("tunnel", [
                        rule("a.example.com", { path: "^/api(/|$)" }),
                        rule("b.example.com", { path: "^/admin" }),
                        rule("c.example.com", { path: "/admin/" }),
                        rule("d.example.com", { path: "^/admin/|^/open" }),
                        rule("e.example.com"),
                        catchAll,
                    ]),
                    ...["a", "b", "c", "d", "e"].map((name) =>
                        cloudflare.application(name, { domain: `${name}.example.com/admin`, policies }),
                    ),
                ],
                messages: ["a", "b", "c", "d", "e"].map(
                    (name, index) =>
                        `Ingress rule ${index + 1} of tunnel configuration 'tunnel' for "${name}.example.com" is covered only in part by the Access application '${name}': a path that it does not cover stays open. ${declare(`${name}.example.com`)}`,
                ),
            },
            {
                what: "an application that guards nothing",
                resources: [
                    cloudflare.ingress("tunnel", [rule("wiki.example.com"), catchAll]),
                    cloudflare.application("wiki", { type: "bookmark", domain: "wiki.example.com", policies }),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "wiki.example.com" has no Access application. ${declare("wiki.example.com")}`,
                ],
            },
            {
                what: "an application without policy",
                resources: [
                    cloudflare.ingress("tunnel", [rule("wiki.example.com"), catchAll]),
                    cloudflare.application("wiki", { domain: "wiki.example.com", policies: [] }),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "wiki.example.com" has the Access application 'wiki', which has no policy. ${declare("wiki.example.com")}`,
                ],
            },
            {
                what: "a name deeper than the wildcard of its application",
                resources: [
                    cloudflare.ingress("tunnel", [rule("a.b.example.com"), catchAll]),
                    cloudflare.application("all", { domain: "*.example.com", policies }),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "a.b.example.com" has no Access application. ${declare("a.b.example.com")}`,
                ],
            },
            {
                what: "a wildcard in ingress, which reaches deeper than Access, without the connector's own check",
                resources: [
                    cloudflare.ingress("tunnel", [rule("*.example.com", { originRequest: {} }), catchAll]),
                    cloudflare.application("all", { domain: "*.example.com", policies }),
                ],
                messages: [
                    "Ingress rule 1 of tunnel configuration 'tunnel' for \"*.example.com\" takes names of any depth, while its Access application covers one label and the connector demands no token. Write the host names out, or set `originRequest.access.required` to true.",
                ],
            },
            {
                what: "a wildcard of which only one name is guarded",
                resources: [
                    cloudflare.ingress("tunnel", [rule("*.example.com"), catchAll]),
                    cloudflare.application("wiki", { domain: "wiki.example.com", policies }),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "*.example.com" has no Access application. ${declare("*.example.com")}`,
                ],
            },
        ],
        compliant: [
            {
                what: "applications of every kind that guards what it names",
                resources: ["self_hosted", "ssh", "vnc", "rdp", "infrastructure"].flatMap((type) => [
                    cloudflare.application(type, { domain: `${type}.example.com`, type, policies }),
                    toTunnel(`${type}.example.com`),
                ]),
            },
            {
                what: "a name under a wildcard whose path is guarded where the tunnel serves it",
                resources: [
                    cloudflare.ingress("tunnel", [{ ...rule("*.example.com"), path: "^/admin(/|$)" }, catchAll]),
                    toTunnel("a.example.com"),
                    cloudflare.application("admin", { domain: "*.example.com/admin", policies }),
                ],
            },
            {
                what: "every host name with its application",
                resources: [
                    cloudflare.ingress("tunnel", [
                        rule("Wiki.example.com"),
                        rule("api.example.com", { path: "^/v1\\.0(/|$)" }),
                        rule("shop-staging.example.com"),
                        rule("shop.example.com"),
                        rule("grafana.example.com"),
                        rule("ssh.example.com"),
                        rule("*.apps.example.com"),
                        { hostname: "gone.example.com", service: "http_status:410" },
                        catchAll,
                    ]),
                    cloudflare.application("wiki", { domain: "wiki.example.com", policies }),
                    cloudflare.application("api", { domain: "api.example.com/v1.0", policies }),
                    cloudflare.application("staging", { domain: "*-staging.example.com/*", policies }),
                    cloudflare.application("grafana", { selfHostedDomains: ["grafana.example.com:443"], policies }),
                    cloudflare.application("ssh", {
                        destinations: [{ type: "public", uri: "ssh.example.com/" }],
                        policies,
                    }),
                    cloudflare.application("apps", { domain: "*.apps.example.com", policies }),
                    cloudflare.application("empty", { domain: "wiki.example.com", policies: [] }),
                    cloudflare.application("shop", {
                        domain: "shop.example.com/admin",
                        selfHostedDomains: ["shop.example.com"],
                        policies,
                    }),
                    toTunnel("wiki.example.com"),
                    toTunnel("api.example.com"),
                    toTunnel("one.apps.example.com"),
                ],
            },
            {
                what: "names that lead elsewhere",
                resources: [
                    cloudflare.record("docs", { type: "CNAME", name: "docs.example.com", content: "docs.pages.dev" }),
                    cloudflare.record("txt", { type: "TXT", name: "example.com", content: "v=spf1 -all" }),
                ],
            },
        ],
        unknown: [
            {
                what: "a name of a tunnel that is about to be made",
                resources: [
                    cloudflare.tunnel("tunnel", { name: "staging" }),
                    cloudflare.ingress("config", UNKNOWN),
                    cloudflare.record(
                        "dns",
                        { type: "CNAME", name: "open.example.com", content: UNKNOWN, proxied: true },
                        { from: { content: ["tunnel"] } },
                    ),
                    cloudflare.application("other", { domain: UNKNOWN, policies: UNKNOWN }),
                ],
                messages: [
                    `DNS record 'dns' sends "open.example.com" to a tunnel, and the name has no Access application. ${declare("open.example.com")}`,
                ],
            },
            {
                what: "an unknown rule hides no other",
                resources: [
                    cloudflare.ingress("tunnel", [
                        UNKNOWN,
                        rule("open.example.com", { service: UNKNOWN, path: UNKNOWN }),
                        catchAll,
                    ]),
                ],
                messages: [
                    `Ingress rule 2 of tunnel configuration 'tunnel' for "open.example.com" has no Access application. ${declare("open.example.com")}`,
                ],
            },
            {
                what: "policies and paths that are about to be made",
                resources: [
                    cloudflare.tunnel("tunnel", { name: "staging" }),
                    cloudflare.ingress("config", [
                        rule("wiki.example.com", { path: UNKNOWN }),
                        rule(UNKNOWN),
                        catchAll,
                    ]),
                    cloudflare.application("wiki", {
                        type: UNKNOWN,
                        domain: "wiki.example.com/admin",
                        policies: UNKNOWN,
                    }),
                    cloudflare.record(
                        "dns",
                        { type: "CNAME", name: UNKNOWN, content: UNKNOWN },
                        { from: { content: ["tunnel"] } },
                    ),
                    cloudflare.record("other", { type: "CNAME", name: "other.example.com", content: UNKNOWN }),
                ],
            },
            {
                what: "a name whose paths are judged once the ingress is known",
                resources: [
                    cloudflare.ingress("config", UNKNOWN),
                    toTunnel("wiki.example.com"),
                    cloudflare.application("wiki", { domain: "wiki.example.com/admin", policies }),
                ],
            },
        ],
    },
];
