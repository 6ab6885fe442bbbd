import { describe, expect, it } from "vitest";
import { watchForSleep } from "../../cli/kube/session/wake.ts";
import { ManualClock } from "./support/manualClock.ts";

describe("a machine that sleeps", () => {
    it("is noticed when it wakes, with how long it slept", () => {
        const clock = new ManualClock();
        const slept: number[] = [];
        using _watch = watchForSleep(clock, (ms) => slept.push(ms));
        clock.pass(60_000);
        expect(slept).toEqual([]);
        clock.sleep(3_600_000);
        clock.pass(60_000);
        expect(slept).toEqual([3_600_000]);
    });

    it("is not taken for one that is merely busy", () => {
        const clock = new ManualClock();
        const slept: number[] = [];
        using _watch = watchForSleep(clock, (ms) => slept.push(ms));
        for (let late = 0; late < 10; late++) {
            clock.sleep(9_000);
            clock.pass(5_000);
        }
        expect(slept).toEqual([]);
    });

    it("is no longer watched afterwards", () => {
        const clock = new ManualClock();
        const slept: number[] = [];
        watchForSleep(clock, (ms) => slept.push(ms))[Symbol.dispose]();
        clock.sleep(3_600_000);
        clock.pass(60_000);
        expect(slept).toEqual([]);
    });
});
