import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BENCHES } from "../../bench/support/record/benches.ts";
import { recordedPart } from "../../bench/support/record/block.ts";
import { isMet, RESULTS_PAGE, readResults } from "../../bench/support/record/results.ts";
import { resultsMarkdown, resultsText } from "../../bench/support/record/table.ts";

const figure = { what: "time", ours: 3, theirs: 2, unit: "s", ratio: 1.5 };
const recorded = (one: object) => ({
    preview: {
        command: "npm run bench -- preview",
        recorded: "2026-01-31",
        machine: "two cores",
        figures: [{ ...figure, ...one }],
    },
});

describe("the record of the benches", () => {
    it("is what their page shows, so that no figure there is typed by hand", () => {
        expect(recordedPart(RESULTS_PAGE)).toBe(resultsMarkdown(readResults()));
    });

    it("has figures of every bench, each of which there is a file for", () => {
        expect(Object.keys(readResults())).toEqual([...BENCHES]);
        for (const name of BENCHES) {
            expect(existsSync(join(import.meta.dirname, "..", "..", "bench", `${name}.ts`)), name).toBe(true);
            expect(readResults()[name]?.figures.length, name).toBeGreaterThan(0);
        }
    });

    it.each([
        [{ target: 1.5 }, true],
        [{ target: 1.4 }, false],
        [{ target: 1.5, isAtLeast: true }, true],
        [{ target: 1.6, isAtLeast: true }, false],
        [{}, undefined],
    ])("says whether a ratio of 1.5 meets %j: %s", (target, met) => {
        expect(isMet({ ...figure, ...target })).toBe(met);
    });

    it("names figure, both sides, ratio, target, verdict, command, day and machine", () => {
        expect(
            resultsMarkdown(recorded({ target: 1.4 }))
                .split("\n")
                .slice(2),
        ).toEqual([
            "| preview | time | 3.00 s | 2.00 s | 1.50 | at most 1.40 | no |",
            "",
            "- preview: `npm run bench -- preview`, 2026-01-31, on two cores",
        ]);
        const text = resultsText(recorded({ target: 1.4, isAtLeast: true }));
        expect(text).toMatch(/^preview +time +3\.00 s +2\.00 s +1\.50 +at least 1\.40 +yes *$/m);
        expect(text).toContain("2026-01-31, on two cores");
    });
});
