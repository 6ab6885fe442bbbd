import { describe, expect, it } from "vitest";
import { unpublished } from "../../cli/drift/labelDifferences.ts";
import { auditDifferences, ruleDifferences } from "../../cli/drift/runningDifferences.ts";
import type { ListedService } from "../../cli/swarm/list.ts";

const guarded = (audTag: string[]) => ({ access: { required: true, teamName: "example", audTag } });
const CATCH_ALL = { service: "http_status:404" };

describe("the rules that connectors go by", () => {
    const written = {
        where: "Cloudflare's document",
        rules: [
            {
                hostname: "wiki.example.com",
                path: "^/admin",
                service: "http://wiki:80",
                originRequest: guarded(["b", "a"]),
            },
            CATCH_ALL,
        ],
    };

    it("are no difference where they are the same in what decides, whatever defaults cloudflared shows beside it", () => {
        const rules = [
            {
                hostname: "wiki.example.com",
                path: "^/admin",
                service: "http://wiki:80",
                originRequest: { ...guarded(["a", "b"]), connectTimeout: 30 },
            },
            { hostname: "", path: null, service: "http_status:404", originRequest: { access: { required: false } } },
        ];
        expect(ruleDifferences(written, [{ connector: "connector.1", rules }])).toEqual([]);
    });

    it.each([
        ["that demands no token", { originRequest: {} }, "wiki.example.com ^/admin → http://wiki:80"],
        ["that leads elsewhere", { service: "http://evil:80" }, "wiki.example.com ^/admin → http://evil:80 for a, b"],
        ["for more paths", { path: "" }, "wiki.example.com → http://wiki:80 for a, b"],
        [
            "for another application",
            { originRequest: guarded(["c"]) },
            "wiki.example.com ^/admin → http://wiki:80 for c",
        ],
    ])("are a difference with a rule %s, beside the one that is missing", (_, change, found) => {
        const rules = [{ ...written.rules[0], ...change }, CATCH_ALL] as typeof written.rules;
        const [difference, ...others] = ruleDifferences(written, [
            { connector: "connector.1", rules: written.rules },
            { connector: "connector.2", rules },
        ]);
        expect(others).toEqual([]);
        expect(difference).toMatchObject({
            source: "running",
            subject: "connector.2",
            what: "goes by other rules than Cloudflare's document",
            values: [
                { path: "ingress", expected: "wiki.example.com ^/admin → http://wiki:80 for a, b" },
                { path: "ingress", found },
            ],
        });
    });
});

describe("what the audit finds", () => {
    it("is a difference where it fails, with its cure, and named where it could not be asked", () => {
        const found = auditDifferences(
            [
                {
                    id: "no-published-port",
                    subject: "web",
                    ok: false,
                    detail: "publishes 80",
                    remedy: "run {redeploy}",
                },
                { id: "every-replica-runs", subject: "web", ok: true, detail: "2 of 2" },
                { id: "host-listens-as-before", subject: "machine", reason: "the engine is elsewhere" },
            ],
            "`pulumi up`",
        );
        expect(found).toEqual({
            differences: [
                {
                    source: "running",
                    subject: "web",
                    what: "no-published-port: publishes 80",
                    values: [],
                    remedy: "run `pulumi up`",
                },
            ],
            notCompared: [{ what: "host-listens-as-before of machine", reason: "the engine is elsewhere" }],
        });
    });
});

describe("labelled services", () => {
    it("differ where they are not published as they ask, or still are for nobody; a refused one is rightly shut", () => {
        const one = (state: ListedService["state"], hostnames: string[]): ListedService => ({
            ...{ service: state, exposure: state, audiences: [], problems: [] },
            state,
            hostnames,
        });
        const listed = [
            one("exposed", ["a.example.com"]),
            one("pending", ["b.example.com"]),
            one("refused", []),
            one("orphaned", []),
        ];
        expect(unpublished(listed).map(({ source, subject, what }) => [source, subject, what])).toEqual([
            ["program", "pending", "asks by its labels for what is not published so: b.example.com"],
            ["program", "orphaned", "is published for a service that is gone"],
        ]);
    });
});
