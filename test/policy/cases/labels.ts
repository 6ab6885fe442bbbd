import { type CaseGroup, cloudflare } from "../support/cases.ts";
import { type Described, UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const byLabels = { parent: "sallyport:index:SwarmDiscovery" };
const application = (name: string, props: Described["props"]) => cloudflare.application(name, props, byLabels);
const record = (name: string, props: Described["props"]) => cloudflare.record(name, props, byLabels);

const limits = { hostnames: ["*-dev.example.com", "wiki.example.com"], maximum: "8h" };
const FITTING = "Write a name that fits *-dev.example.com or wiki.example.com.";
const SHORTER = 'Set `maxSession` of `sallyport:swarm` to "8h" or less.';

/** What services of a Swarm publish by their labels. */
export const labels: readonly CaseGroup[] = [
    {
        topic: "what labels of services publish",
        rules: ["label-exposure-is-within-limits"],
        violating: [
            {
                what: "names outside those that the configuration allows",
                resources: [
                    application("shop", { domain: "shop.example.com/admin", sessionDuration: "8h" }),
                    record("deep", { name: "a.b-dev.example.com" }),
                    record("near", { name: "wiki.example.com.example.org" }),
                ],
                config: limits,
                messages: [
                    `Access application 'shop' of a service's labels is for "shop.example.com", which labels may not publish here. ${FITTING}`,
                    `DNS record 'deep' of a service's labels is for "a.b-dev.example.com", which labels may not publish here. ${FITTING}`,
                    `DNS record 'near' of a service's labels is for "wiki.example.com.example.org", which labels may not publish here. ${FITTING}`,
                ],
            },
            {
                what: "sessions that are longer than the configuration allows, the default among them",
                resources: [
                    application("shop", { domain: "shop-dev.example.com", sessionDuration: "8h1s" }),
                    application("wiki", { domain: "wiki.example.com" }),
                ],
                config: limits,
                messages: [
                    `Access application 'shop' of a service's labels has a session of 8h1s, longer than 8h. ${SHORTER}`,
                    `Access application 'wiki' of a service's labels has a session of 24h, longer than 8h. ${SHORTER}`,
                ],
            },
            {
                what: "patterns, whatever the configuration says",
                resources: [record("all", { name: "*.example.com" })],
                config: { hostnames: ["*.example.com"] },
                messages: [
                    `DNS record 'all' of a service's labels is for the pattern "*.example.com", with which one service would have every name of it. Have labels ask for one name at a time, or write the app into the stack itself.`,
                ],
            },
            {
                what: "any name, where the configuration allows none",
                resources: [record("web", { name: "web-dev.example.com" })],
                config: { hostnames: [] },
                messages: [
                    `DNS record 'web' of a service's labels is for "web-dev.example.com", which labels may not publish here. Remove the labels.`,
                ],
            },
            {
                what: "more than a day, where the configuration cannot be read",
                resources: [application("web", { domain: "web-dev.example.com", sessionDuration: "25h" })],
                config: { maximum: "one day" },
                messages: [
                    `Access application 'web' of a service's labels has a session of 25h, longer than 24h. Set \`maxSession\` of \`sallyport:swarm\` to "24h" or less.`,
                ],
            },
        ],
        compliant: [
            {
                what: "names and sessions within the configuration, in any case",
                resources: [
                    application("shop", { domain: "Shop-Dev.example.com/admin", sessionDuration: "8h" }),
                    record("wiki", { name: "wiki.example.com." }),
                ],
                config: limits,
            },
            {
                what: "any name and session where nothing is configured: other rules judge those",
                resources: [
                    application("shop", { domain: "shop.example.com", sessionDuration: "24h" }),
                    record("shop", { name: "shop.example.com" }),
                ],
            },
            {
                what: "what no label made",
                resources: [
                    cloudflare.application("app", { domain: "app.example.com", sessionDuration: "24h" }),
                    cloudflare.record("app", { name: "app.example.com" }),
                    cloudflare.record(
                        "SwarmDiscovery",
                        { name: "*.example.com" },
                        { parent: "mine:index:SwarmDiscovery" },
                    ),
                ],
                config: limits,
            },
        ],
        unknown: [
            {
                what: "a name and a session beside what is not known",
                resources: [
                    record("shop", { name: "shop.example.com", content: UNKNOWN, comment: UNKNOWN }),
                    record("later", { name: UNKNOWN }),
                    application("later", { domain: UNKNOWN, sessionDuration: UNKNOWN }),
                    application("long", { domain: UNKNOWN, sessionDuration: "9h" }),
                ],
                config: limits,
                messages: [
                    `DNS record 'shop' of a service's labels is for "shop.example.com", which labels may not publish here. ${FITTING}`,
                    `Access application 'long' of a service's labels has a session of 9h, longer than 8h. ${SHORTER}`,
                ],
            },
        ],
    },
];
