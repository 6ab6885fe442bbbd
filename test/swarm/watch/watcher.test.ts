import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { KnownExposure, Refused, UpOutcome } from "../../../cli/swarm/watch/exposures.ts";
import type { WatchEvent } from "../../../cli/swarm/watch/report.ts";
import { Watcher } from "../../../cli/swarm/watch/watcher.ts";

/** What the labels of a service ask for. */
interface Asked {
    readonly name: string;
    readonly hostname: string;
}

function exposure(name: string, hostname = `${name}.example.com`): Asked {
    return { name, hostname };
}

const digestOf = ({ hostname }: Asked) => `digest of ${hostname}`;

/** A Swarm whose labels the test writes, stacks that do what the test says, and what the daemon did and told. */
async function daemon({ known = [], parallel = 2 }: { known?: KnownExposure[]; parallel?: number } = {}) {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const swarm: { asked: Asked[]; refused: Refused[] } = { asked: [], refused: [] };
    const done: string[] = [];
    const told: WatchEvent[] = [];
    let held = new Map<string, string>();
    const outcomes = new Map<string, () => Promise<UpOutcome>>();
    const up = async ({ name, hostname }: Asked, signal: AbortSignal) => {
        done.push(`up ${name} ${hostname}`);
        const outcome = outcomes.get(name);
        outcomes.delete(name);
        const result = (await outcome?.()) ?? { violations: [] };
        signal.throwIfAborted();
        return result;
    };
    const watcher = await Watcher.start({
        parallel,
        report: (event) => told.push(event),
        retry: { firstMs: 1_000, limitMs: 60_000, random: () => 1 },
        exposures: {
            list: async () => known,
            wanted: async (names) => {
                held = new Map(names);
                return {
                    refused: swarm.refused,
                    wanted: swarm.asked.map((asked) => ({
                        name: asked.name,
                        serviceId: `id-of-${asked.name}`,
                        hostnames: [asked.hostname],
                        digest: digestOf(asked),
                        up: (signal) => up(asked, signal),
                    })),
                };
            },
            remove: async (name) => {
                done.push(`remove ${name}`);
            },
        },
    });
    return {
        watcher,
        done,
        told: (kind: WatchEvent["event"]) => told.filter(({ event }) => event === kind),
        held: () => Object.fromEntries(held),
        /** What an exposure's next update comes to. */
        next: (name: string, outcome: () => Promise<UpOutcome>) => outcomes.set(name, outcome),
        async see(asked: Asked[], refused: Refused[] = []) {
            Object.assign(swarm, { asked, refused });
            await watcher.reconcile();
            await vi.advanceTimersByTimeAsync(0);
        },
    };
}

const violation = { rule: "hostname-has-access", level: "mandatory", resource: "shop", message: "No policy." };

