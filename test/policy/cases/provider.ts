import { type CaseGroup, cloudflare, resource } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const to = (baseUrl: unknown, stack = "staging") =>
    resource("pulumi:providers:cloudflare", "cloudflare", { apiToken: "made-up", baseUrl }, { stack });
const ELSEWHERE = "Remove `baseUrl`; it belongs to the local stack alone.";
const LOOPBACK = 'Write a loopback address, such as "http://127.0.0.1:8787/client/v4".';

export const provider: readonly CaseGroup[] = [
    {
        topic: "the provider's API",
        rules: ["provider-base-url-only-in-local"],
        violating: [
            {
                what: "another API in a stack that is not local, wherever it is",
                resources: [to("http://127.0.0.1:8787/client/v4")],
                messages: [
                    `Provider 'cloudflare' of stack 'staging' talks to "http://127.0.0.1:8787/client/v4" instead of Cloudflare. ${ELSEWHERE}`,
                ],
            },
            {
                what: "another API in the small stack of a labelled service that belongs to no local stack",
                resources: [to("http://127.0.0.1:8787/", "staging.swarm.local")],
                messages: [
                    `Provider 'cloudflare' of stack 'staging.swarm.local' talks to "http://127.0.0.1:8787/" instead of Cloudflare. ${ELSEWHERE}`,
                ],
            },
            {
                what: "an API in the local stack that is on another machine",
                resources: [
                    to("https://api.cloudflare.com/client/v4", "local"),
                    to("http://127.0.0.1.example.net/", "local"),
                    to("http://0.0.0.0:8787/", "local"),
                    to("127.0.0.1:8787", "local"),
                ],
                messages: [
                    "https://api.cloudflare.com/client/v4",
                    "http://127.0.0.1.example.net/",
                    "http://0.0.0.0:8787/",
                    "127.0.0.1:8787",
                ].map(
                    (url) =>
                        `Provider 'cloudflare' of stack 'local' talks to "${url}", which is not on this machine. ${LOOPBACK}`,
                ),
            },
            {
                what: "the local stack, if the settings name another",
                resources: [to("http://127.0.0.1:8787/", "local")],
                config: { localStacks: ["laptop"] },
                messages: [
                    `Provider 'cloudflare' of stack 'local' talks to "http://127.0.0.1:8787/" instead of Cloudflare. ${ELSEWHERE}`,
                ],
            },
        ],
        compliant: [
            {
                what: "Cloudflare itself, and the emulator in the local stack and in the small stacks of its labelled services",
                resources: [
                    to("http://127.0.0.1:8787/client/v4", "local.swarm.shop-web-0123456789"),
                    to(undefined),
                    to(""),
                    to("http://127.0.0.1:8787/client/v4", "local"),
                    to("http://127.5.0.1/", "local"),
                    to("http://localhost:8787/", "local"),
                    to("http://[::1]:8787/", "local"),
                ],
            },
            {
                what: "a stack that the settings call local",
                resources: [to("http://127.0.0.1:8787/", "laptop")],
                config: { localStacks: ["laptop"] },
            },
        ],
        unknown: [
            {
                what: "an address that is about to be known is no Cloudflare's outside the local stack",
                resources: [to(UNKNOWN)],
                messages: [
                    `Provider 'cloudflare' of stack 'staging' talks to (not known yet) instead of Cloudflare. ${ELSEWHERE}`,
                ],
            },
            { what: "an unknown address in the local stack", resources: [to(UNKNOWN, "local")] },
        ],
    },
    {
        topic: "old names of resources",
        rules: ["no-replaced-resource-type"],
        violating: [
            {
                what: "what the other rules would not see",
                resources: [
                    resource("cloudflare:index/record:Record", "dns", { type: "A", content: "203.0.113.7" }),
                    resource("cloudflare:index/accessPolicy:AccessPolicy", "staff", {}),
                ],
                messages: [
                    "Resource 'dns' is a `cloudflare.Record`, the old name under which no other rule sees it. Write `cloudflare.DnsRecord`; nothing is created or deleted by that.",
                    "Resource 'staff' is a `cloudflare.AccessPolicy`, the old name under which no other rule sees it. Write `cloudflare.ZeroTrustAccessPolicy`; nothing is created or deleted by that.",
                ],
            },
        ],
        compliant: [
            {
                what: "current names",
                resources: [cloudflare.record("dns", { type: "TXT" }), cloudflare.policy("staff", {})],
            },
        ],
        unknown: [
            {
                what: "nothing but the name needs to be known",
                resources: [resource("cloudflare:index/tunnel:Tunnel", "tunnel", { name: UNKNOWN })],
                messages: [
                    "Resource 'tunnel' is a `cloudflare.Tunnel`, the old name under which no other rule sees it. Write `cloudflare.ZeroTrustTunnelCloudflared`; nothing is created or deleted by that.",
                ],
            },
        ],
    },
];
