import { describe, expect, it } from "vitest";
import { rules } from "../../policy/rules/index.ts";
import { catchAll, cloudflare, docker } from "./support/cases.ts";
import { type Described, run } from "./support/judge.ts";

const ruleNamed = (name: string) => {
    const rule = rules.find((one) => one.name === name);
    if (rule === undefined) throw new Error(`There is no rule '${name}'.`);
    return rule;
};
const noPublishedPort = ruleNamed("no-published-service-port");
const demandsToken = ruleNamed("ingress-demands-access-token");
const hasAccess = ruleNamed("tunnel-hostname-has-access");

const open = docker.service("web", { endpointSpec: { ports: [{ targetPort: 80 }] } });
const closed = docker.service("db", {});
const reason = "moves with release 4";
const until = "2026-12-31";

const messages = async (resources: readonly Described[], waivers: unknown, rule = noPublishedPort) =>
    (await run([rule], resources, { waivers })).violations.map(({ message }) => message);

describe("a waiver", () => {
    it("leaves a note of its end and its reason in place of the violation", async () => {
        const outcome = await run([noPublishedPort], [open], { waivers: [{ resource: "web", reason, until }] });
        expect(outcome).toEqual({
            violations: [],
            notApplicable: [`waived until ${until}: ${reason}`],
            downgraded: [],
        });
    });

    it("can excuse one host name of a document and none of the others", async () => {
        const document = cloudflare.ingress("tunnel", [
            { hostname: "a.example.com", service: "http://a" },
            { hostname: "b.example.com", service: "http://b" },
            catchAll,
        ]);
        const waivers = [{ resource: "tunnel", hostname: "a.example.com", reason, until }];
        for (const rule of [demandsToken, hasAccess]) {
            const found = await messages([document], waivers, rule);
            expect(found).toHaveLength(1);
            expect(found[0]).toContain('"b.example.com"');
        }
    });

    it("can excuse the host name of a record", async () => {
        const address = cloudflare.record("dns", { type: "A", name: "a.example.com", content: "203.0.113.7" });
        const alias = cloudflare.record("dns", { type: "CNAME", name: "a.example.com", content: "origin.example.net" });
        for (const [rule, record] of [
            [ruleNamed("no-origin-address-in-dns"), address],
            [ruleNamed("dns-name-is-proxied-to-tunnel"), alias],
        ] as const) {
            expect(
                await messages([record], [{ resource: "dns", hostname: "a.example.com", reason, until }], rule),
            ).toEqual([]);
            expect(
                await messages([record], [{ resource: "dns", hostname: "b.example.com", reason, until }], rule),
            ).toHaveLength(1);
        }
    });

    it("that still holds wins over one that has ended", async () => {
        const ended = { resource: "web", reason: "an older one", until: "2020-01-01" };
        expect(await messages([open], [ended, { resource: "web", reason, until }])).toEqual([]);
    });
});

describe("a malformed waiver", () => {
    it.each([
        ["a text", "'waivers[0]' names no resource. Write its logical name or URN as 'resource'."],
        [{ reason, until }, "'waivers[0]' names no resource. Write its logical name or URN as 'resource'."],
        [
            { resource: "web", reason: "  ", until },
            "'waivers[0]' for 'web' gives no reason. Write why the exception is needed as 'reason'.",
        ],
        [
            { resource: "web", reason },
            "'waivers[0]' for 'web' has the end date not set. Write the last day on which it holds as 'until', like \"2027-03-31\".",
        ],
        [
            { resource: "web", reason, until: "2027-02-30" },
            "'waivers[0]' for 'web' has the end date \"2027-02-30\". Write the last day on which it holds as 'until', like \"2027-03-31\".",
        ],
        [
            { resource: "web", reason, until: "31.12.2027" },
            "'waivers[0]' for 'web' has the end date \"31.12.2027\". Write the last day on which it holds as 'until', like \"2027-03-31\".",
        ],
        [
            { resource: "web", reason, until: "2027-99-99" },
            "'waivers[0]' for 'web' has the end date \"2027-99-99\". Write the last day on which it holds as 'until', like \"2027-03-31\".",
        ],
        [
            { resource: "web", hostname: 5, reason, until },
            "'waivers[0]' for 'web' has the host name 5. Write one host name, or leave 'hostname' out.",
        ],
        [
            { resource: "web", rule: "all", reason, until },
            "'waivers[0]' has the field 'rule', which means nothing. Write 'resource', 'hostname', 'reason', 'until' only.",
        ],
    ])("%j excuses nothing and is reported", async (waiver, problem) => {
        const [first, second, ...others] = await messages([open], [waiver]);
        expect(first).toBe(problem);
        expect(second).toMatch(/^Service 'web' publishes/);
        expect(others).toEqual([]);
    });

    it("is reported where nothing else is wrong, and spoils no other waiver", async () => {
        const problem = "'waivers[0]' names no resource. Write its logical name or URN as 'resource'.";
        expect(await messages([closed, open], [{}, { resource: "web", reason, until }])).toEqual([problem, problem]);
        expect(await messages([closed], [{}], hasAccess)).toEqual([problem]);
    });

    it("is a list that is none", async () => {
        const problem = `'waivers' is "web", which is no list. Write [{ "resource": …, "reason": …, "until": … }].`;
        expect(await messages([closed], "web")).toEqual([problem]);
    });
});
