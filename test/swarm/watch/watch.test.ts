import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import type { WatchEvent } from "../../../cli/swarm/watch/report.ts";
import { watch } from "../../../cli/swarm/watch/watch.ts";

/** A daemon before an engine whose event stream the test writes and breaks. */
function daemon({ listEveryMs = 3_600_000, failing = 0 } = {}) {
    const stop = new AbortController();
    const opened: PassThrough[] = [];
    const told: WatchEvent[] = [];
    const listings: boolean[] = [];
    let toFail = failing;
    const over = watch({
        signal: stop.signal,
        docker: {
            getEvents: async () => {
                const stream = new PassThrough();
                opened.push(stream);
                return stream;
            },
        } as never,
        watcher: {
            reconcile: async () => {
                if (toFail-- > 0) throw new Error("the engine does not answer");
                return { wanted: [], refused: [] };
            },
        },
        report: (event) => told.push(event),
        onListing: (succeeded) => listings.push(succeeded),
        debounceMs: 20,
        listEveryMs,
        relist: { firstMs: 4, limitMs: 8, random: () => 1 },
        reconnect: { firstMs: 1, limitMs: 1 },
    });
    onTestFinished(async () => {
        stop.abort();
        await over;
    });
    return {
        listings,
        opened,
        told,
        stop: async () => {
            stop.abort();
            await over;
        },
        listed: (times: number) => expect.poll(() => listings.length).toBe(times),
        event: () => opened.at(-1)?.write('{"Type":"service","Action":"update"}\n'),
    };
}

describe("watching a Swarm", () => {
    it("lists the services at the start, again once events are heard, and after each event", async () => {
        const { listed, event } = daemon();
        await listed(2);
        event();
        await listed(3);
        event();
        await listed(4);
    });

    it("lists the services now and then although no event comes", async () => {
        const { listings } = daemon({ listEveryMs: 5 });
        await expect.poll(() => listings.length).toBeGreaterThan(5);
    });

    it("looks once at a burst of events", async () => {
        const { listings, listed, event } = daemon();
        await listed(2);
        for (let i = 0; i < 50; i++) event();
        await listed(3);
        event();
        await listed(4);
        expect(listings).toHaveLength(4);
    });

    it("opens the event stream again when it breaks, and looks at what it missed", async () => {
        const { listed, opened, told } = daemon();
        await listed(2);
        opened[0]?.end();
        await listed(3);
        opened[1]?.destroy(new Error("the connection was reset"));
        await listed(4);
        expect(opened).toHaveLength(3);
        expect(told).toMatchObject([
            { event: "stream-lost", reason: "the engine closed it" },
            { event: "stream-lost", reason: "the connection was reset" },
        ]);
    });

    it("lives through an engine that is away, with waits that grow", async () => {
        const { listings, listed, told } = daemon({ failing: 3 });
        await listed(5);
        expect(listings).toEqual([false, false, false, true, true]);
        expect(told).toMatchObject([
            { event: "listing-failed", reason: "the engine does not answer", againInMs: 4 },
            { againInMs: 8 },
            { againInMs: 8 },
        ]);
    });

    it("closes the event stream when it ends", async () => {
        const { opened, listed, stop } = daemon();
        await listed(2);
        await stop();
        expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
    });
});
