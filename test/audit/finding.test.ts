import { describe, expect, it } from "vitest";
import { summary } from "../../cli/audit/audit.ts";
import { REMEDIES } from "../../cli/audit/catalogue.ts";
import { check, type Finding } from "../../cli/audit/finding.ts";
import { auditRows, failureText } from "../../cli/audit/report.ts";

const asked = (answer: Parameters<typeof check>[2]) => check("no-published-port", "demo", answer);

describe("a check", () => {
    it("that is answered well carries no advice", async () => {
        expect(await asked(async () => ({ ok: true, detail: "none" }))).toEqual({
            id: "no-published-port",
            subject: "demo",
            ok: true,
            detail: "none",
        });
    });

    it("that fails says what to do, in words of its own where it has them", async () => {
        const failed = { ok: false, detail: "publishes 80" };
        expect(await asked(async () => failed)).toMatchObject({ ...failed, remedy: REMEDIES["no-published-port"] });
        expect(await asked(async () => ({ ...failed, remedy: "close it" }))).toMatchObject({ remedy: "close it" });
    });

    it("that gets no answer has failed", async () => {
        const lost = asked(() => Promise.reject(new Error("socket hang up")));
        expect(await lost).toMatchObject({ ok: false, detail: "socket hang up" });
    });

    it("that cannot be put is neither well nor ill", async () => {
        expect(await asked(async () => ({ reason: "no Docker" }))).toEqual({
            id: "no-published-port",
            subject: "demo",
            reason: "no Docker",
        });
    });
});

describe("an audit", () => {
    const findings: Finding[] = [
        { id: "no-published-port", subject: "demo", ok: true, detail: "none" },
        { id: "certificate-is-valid", subject: "a.example.com", ok: true, detail: "for 80 more days" },
        { id: "no-published-port", subject: "demo.1", reason: "no Docker" },
    ];

    it("is well when nothing failed, and keeps what was not checked apart", () => {
        const { ok, checks, notChecked } = summary(findings, "`up`");
        expect(ok).toBe(true);
        expect(checks.map(({ subject }) => subject)).toEqual(["demo", "a.example.com"]);
        expect(notChecked).toEqual([{ id: "no-published-port", subject: "demo.1", reason: "no Docker" }]);
    });

    it("is ill when one check failed, and tells what failed and the way out", () => {
        const failed = {
            id: "every-replica-runs",
            subject: "demo",
            ok: false,
            detail: "0 of 1",
            remedy: "look",
        } as const;
        const result = summary([...findings, failed], "`up`");
        expect(result.ok).toBe(false);
        expect(failureText(result)).toBe("every-replica-runs: demo: 0 of 1\n  fix: look\n");
        expect(failureText(summary(findings, "`up`"))).toBe("");
    });

    it("shows everything about a subject together and names it once", () => {
        const failed = { id: "every-replica-runs", subject: "demo", ok: false, detail: "0 of 1" } as const;
        expect(auditRows(summary([...findings, failed], "`up`"))).toEqual([
            ["demo", "ok", "no-published-port", "none"],
            ["", "!!", "every-replica-runs", "0 of 1"],
            ["a.example.com", "ok", "certificate-is-valid", "for 80 more days"],
            ["demo.1", "--", "no-published-port", "not checked: no Docker"],
        ]);
    });
});