describe("the daemon", () => {
    it("exposes what labels ask for, once, and takes it away when nobody asks any more", async () => {
        const { see, done, watcher } = await daemon();
        await see([exposure("shop"), exposure("blog")]);
        await see([exposure("shop"), exposure("blog")]);
        expect(done).toEqual(["up shop shop.example.com", "up blog blog.example.com"]);
        expect(watcher.state).toMatchObject({ exposed: 2, waiting: 0, running: 0 });
        await see([exposure("shop")]);
        expect(done.slice(2)).toEqual(["remove blog"]);
        expect(watcher.state).toMatchObject({ exposed: 1 });
    });

    it("changes an exposure whose labels changed and no other", async () => {
        const { see, done } = await daemon();
        await see([exposure("shop"), exposure("blog")]);
        done.length = 0;
        await see([exposure("shop", "store.example.com"), exposure("blog")]);
        expect(done).toEqual(["up shop store.example.com"]);
    });

    it("takes away what a service had whose labels are refused now, and says once why", async () => {
        const { see, done, told } = await daemon();
        await see([exposure("shop")]);
        const refused = [
            {
                service: "shop",
                problems: [{ path: "sallyport.audience", reason: "is missing." }],
            },
        ];
        await see([], refused);
        await see([], refused);
        expect(done).toEqual(["up shop shop.example.com", "remove shop"]);
        expect(told("refused")).toEqual([{ event: "refused", service: "shop", problems: refused[0]?.problems }]);
    });

    it("leaves alone after a restart what is as it should be, finishes the rest, and removes what is nobody's", async () => {
        const whole = { ...known("shop"), digest: digestOf(exposure("shop")) };
        const { see, done, held } = await daemon({ known: [whole, known("half"), known("gone")] });
        await see([exposure("shop"), exposure("half")]);
        expect(done).toEqual(["remove gone", "up half half.example.com"]);
        expect(held()).toEqual({
            "shop.example.com": "id-of-shop",
            "half.example.com": "id-of-half",
            "gone.example.com": "id-of-gone",
        });
    });

    it("keeps what was there when a policy forbids a change, and does not try that change again", async () => {
        const { see, done, told, next, watcher } = await daemon();
        await see([exposure("shop")]);
        next("shop", async () => ({ violations: [violation] }));
        await see([exposure("shop", "www.example.com")]);
        await see([exposure("shop", "www.example.com")]);
        expect(done.slice(1)).toEqual(["up shop www.example.com"]);
        expect(told("violated")).toEqual([{ event: "violated", exposure: "shop", violations: [violation] }]);
        expect(watcher.state).toMatchObject({ exposed: 1, violated: 1, failing: 0 });
        // What is there still is what it was before.
        await see([exposure("shop")]);
        expect(done.slice(2)).toEqual([]);
        expect(watcher.state).toMatchObject({ violated: 0 });
    });

    it("goes on where a policy merely advises", async () => {
        const { see, next, watcher } = await daemon();
        next("shop", async () => ({ violations: [{ ...violation, level: "advisory" }] }));
        await see([exposure("shop")]);
        expect(watcher.state).toMatchObject({ exposed: 1, violated: 0 });
    });

    it("tries an exposure again that failed, while others go on", async () => {
        const { see, done, told, next, watcher } = await daemon({ parallel: 1 });
        next("shop", async () => {
            throw new Error("the API answers 500");
        });
        await see([exposure("shop"), exposure("blog")]);
        expect(done).toEqual(["up shop shop.example.com", "up blog blog.example.com"]);
        expect(told("failed")).toEqual([
            { event: "failed", exposure: "shop", reason: "the API answers 500", againInMs: 1_000 },
        ]);
        expect(watcher.state).toMatchObject({ exposed: 1, failing: 1 });
        await see([exposure("shop"), exposure("blog")]);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(done.slice(2)).toEqual(["up shop shop.example.com"]);
        expect(watcher.state).toMatchObject({ exposed: 2, failing: 0 });
    });

    it("takes away half-made things of a service that went while it was being exposed", async () => {
        const { see, done, next, told, watcher } = await daemon();
        const update = Promise.withResolvers<UpOutcome>();
        next("shop", () => update.promise);
        await see([exposure("shop")]);
        await see([]);
        update.resolve({ violations: [] });
        await vi.advanceTimersByTimeAsync(0);
        expect(done).toEqual(["up shop shop.example.com", "remove shop"]);
        expect(told("exposed")).toEqual([]);
        expect(watcher.state).toMatchObject({ exposed: 0, waiting: 0, running: 0 });
    });

    it("never begins to expose a service that went while others were at work", async () => {
        const { see, done, next } = await daemon({ parallel: 1 });
        const update = Promise.withResolvers<UpOutcome>();
        next("shop", () => update.promise);
        await see([exposure("shop"), exposure("blog")]);
        await see([exposure("shop")]);
        update.resolve({ violations: [] });
        await vi.advanceTimersByTimeAsync(0);
        expect(done).toEqual(["up shop shop.example.com"]);
    });

    it("ends with the newest labels however often they changed while an update ran", async () => {
        const { see, done, next, watcher } = await daemon();
        const update = Promise.withResolvers<UpOutcome>();
        next("shop", () => update.promise);
        for (const hostname of ["a.example.com", "b.example.com", "c.example.com", "d.example.com"]) {
            await see([exposure("shop", hostname)]);
        }
        update.resolve({ violations: [] });
        await watcher.idle();
        expect(done).toEqual(["up shop a.example.com", "up shop d.example.com"]);
    });

    it("holds both names of an exposure while it moves from one to the other", async () => {
        const { see, held, next } = await daemon();
        await see([exposure("shop", "old.example.com")]);
        next("shop", () => new Promise(() => {}));
        await see([exposure("shop", "new.example.com")]);
        await see([exposure("shop", "new.example.com")]);
        expect(held()).toEqual({ "old.example.com": "id-of-shop", "new.example.com": "id-of-shop" });
    });

    it("begins nothing more once it is to stop, and stops what takes too long in order", async () => {
        const { see, done, next, watcher, told } = await daemon({ parallel: 1 });
        const update = Promise.withResolvers<UpOutcome>();
        next("shop", () => update.promise);
        await see([exposure("shop"), exposure("blog")]);
        const closed = watcher.close(5_000);
        await vi.advanceTimersByTimeAsync(5_000);
        update.resolve({ violations: [] });
        await closed;
        expect(done).toEqual(["up shop shop.example.com"]);
        expect([told("stopping"), told("failed"), told("exposed")]).toEqual([
            [{ event: "stopping", running: 1 }],
            [],
            [],
        ]);
    });
});

function known(name: string): KnownExposure {
    return { name, serviceId: `id-of-${name}`, hostnames: [`${name}.example.com`] };
}
