import { type CaseGroup, cloudflare, resource, tunnelName } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const CNAME = "Write a proxied CNAME to `<tunnel id>.cfargotunnel.com`.";
const PROXY = "Set `proxied` to true (and `ttl` to 1).";
const NO_TUNNEL = "Write `<tunnel id>.cfargotunnel.com`, or list its domain in `allowedTargets`.";

/** A proxied record of the zone `z1`, unless said otherwise. */
const inZone = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
    cloudflare.record(`dns-${name}`, {
        type: "CNAME",
        name,
        content: tunnelName,
        proxied: true,
        zoneId: "z1",
        ...more,
    });

const tooDeep = (name: string, depth: number, instead: string) =>
    `DNS record 'dns-${name}' publishes "${name}", at least ${depth} labels below its zone, which Universal SSL does not cover. Write "${instead}", or order a certificate for the name.`;

export const dns: readonly CaseGroup[] = [
    {
        topic: "address records",
        rules: ["no-origin-address-in-dns"],
        violating: [
            {
                what: "addresses, proxied or not",
                resources: [
                    cloudflare.record("a", { type: "A", name: "a.example.com", content: "203.0.113.7", proxied: true }),
                    cloudflare.record("b", { type: "AAAA", name: "b.example.com", content: "2001:db8::7" }),
                    cloudflare.record("c", { type: "a", name: "c.example.com", content: "10.0.0.7" }),
                ],
                messages: [
                    `DNS record 'a' publishes "a.example.com" as the address "203.0.113.7" (A). ${CNAME}`,
                    `DNS record 'b' publishes "b.example.com" as the address "2001:db8::7" (AAAA). ${CNAME}`,
                    `DNS record 'c' publishes "c.example.com" as the address "10.0.0.7" (A). ${CNAME}`,
                ],
            },
            {
                what: "an address that leads nowhere but is not proxied, and one that only looks like it",
                resources: [
                    cloudflare.record("a", { type: "A", name: "a.example.com", content: "192.0.2.1", proxied: false }),
                    cloudflare.record("b", { type: "A", name: "_b.example.com", content: "192.0.20.1", proxied: true }),
                ],
                messages: [
                    `DNS record 'a' publishes "a.example.com" as the address "192.0.2.1" (A). ${CNAME}`,
                    `DNS record 'b' publishes "_b.example.com" as the address "192.0.20.1" (A). ${CNAME}`,
                ],
            },
        ],
        compliant: [
            {
                what: "other kinds of record, proxied names without origin",
                resources: [
                    inZone("app.example.com"),
                    cloudflare.record("mx", {
                        type: "MX",
                        name: "example.com",
                        content: "mail.example.net",
                        priority: 1,
                    }),
                    cloudflare.record("txt", { type: "TXT", name: "example.com", content: "v=spf1 -all" }),
                    cloudflare.record("caa", { type: "CAA", name: "example.com", data: { tag: "issue" } }),
                    cloudflare.record("ns", { type: "NS", name: "sub.example.com", content: "ns1.example.net" }),
                    cloudflare.record("go", { type: "AAAA", name: "go.example.com", content: "100::", proxied: true }),
                    cloudflare.record("to", { type: "A", name: "to.example.com", content: "192.0.2.1", proxied: true }),
                ],
            },
        ],
        unknown: [
            {
                what: "an address that is about to be given out",
                resources: [cloudflare.record("a", { type: "A", name: UNKNOWN, content: UNKNOWN, proxied: UNKNOWN })],
                messages: [`DNS record 'a' publishes (not known yet) as the address (not known yet) (A). ${CNAME}`],
            },
            {
                what: "a kind that is not known",
                resources: [cloudflare.record("a", { type: UNKNOWN, name: "a.example.com" })],
            },
        ],
    },
    {
        topic: "CNAME records",
        rules: ["dns-name-is-proxied-to-tunnel"],
        violating: [
            {
                what: "a name past the proxy, said so or left out",
                resources: [
                    inZone("app.example.com", { proxied: false }),
                    inZone("api.example.com", { proxied: undefined }),
                ],
                messages: [
                    `DNS record 'dns-app.example.com' publishes "app.example.com" past Cloudflare's proxy: 'proxied' is false. ${PROXY}`,
                    `DNS record 'dns-api.example.com' publishes "api.example.com" past Cloudflare's proxy: 'proxied' is not set. ${PROXY}`,
                ],
            },
            {
                what: "a name that leads to something else, whatever it is called",
                resources: [
                    inZone("app.example.com", { content: "origin.example.net" }),
                    inZone("_app.example.com", { content: "origin.example.net" }),
                ],
                messages: [
                    `DNS record 'dns-app.example.com' sends "app.example.com" to "origin.example.net", which is no tunnel. ${NO_TUNNEL}`,
                    `DNS record 'dns-_app.example.com' sends "_app.example.com" to "origin.example.net", which is no tunnel. ${NO_TUNNEL}`,
                ],
            },
            {
                what: "a target that only ends like an allowed one",
                resources: [inZone("docs.example.com", { content: "notpages.dev" })],
                config: { allowedTargets: ["pages.dev"] },
                messages: [
                    `DNS record 'dns-docs.example.com' sends "docs.example.com" to "notpages.dev", which is no tunnel. ${NO_TUNNEL}`,
                ],
            },
        ],
        compliant: [
            {
                what: "proxied names of tunnels, names for machines, other kinds of record",
                resources: [
                    inZone("app.example.com"),
                    inZone("api.example.com", { content: `${tunnelName.toUpperCase()}.` }),
                    inZone("s1._domainkey.example.com", { content: "dkim.mailer.example.net", proxied: false }),
                    cloudflare.record("txt", { type: "TXT", name: "example.com", content: "v=spf1 -all" }),
                ],
            },
            {
                what: "a third party that is listed",
                resources: [inZone("docs.example.com", { content: "docs.pages.dev", proxied: false })],
                config: { allowedTargets: ["pages.dev"] },
            },
        ],
        unknown: [
            {
                what: "a name past the proxy is wrong wherever it leads",
                resources: [inZone("app.example.com", { content: UNKNOWN, proxied: false })],
                messages: [
                    `DNS record 'dns-app.example.com' publishes "app.example.com" past Cloudflare's proxy: 'proxied' is false. ${PROXY}`,
                ],
            },
            {
                what: "a known target is wrong whatever else is not known",
                resources: [
                    inZone("app.example.com", { name: UNKNOWN, content: "origin.example.net", proxied: UNKNOWN }),
                ],
                messages: [
                    `DNS record 'dns-app.example.com' sends (not known yet) to "origin.example.net", which is no tunnel. ${NO_TUNNEL}`,
                ],
            },
            {
                what: "a proxied name of a tunnel that is about to be made",
                resources: [
                    inZone("app.example.com", { content: UNKNOWN }),
                    inZone("api.example.com", { content: UNKNOWN, proxied: UNKNOWN }),
                ],
            },
            {
                what: "a target that may yet be an allowed one",
                resources: [inZone("docs.example.com", { content: UNKNOWN, proxied: false })],
                config: { allowedTargets: ["pages.dev"] },
            },
        ],
    },
    {
        topic: "the depth of names",
        rules: ["hostname-is-covered-by-universal-ssl"],
        violating: [
            {
                what: "a name that is deeper than what all names of its zone share",
                resources: [inZone("app.example.com"), inZone("app.staging.example.com")],
                messages: [tooDeep("app.staging.example.com", 2, "app-staging.example.com")],
            },
            {
                what: "a name alone, with the zone from the settings",
                resources: [inZone("app.staging.example.com")],
                config: { zones: ["com", "example.com", "example.org"] },
                messages: [tooDeep("app.staging.example.com", 2, "app-staging.example.com")],
            },
            {
                what: "a wildcard below the first level, with the zone from the stack",
                resources: [
                    resource("cloudflare:index/zone:Zone", "zone", { name: "example.com" }),
                    cloudflare.record(
                        "dns-*.staging.example.com",
                        {
                            type: "CNAME",
                            name: "*.staging.example.com",
                            content: tunnelName,
                            proxied: true,
                            zoneId: UNKNOWN,
                        },
                        { from: { zoneId: ["zone"] } },
                    ),
                ],
                messages: [tooDeep("*.staging.example.com", 2, "app-staging.example.com")],
            },
            {
                what: "a deep name in the second of two zones that are about to be made",
                resources: ["example.com", "example.org"].flatMap((apex) => [
                    resource("cloudflare:index/zone:Zone", apex, { name: apex }),
                    cloudflare.record(
                        `dns-a.b.${apex}`,
                        { type: "CNAME", name: `a.b.${apex}`, content: tunnelName, proxied: true, zoneId: UNKNOWN },
                        { from: { zoneId: [apex] } },
                    ),
                ]),
                messages: ["example.com", "example.org"].map((apex) => tooDeep(`a.b.${apex}`, 2, `a-b.${apex}`)),
            },
            {
                what: "a name one label deeper than its certificate",
                resources: [
                    inZone("app.example.com"),
                    inZone("a.b.staging.example.com"),
                    resource("cloudflare:index/certificatePack:CertificatePack", "certificate", {
                        hosts: ["example.com", "*.staging.example.com"],
                    }),
                ],
                messages: [tooDeep("a.b.staging.example.com", 3, "a-b-staging.example.com")],
            },
        ],
        compliant: [
            {
                what: "the apex, the first level, a wildcard of the first level",
                resources: [inZone("example.com"), inZone("app-staging.example.com"), inZone("*.example.com")],
                config: { zones: ["example.com"] },
            },
            {
                what: "names that are not proxied or not meant for visitors",
                resources: [
                    inZone("app.example.com"),
                    inZone("a.b.example.com", { proxied: false }),
                    inZone("s1._domainkey.example.com"),
                ],
            },
            {
                what: "a deep name with a certificate of its own",
                resources: [
                    inZone("app.example.com"),
                    inZone("app.staging.example.com"),
                    resource("cloudflare:index/certificatePack:CertificatePack", "certificate", {
                        hosts: ["example.com", "*.staging.example.com"],
                    }),
                ],
            },
            {
                what: "a zone that is itself a subdomain, from the settings",
                resources: [inZone("app.dev.example.com"), inZone("example.com")],
                config: { zones: ["example.com", "dev.example.com"] },
            },
            { what: "a name alone, when nobody says what its zone is", resources: [inZone("app.staging.example.com")] },
            {
                what: "a zone and another below it",
                resources: [inZone("app.example.com"), inZone("app.dev.example.com", { zoneId: "z2" })],
            },
        ],
        unknown: [
            {
                what: "an unknown name hides no other",
                resources: [
                    inZone("a", { name: UNKNOWN }),
                    inZone("app.example.com", { content: UNKNOWN }),
                    inZone("app.staging.example.com", { content: UNKNOWN }),
                ],
                messages: [tooDeep("app.staging.example.com", 2, "app-staging.example.com")],
            },
            {
                what: "names whose zone is not known are not taken for one zone's",
                resources: [inZone("a.b.example.com", { zoneId: UNKNOWN }), inZone("example.net", { zoneId: UNKNOWN })],
            },
            {
                what: "a zone whose name is not known, a record that may not be proxied",
                resources: [
                    resource("cloudflare:index/zone:Zone", "zone", { name: UNKNOWN }),
                    cloudflare.record(
                        "dns",
                        { type: "CNAME", name: "a.b.example.com", proxied: true, zoneId: UNKNOWN },
                        { from: { zoneId: ["zone"] } },
                    ),
                    inZone("app.example.com"),
                    inZone("c.d.example.com", { proxied: UNKNOWN }),
                ],
            },
        ],
    },
];
