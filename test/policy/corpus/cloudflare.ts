import type { Specimen } from "./specimen.ts";

const rule = "no-open-origin-behind-cloudflare";
const tunnel = "6ff42ae2-765d-4adf-8112-31c55c1551ef.cfargotunnel.com";

/** Cloudflare's own ways to an origin that listens. */
export const cloudflare: readonly Specimen[] = [
    {
        what: "a host name that is an address",
        type: "cloudflare:index/dnsRecord:DnsRecord",
        rule: "no-origin-address-in-dns",
        props: { zoneId: "z", type: "A", name: "app.example.com", content: "203.0.113.7", proxied: true, ttl: 1 },
        safe: [{ what: "an address that leads nowhere", set: { content: "192.0.2.1" } }],
    },
    {
        what: "a host name that is an IPv6 address past the proxy",
        type: "cloudflare:index/dnsRecord:DnsRecord",
        rule: "no-origin-address-in-dns",
        props: { zoneId: "z", type: "AAAA", name: "app.example.com", content: "2001:db8::7", ttl: 300 },
        safe: [{ what: "text", set: { type: "TXT", content: "v=spf1 -all" } }],
    },
    {
        what: "a host name that leads to another server",
        type: "cloudflare:index/dnsRecord:DnsRecord",
        rule: "dns-name-is-proxied-to-tunnel",
        props: {
            zoneId: "z",
            type: "CNAME",
            name: "app.example.com",
            content: "lb.example.net",
            proxied: true,
            ttl: 1,
        },
        safe: [
            {
                what: "that machines look up",
                set: { name: "_acme-challenge.app.example.com", content: "acme.example.net", proxied: undefined },
            },
        ],
    },
    {
        what: "labels of a service that take every name of a zone",
        type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
        parent: "sallyport:index:SwarmDiscovery",
        rule: "label-exposure-is-within-limits",
        props: {
            accountId: "a",
            type: "self_hosted",
            domain: "*.example.com",
            policies: [{ id: "8d2f", precedence: 1 }],
            sessionDuration: "12h",
        },
        safe: [{ what: "that take one name", set: { domain: "web-dev.example.com" } }],
    },
    {
        what: "Spectrum before a server",
        type: "cloudflare:index/spectrumApplication:SpectrumApplication",
        rule,
        props: {
            zoneId: "z",
            protocol: "tcp/22",
            dns: { type: "CNAME", name: "ssh.example.com" },
            originDirects: ["tcp://203.0.113.7:22"],
        },
        safe: [{ what: "before a tunnel", set: { originDirects: undefined, originDns: { name: tunnel } } }],
    },
    {
        what: "Spectrum before a name",
        type: "cloudflare:index/spectrumApplication:SpectrumApplication",
        rule,
        props: {
            zoneId: "z",
            protocol: "udp/53",
            dns: { type: "CNAME", name: "dns.example.com" },
            originDns: { name: "origin.example.net" },
            originPort: 53,
        },
        safe: [{ what: "of a tunnel's", set: { "originDns.name": tunnel } }],
    },
    {
        what: "a pool of servers",
        type: "cloudflare:index/loadBalancerPool:LoadBalancerPool",
        rule,
        props: {
            accountId: "a",
            name: "web",
            origins: [
                { name: "one", address: tunnel },
                { name: "two", address: "203.0.113.7" },
            ],
        },
        safe: [
            { what: "of tunnels", set: { "origins.1.address": tunnel } },
            {
                what: "of private addresses that a tunnel routes",
                set: { "origins.1.address": "10.0.0.7", "origins.1.virtualNetworkId": "v" },
            },
            { what: "that is switched off", set: { enabled: false } },
            { what: "whose server is switched off", set: { "origins.1.enabled": false } },
        ],
    },
];
