import { describe, expect, it } from "vitest";
import type { Plan } from "../../cli/preview/plan.ts";
import { markdownReport, textReport } from "../../cli/preview/report.ts";

const empty: Plan = {
    stack: "staging",
    changes: { create: 0, update: 0, replace: 0, delete: 0, same: 12 },
    violations: [],
    access: { gained: [], lost: [], changed: [] },
};
const eventful: Plan = {
    ...empty,
    violations: [{ rule: "no-published-port", level: "mandatory", resource: "web", message: "it publishes 80" }],
    access: {
        gained: [
            { who: "ada@example.com", what: "a.example.com (http://a:1)", through: "audience staff", session: "24h" },
        ],
        lost: [
            { who: "service token ci", what: "b.example.com (http://b:1)", through: "audience robots", session: "24h" },
        ],
        changed: [{ who: "people of @example.com", what: "c", through: "t", from: "session 24h", to: "session 8h" }],
    },
};

describe("the report of a preview", () => {
    it("says so when nothing happens", () => {
        expect(textReport(empty)).toMatch(/12 unchanged[\s\S]*no violation[\s\S]*nobody gains or loses access/);
        expect(markdownReport(empty)).toMatch(/No violation\.[\s\S]*Nobody gains or loses access\./);
    });

    it("names rule, resource and everybody whose access changes, as text and as a comment", () => {
        for (const report of [textReport(eventful), markdownReport(eventful)]) {
            for (const part of [
                "no-published-port",
                "web",
                "+ ada@example.com",
                "- service token ci",
                "session 24h → session 8h",
            ]) {
                expect(report).toContain(part);
            }
        }
    });
});
