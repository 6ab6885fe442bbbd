import fc from "fast-check";
import { expect, it } from "vitest";
import { BackOff } from "../../../cli/swarm/watch/backOff.ts";

it("waits between half and all of a time that doubles up to its limit", () => {
    const low = new BackOff({ firstMs: 1_000, limitMs: 5_000, random: () => 0 });
    const high = new BackOff({ firstMs: 1_000, limitMs: 5_000, random: () => 1 });
    expect([1, 2, 3, 4, 5].map(() => low.failed())).toEqual([500, 1_000, 2_000, 2_500, 2_500]);
    expect([1, 2, 3, 4, 5].map(() => high.failed())).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
});

it("begins anew after a success", () => {
    const waits = new BackOff({ firstMs: 1_000, limitMs: 60_000, random: () => 1 });
    waits.failed();
    waits.failed();
    waits.succeeded();
    expect(waits.failed()).toBe(1_000);
});

it("never waits less than a service asked for, nor more than the limit for anything else", () => {
    fc.assert(
        fc.property(fc.nat(50), fc.nat(100_000), (failures, askedForMs) => {
            const waits = new BackOff({ firstMs: 1_000, limitMs: 60_000 });
            for (let i = 0; i < failures; i++) waits.failed();
            const waitMs = waits.failed(askedForMs);
            return waitMs >= askedForMs && waitMs <= Math.max(60_000, askedForMs);
        }),
    );
});
