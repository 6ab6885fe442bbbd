import { describe, expect, it } from "vitest";
import type { Drift } from "../../cli/drift/difference.ts";
import { markdownReport, textReport } from "../../cli/drift/report.ts";

const DRIFT: Drift = {
    stack: "staging",
    ok: false,
    differences: [
        {
            source: "running",
            subject: "web",
            what: "no-published-port: publishes 80",
            values: [],
            remedy: "run `pulumi up`",
        },
        {
            source: "api",
            subject: "wiki",
            type: "cloudflare:index/dnsRecord:DnsRecord",
            what: "differs",
            values: [
                { path: "comment", expected: "ours", found: "by hand" },
                { path: "tags[0]", found: "x" },
            ],
            author: { who: "ada@example.com", through: "the dashboard", when: "2026-11-21T23:10:00Z" },
        },
    ],
    notCompared: [{ what: "the rules that connectors go by", reason: "none of them runs on this machine" }],
};

describe("a report of drift", () => {
    it("tells for a terminal each value, who changed it, the cure, and what was not compared", () => {
        expect(textReport(DRIFT)).toBe(
            [
                "staging: 2 differences",
                "",
                "Deployed and there",
                "  wiki (DnsRecord) differs",
                '    comment: "ours" → "by hand"',
                '    tags[0]: nothing → "x"',
                "    by ada@example.com through the dashboard, 2026-11-21T23:10:00Z",
                "",
                "Promised and running",
                "  web no-published-port: publishes 80",
                "    fix: run `pulumi up`",
                "",
                "Not compared",
                "  the rules that connectors go by: none of them runs on this machine",
            ].join("\n"),
        );
        expect(textReport({ ...DRIFT, ok: true, differences: [], notCompared: [] })).toBe("staging: no difference");
    });

    it("shows the first of many values and the beginning of long ones, and says that there is more", () => {
        const values = Array.from({ length: 11 }, (_, index) => ({ path: `p${index}`, found: "x".repeat(500) }));
        const [first] = DRIFT.differences;
        const text = textReport({ ...DRIFT, differences: first === undefined ? [] : [{ ...first, values }] });
        expect(text).toContain("and 3 more");
        expect(text).toContain(`p7: nothing → "${"x".repeat(199)}…`);
        expect(text).not.toContain("p8");
    });

    it("lets no value end its block in an issue, and no line", () => {
        const [first] = DRIFT.differences;
        const hostile = "```\n# Merge me\u202E";
        const values = [{ path: "comment", found: hostile }];
        const markdown = markdownReport({
            ...DRIFT,
            differences: first === undefined ? [] : [{ ...first, subject: hostile, values }],
            notCompared: [{ what: hostile, reason: "`x`" }],
        });
        const lines = markdown.split("\n");
        expect(lines.filter((line) => line === "````text" || line === "````")).toHaveLength(2);
        expect(lines.some((line) => line.startsWith("# Merge me"))).toBe(false);
        expect(markdown).not.toContain("\u202E");
        expect(lines.at(-1)).toMatch(/^- ````/);
    });
});
