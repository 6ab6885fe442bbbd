import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../toolchain/fallback/providers/docker/duration.ts";

describe("durations", () => {
    it("mean the same in Docker and in the program", () => {
        fc.assert(
            fc.property(fc.nat(1e14), (nanoseconds) => {
                expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
            }),
        );
    });

    it.each([
        ["90s", "1m30s"],
        ["60s", "1m"],
        ["3600s", "1h"],
        ["3605s", "1h0m5s"],
        ["1.5s", "1.5s"],
        ["250ms", "250ms"],
        ["0", "0s"],
    ])("are written as the official provider does: %s is %s", (given, written) => {
        expect(formatDuration(parseDuration(given) ?? Number.NaN)).toBe(written);
    });

    it.each(["1 day", "5", "1d", "-1s", "s", "1m30"])("refuse %s", (given) => {
        expect(parseDuration(given)).toBeUndefined();
    });
});
