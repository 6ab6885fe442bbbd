import { describe, expect, it } from "vitest";
import { discover } from "../../cli/kube/discovery/discover.ts";
import { readEach } from "../../cli/kube/discovery/readEach.ts";
import { sourceThat } from "./support/sources.ts";

const works = sourceThat("works", async () => ({ clusters: [{ name: "a", tags: {} }], problems: [] }));

describe("discovery", () => {
    it("tells of a source that fails, and of one that hangs once its limit is over, and keeps what the others say", async () => {
        const order: string[] = [];
        let aborted = false;
        const hangs = sourceThat("hangs", (signal) => {
            signal.addEventListener("abort", () => {
                aborted = true;
            });
            return new Promise(() => {});
        });
        const fails = sourceThat("fails", async () => {
            throw Object.assign(new Error("Forbidden\n  for you"), { statusCode: 403 });
        });
        const answers = await discover([hangs, fails, works], {
            limitMs: 30,
            onAnswer: ({ source }) => order.push(source),
        });
        expect(answers.map(({ source, answered, problems }) => ({ source, answered, problems }))).toEqual([
            { source: "hangs", answered: false, problems: ["no answer within 0.03 s"] },
            { source: "fails", answered: false, problems: ["403: Forbidden for you"] },
            { source: "works", answered: true, problems: [] },
        ]);
        expect(order.at(-1)).toBe("hangs");
        expect(aborted).toBe(true);
    });

    it("asks all sources at the same time", async () => {
        const both = Promise.withResolvers<void>();
        let waiting = 0;
        const meets = (name: string) =>
            sourceThat(name, async () => {
                waiting += 1;
                if (waiting === 2) both.resolve();
                await both.promise;
                return { clusters: [], problems: [] };
            });
        const answers = await discover([meets("one"), meets("other")], { limitMs: 5_000 });
        expect(answers.every(({ answered }) => answered)).toBe(true);
    });

    it("reads many entries a few at a time, in order, and tells which could not be read", async () => {
        const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
        let most = 0;
        let now = 0;
        const { entries, problems } = await readEach(names, new AbortController().signal, async (name) => {
            now += 1;
            most = Math.max(most, now);
            await new Promise(setImmediate);
            now -= 1;
            if (name === "c7") throw new Error("gone");
            return name;
        });
        expect(entries).toEqual(names.filter((name) => name !== "c7"));
        expect(problems).toEqual(["c7: gone"]);
        expect(most).toBe(4);
    });
});
