import { describe, expect, it, onTestFinished, vi } from "vitest";
import { TaskQueue } from "../../../cli/swarm/watch/taskQueue.ts";

/** Tasks that end when the test says so, and what has been begun, in order. */
function workshop(parallel = 2) {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const begun: string[] = [];
    const failures: [string, number][] = [];
    const open = new Map<string, PromiseWithResolvers<void>>();
    const signals = new Map<string, AbortSignal>();
    const queue = new TaskQueue({
        parallel,
        backOff: { firstMs: 1_000, limitMs: 60_000, random: () => 1 },
        onFailure: (key, _, againInMs) => failures.push([key, againInMs]),
        waitAskedFor: (error) => (error as { waitMs?: number }).waitMs,
    });
    return {
        queue,
        begun,
        failures,
        signals,
        put(key: string, name: string, isUrgent = false) {
            queue.put({
                key,
                isUrgent,
                run: (signal) => {
                    begun.push(name);
                    signals.set(name, signal);
                    const end = Promise.withResolvers<void>();
                    open.set(name, end);
                    return end.promise;
                },
            });
        },
        async end(name: string, error?: Error & { waitMs?: number }) {
            if (error === undefined) open.get(name)?.resolve();
            else open.get(name)?.reject(error);
            await vi.advanceTimersByTimeAsync(0);
        },
    };
}

describe("the queue of changes", () => {
    it("runs exposures side by side, as many as it may", async () => {
        const { put, begun, end, queue } = workshop(2);
        put("a", "a1");
        put("b", "b1");
        put("c", "c1");
        expect(begun).toEqual(["a1", "b1"]);
        expect([queue.running, queue.waiting]).toEqual([2, 1]);
        await end("b1");
        expect(begun).toEqual(["a1", "b1", "c1"]);
    });

    it("never runs two changes of one exposure at once, and of those that wait only the newest", async () => {
        const { put, begun, end } = workshop();
        put("a", "a1");
        put("a", "a2");
        put("a", "a3");
        expect(begun).toEqual(["a1"]);
        await end("a1");
        expect(begun).toEqual(["a1", "a3"]);
    });

    it("takes away before all else, even where as many changes run as may", () => {
        const { put, begun } = workshop(1);
        put("a", "a1");
        put("b", "b1");
        put("c", "remove c", true);
        expect(begun).toEqual(["a1", "remove c"]);
    });

    it("stops a change under way whose exposure is to go, and does not call that a failure", async () => {
        const { put, begun, signals, end, failures } = workshop();
        put("a", "a1");
        put("a", "remove a", true);
        expect(signals.get("a1")?.aborted).toBe(true);
        await end("a1", new Error("stopped"));
        expect(begun).toEqual(["a1", "remove a"]);
        expect(failures).toEqual([]);
    });

    it("tries what failed again after waits that double, and lets others go on meanwhile", async () => {
        const { put, begun, end, failures, queue } = workshop(1);
        put("a", "a1");
        await end("a1", new Error("no"));
        put("b", "b1");
        expect(begun).toEqual(["a1", "b1"]);
        await end("b1");
        expect(queue.failing).toBe(1);
        await vi.advanceTimersByTimeAsync(1_000);
        await end("a1", new Error("no"));
        await vi.advanceTimersByTimeAsync(1_999);
        expect(begun).toEqual(["a1", "b1", "a1"]);
        await vi.advanceTimersByTimeAsync(1);
        expect(begun).toEqual(["a1", "b1", "a1", "a1"]);
        await end("a1");
        expect(failures).toEqual([
            ["a", 1_000],
            ["a", 2_000],
        ]);
        expect(queue.failing).toBe(0);
    });

    it("waits as long as a service asks for", async () => {
        const { put, begun, end } = workshop();
        put("a", "a1");
        await end("a1", Object.assign(new Error("too many requests"), { waitMs: 30_000 }));
        await vi.advanceTimersByTimeAsync(29_999);
        expect(begun).toEqual(["a1"]);
        await vi.advanceTimersByTimeAsync(1);
        expect(begun).toEqual(["a1", "a1"]);
    });

    it("runs a newer change at once although the one before it waits after a failure", async () => {
        const { put, begun, end } = workshop();
        put("a", "a1");
        await end("a1", new Error("no"));
        put("a", "a2");
        await end("a2");
        await vi.advanceTimersByTimeAsync(60_000);
        expect(begun).toEqual(["a1", "a2"]);
    });

    it("is idle when nothing runs or waits for its turn", async () => {
        const { put, end, queue } = workshop();
        const seen: string[] = [];
        await queue.idle();
        put("a", "a1");
        void queue.idle().then(() => seen.push("idle"));
        await vi.advanceTimersByTimeAsync(0);
        expect(seen).toEqual([]);
        await end("a1", new Error("waits for another attempt, which may be long"));
        expect(seen).toEqual(["idle"]);
    });

    it("closes once what runs has ended, and begins nothing more", async () => {
        const { put, begun, end, queue, signals } = workshop(1);
        const seen: string[] = [];
        put("a", "a1");
        put("b", "b1");
        void queue.close(4_000).then(() => seen.push("closed"));
        put("c", "c1", true);
        await vi.advanceTimersByTimeAsync(3_999);
        expect([signals.get("a1")?.aborted, seen]).toEqual([false, []]);
        await vi.advanceTimersByTimeAsync(1);
        expect(signals.get("a1")?.aborted).toBe(true);
        await end("a1", new Error("stopped"));
        expect(seen).toEqual(["closed"]);
        await vi.advanceTimersByTimeAsync(60_000);
        expect(begun).toEqual(["a1"]);
    });
});
