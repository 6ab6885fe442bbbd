import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { CommandError } from "../../cli/exit.ts";
import { withSchedules } from "../../cli/rotate/writeSchedules.ts";
import { environmentOf, STACK_FILE } from "./support/stack.ts";

const SCHEDULE = { since: "2026-03-01T12:00:00Z", every: "2160h", overlap: "168h", firstVersion: 2 };
const FILE = "Pulumi.staging.yaml";

const write = (text: string, place: (string | number)[], schedule = SCHEDULE) =>
    withSchedules(text, [{ place, schedule }], FILE);

describe("a stack file", () => {
    it("is given a schedule where it has none, and keeps every other character", () => {
        expect(write(STACK_FILE, ["sallyport:serviceTokens", "nightly", "rotation"])).toBe(
            STACK_FILE.replace(
                "    ci:\n",
                '    nightly: { rotation: { since: "2026-03-01T12:00:00Z", every: 2160h, overlap: 168h, firstVersion: 2 } }\n    ci:\n',
            ),
        );
    });

    it("has a schedule that is there started anew, with its comment, its period and its overlap", () => {
        const monthly = { since: "2026-03-01T12:00:00Z", every: "720h", overlap: "48h", firstVersion: 6 };
        expect(write(STACK_FILE, ["sallyport:serviceTokens", "ci", "rotation"], monthly)).toBe(
            STACK_FILE.replace('since: "2026-01-01"', 'since: "2026-03-01T12:00:00Z"').replace(
                "firstVersion: 4",
                "firstVersion: 6",
            ),
        );
    });

    it.each([
        [
            "a key without a value",
            "config:\n  sallyport:tunnel:\n  sallyport:zone: z\n",
            ["sallyport:tunnel", "rotation"],
        ],
        ["a block", "config:\n  sallyport:tunnel:\n    name: edge # ours\n", ["sallyport:tunnel", "rotation"]],
        [
            "an element of a list",
            "config:\n  sallyport:clusters:\n    - name: a\n    - name: b\n",
            ["sallyport:clusters", 1, "rotation"],
        ],
        [
            "braces",
            "config: \n  sallyport:federation: { links: [{ from: a }] }\n",
            ["sallyport:federation", "links", 0, "rotation"],
        ],
        ["no configuration", "secretsprovider: x\n", ["sallyport:tunnel", "rotation"]],
    ])("takes one into %s", (_, text, place) => {
        const after = parseDocument(write(text, place));
        expect(after.getIn(["config", ...place, "firstVersion"])).toBe(2);
        after.deleteIn(["config", ...place]);
        const kept = JSON.stringify(after.toJS());
        for (const word of text.match(/edge|name|from|secretsprovider|zone/g) ?? []) expect(kept).toContain(word);
    });

    it.each([
        ["an alias", "config:\n  x: &s { since: a }\n  sallyport:tunnel: { rotation: *s }\n"],
        ["a text", 'config:\n  sallyport:tunnel: "{}"\n'],
        ["a null in braces", "config:\n  sallyport:tunnel: { rotation: null }\n"],
    ])("is left alone where the schedule is %s, and its author is told what to write", (_, text) => {
        const attempt = () => write(text, ["sallyport:tunnel", "rotation"]);
        expect(attempt).toThrow(CommandError);
        expect(attempt).toThrow(/^sallyport:tunnel\.rotation: Pulumi\.staging\.yaml is written in a form/);
    });

    it("says after any number of rotations what was written last, and nothing else changes", () => {
        const places = [
            ["sallyport:tunnel", "rotation"],
            ["sallyport:serviceTokens", "ci", "rotation"],
            ["sallyport:serviceTokens", "nightly", "rotation"],
            ["sallyport:proxy", "rotation"],
            ["sallyport:ca", "rollOver"],
        ];
        const rotations = fc.array(fc.tuple(fc.constantFrom(...places), fc.integer({ min: 1, max: 99 })), {
            maxLength: 8,
        });
        fc.assert(
            fc.property(rotations, (list) => {
                const schedules = list.map(([place, firstVersion]) => ({
                    place,
                    schedule: { ...SCHEDULE, every: "720h", overlap: "48h", firstVersion },
                }));
                const text = schedules.reduce((before, one) => withSchedules(before, [one], FILE), STACK_FILE);
                for (const { place, schedule } of new Map(schedules.map((one) => [one.place.join(), one])).values()) {
                    expect(parseDocument(text).getIn(["config", ...place, "firstVersion"])).toBe(schedule.firstVersion);
                }
                expect(environmentOf(text).apps).toEqual(environmentOf(STACK_FILE).apps);
                expect(text.match(/#.*/g)).toEqual(STACK_FILE.match(/#.*/g));
            }),
        );
    });
});
