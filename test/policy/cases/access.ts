import { type CaseGroup, catchAll, cloudflare, guarded, tunnelName } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const WHO = "Name groups, e-mail domains, addresses or service tokens.";
const BYPASS = 'Write "allow" for people, or "non_identity" with a service token for machines.';
const policies = [{ id: "policy-1", precedence: 1 }];
const POLICIES = "Write at least one in `policies`: { id: policy.id, precedence: 1 }.";

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

export const access: readonly CaseGroup[] = [
    {
        topic: "everyone",
        rules: ["no-everyone-in-access-policy", "no-everyone-in-access-application", "no-everyone-in-access-group"],
        violating: [
            {
                what: "everyone in a policy that lets in, whatever narrows it",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        includes: [{ emailDomain: { domain: "example.com" } }, { everyone: {} }],
                        requires: [{ geo: { countryCode: "DE" } }],
                    }),
                    cloudflare.policy("robots", { decision: "non_identity", includes: [{ everyone: {} }] }),
                    cloudflare.policy("hooks", { decision: "bypass", includes: [{ ip: { ip: "0.0.0.0/0" } }] }),
                ],
                messages: [
                    `Access policy 'staff' (decision "allow") includes everyone. ${WHO}`,
                    `Access policy 'robots' (decision "non_identity") includes everyone. ${WHO}`,
                    `Access policy 'hooks' (decision "bypass") includes 0.0.0.0/0. ${WHO}`,
                ],
            },
            {
                what: "anybody with a mailbox that anybody can open, and every service token",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        includes: [
                            { emailDomain: { domain: "Gmail.com" } },
                            { emailDomain: { domain: "example.com" } },
                        ],
                    }),
                    cloudflare.group("robots", { includes: [{ anyValidServiceToken: {} }] }),
                ],
                messages: [
                    `Access policy 'staff' (decision "allow") includes whoever opens a mailbox at gmail.com. ${WHO}`,
                    `Access group 'robots' includes every service token of the account. ${WHO}`,
                ],
            },
            {
                what: "everyone in a group or in an application's own policy",
                resources: [
                    cloudflare.group("all", { includes: [{ ip: { ip: "::/0" } }] }),
                    cloudflare.application("wiki", {
                        policies: [
                            { id: "policy-1" },
                            { name: "open", decision: "allow", includes: [{ everyone: {} }] },
                        ],
                    }),
                    cloudflare.application("docs", { policies: [{ decision: "allow", includes: [{ everyone: {} }] }] }),
                ],
                messages: [
                    `Access group 'all' includes ::/0. ${WHO}`,
                    `Policy "open" of Access application 'wiki' (decision "allow") includes everyone. ${WHO}`,
                    `Policy 1 of Access application 'docs' (decision "allow") includes everyone. ${WHO}`,
                ],
            },
        ],
        compliant: [
            {
                what: "named audiences, and everyone where they are kept out",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        includes: [{ group: { id: "group-1" } }, { ip: { ip: "198.51.100.0/24" } }],
                        excludes: [{ everyone: {} }],
                    }),
                    cloudflare.policy("nobody", { decision: "deny", includes: [{ everyone: {} }] }),
                    cloudflare.group("staff", { includes: [{ email: { email: "ada@example.com" } }] }),
                    cloudflare.application("wiki", { policies }),
                ],
            },
        ],
        unknown: [
            {
                what: "everyone in a group and in an application's own policy, beside what is not known",
                resources: [
                    cloudflare.group("all", { includes: [UNKNOWN, { everyone: {} }], name: UNKNOWN }),
                    cloudflare.application("wiki", {
                        policies: [UNKNOWN, { decision: "allow", includes: [UNKNOWN, { everyone: {} }] }],
                    }),
                ],
                messages: [
                    `Access group 'all' includes everyone. ${WHO}`,
                    `Policy 1 of Access application 'wiki' (decision "allow") includes everyone. ${WHO}`,
                ],
            },
            {
                what: "an unknown member hides no other",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        name: UNKNOWN,
                        includes: [UNKNOWN, { group: { id: UNKNOWN } }, { ip: { ip: UNKNOWN } }, { everyone: {} }],
                    }),
                ],
                messages: [`Access policy 'staff' (decision "allow") includes everyone. ${WHO}`],
            },
            {
                what: "lists and decisions that are not known",
                resources: [
                    cloudflare.policy("staff", { decision: "allow", includes: UNKNOWN }),
                    cloudflare.policy("nobody", { decision: UNKNOWN, includes: [{ everyone: {} }] }),
                    cloudflare.group("staff", { includes: UNKNOWN }),
                    cloudflare.application("wiki", { policies: UNKNOWN }),
                    cloudflare.group("domain", { includes: [{ emailDomain: { domain: UNKNOWN } }] }),
                ],
            },
        ],
    },
    {
        topic: "bypasses",
        rules: ["no-bypass-in-access-policy", "no-bypass-in-access-application"],
        violating: [
            {
                what: "a bypass, declared by itself or within an application",
                resources: [
                    cloudflare.policy("health", { decision: "bypass", includes: [{ ip: { ip: "198.51.100.7/32" } }] }),
                    cloudflare.application("wiki", {
                        policies: [{ decision: "bypass", includes: [{ group: { id: "g" } }] }],
                    }),
                ],
                messages: [
                    `Access policy 'health' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                    `Policy 1 of Access application 'wiki' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                ],
            },
        ],
        compliant: [
            {
                what: "every other decision",
                resources: [
                    ...["allow", "deny", "non_identity"].map((decision) => cloudflare.policy(decision, { decision })),
                    cloudflare.application("wiki", { policies }),
                ],
            },
        ],
        unknown: [
            {
                what: "a bypass of an application beside a policy that is not known",
                resources: [
                    cloudflare.application("wiki", { policies: [UNKNOWN, { decision: "bypass", name: UNKNOWN }] }),
                ],
                messages: [
                    `Policy 1 of Access application 'wiki' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                ],
            },
            {
                what: "who matches need not be known",
                resources: [cloudflare.policy("health", { decision: "bypass", includes: UNKNOWN, accountId: UNKNOWN })],
                messages: [
                    `Access policy 'health' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                ],
            },
            {
                what: "a decision that is not known",
                resources: [
                    cloudflare.policy("health", { decision: UNKNOWN }),
                    cloudflare.application("wiki", { policies: [UNKNOWN] }),
                ],
            },
        ],
    },
    {
        topic: "applications' policies",
        rules: ["access-application-has-policy"],
        violating: [
            {
                what: "no policies, or none among them",
                resources: [
                    cloudflare.application("wiki", { type: "self_hosted", domain: "wiki.example.com" }),
                    cloudflare.application("ssh", { type: "ssh", domain: "ssh.example.com", policies: [] }),
                    cloudflare.application("docs", { domain: "docs.example.com" }),
                ],
                messages: [
                    `Access application 'wiki' for "wiki.example.com" has no policy. ${POLICIES}`,
                    `Access application 'ssh' for "ssh.example.com" has no policy. ${POLICIES}`,
                    `Access application 'docs' for "docs.example.com" has no policy. ${POLICIES}`,
                ],
            },
        ],
        compliant: [
            {
                what: "a policy, and applications that guard nothing",
                resources: [
                    cloudflare.application("wiki", { type: "self_hosted", domain: "wiki.example.com", policies }),
                    cloudflare.application("link", { type: "bookmark", domain: "https://example.com" }),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown domain beside no policy",
                resources: [cloudflare.application("wiki", { type: "self_hosted", domain: UNKNOWN, policies: [] })],
                messages: [`Access application 'wiki' for (not known yet) has no policy. ${POLICIES}`],
            },
            {
                what: "policies that are about to be made, a type that is not known",
                resources: [
                    cloudflare.application("wiki", { type: "self_hosted", policies: [{ id: UNKNOWN, precedence: 1 }] }),
                    cloudflare.application("docs", { type: "self_hosted", policies: UNKNOWN }),
                    cloudflare.application("link", { type: UNKNOWN }),
                ],
            },
        ],
    },
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
