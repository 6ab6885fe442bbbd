import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settledCount } from "../../cli/connect/settledCount.ts";

describe("the number of clients", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it("is told once it has settled, and not when it comes back to what it was", () => {
        const told: number[] = [];
        const tell = settledCount((count) => told.push(count));
        for (const count of [1, 2, 3]) {
            tell(count);
        }
        expect(told).toEqual([]);
        vi.advanceTimersByTime(1_000);
        expect(told).toEqual([3]);
        tell(2);
        tell(3);
        vi.advanceTimersByTime(1_000);
        expect(told).toEqual([3]);
        tell(0);
        vi.advanceTimersByTime(1_000);
        expect(told).toEqual([3, 0]);
    });
});
