import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../cli/preview/plan.ts";
import { markdownReport, textReport } from "../../cli/preview/report.ts";
import type { AccessGraph } from "../../cli/reach/model.ts";

const nobody: AccessGraph = { targets: [], grants: [] };
const empty: Plan = {
    stack: "staging",
    changes: { create: 0, update: 0, replace: 0, delete: 0, same: 12 },
    violations: [],
    access: { gained: [], lost: [], changed: [] },
};
const grant = { session: "24h", conditions: [] };
const eventful: Plan = {
    ...empty,
    violations: [{ rule: "no-published-port", level: "mandatory", resource: "web", message: "it publishes 80" }],
    access: {
        gained: [
            {
                ...grant,
                who: "ada@example.com",
                what: "a.example.com (http://a:1)",
                through: "policy staff",
                conditions: ["authenticated by mfa"],
            },
        ],
        lost: [{ ...grant, who: "service token ci", what: "b.example.com (http://b:1)", through: "policy robots" }],
        changed: [{ who: "people of @example.com", what: "c", through: "t", from: "session 24h", to: "session 8h" }],
    },
};

const reviewed = (plan: Plan, graph = nobody) => ({
    plan,
    graph,
    basis: "against an empty state; access compared with main",
});

describe("the report of a preview", () => {
    it("says so when nothing happens", () => {
        expect(textReport(reviewed(empty))).toMatch(
            /12 unchanged[\s\S]*no violation[\s\S]*nobody gains or loses access/,
        );
        expect(markdownReport(reviewed(empty))).toMatch(/No violation\.[\s\S]*Nobody gains or loses access\./);
    });

    it("names rule, resource and everybody whose access changes, as text and as a comment", () => {
        for (const report of [textReport(reviewed(eventful)), markdownReport(reviewed(eventful))]) {
            for (const part of [
                "no-published-port",
                "web",
                "+ ada@example.com → a.example.com (http://a:1) if authenticated by mfa [policy staff]",
                "- service token ci",
                "session 24h → session 8h",
                "against an empty state; access compared with main",
            ]) {
                expect(report).toContain(part);
            }
        }
    });

    it("lets no name from a pull request end a line, a fence or a code span of the comment", () => {
        const hostile = "x\n```\n<img src=//evil.example>\n# all is well `code` [link](https://evil.example) \u202Etxt";
        const [gained] = eventful.access.gained;
        const plan: Plan = {
            ...eventful,
            violations: [{ rule: hostile, level: "mandatory", resource: hostile, message: hostile }],
            access: {
                ...eventful.access,
                gained: gained === undefined ? [] : [{ ...gained, who: hostile, what: hostile }],
            },
        };
        const target = { kind: "web" as const, name: hostile, origin: hostile, tunnel: hostile };
        const graph: AccessGraph = {
            targets: [target],
            grants: [{ who: { kind: "email", value: hostile }, target, ways: [] }],
        };
        const report = markdownReport(reviewed(plan, graph));
        const html = new MarkdownIt({ html: true }).render(report);
        expect(html).not.toMatch(/<img|<a /);
        expect(html.match(/<h\d/g)).toHaveLength(3);
        expect(html.match(/<pre>/g)).toHaveLength(2);
        expect(report).not.toContain("\u202E");
    });

    it("leaves out a map that is larger than a comment takes", () => {
        const targets = Array.from({ length: 900 }, (_, place) => ({
            kind: "web" as const,
            name: `${place}.example.com`,
        }));
        const report = markdownReport(reviewed(empty, { targets, grants: [] }));
        expect(report).toContain("npx sallyport map staging --format html");
        expect(report.length).toBeLessThan(2000);
    });
});
