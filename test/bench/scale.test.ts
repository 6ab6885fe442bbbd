import { describe, expect, it } from "vitest";
import { recordedPart } from "../../bench/support/record/block.ts";
import { readResults } from "../../bench/support/record/results.ts";
import { lineThrough, type ScaleData, type SizedCost } from "../../bench/support/scale/data.ts";
import { figuresOf } from "../../bench/support/scale/figures.ts";
import { isWhole, keptPlot, keptScale, SCALE_PAGE } from "../../bench/support/scale/kept.ts";
import { plot } from "../../bench/support/scale/plot.ts";
import { scaleMarkdown } from "../../bench/support/scale/tables.ts";

/** A preview that costs 10 and 2 for each application. */
const preview = (apps: number, more: Partial<SizedCost> = {}): SizedCost => ({
    apps,
    resources: apps * 4,
    seconds: 10 + apps * 2,
    processorSeconds: 10 + apps * 2,
    largestMiB: 100,
    sumMiB: 10 + apps * 2,
    ...more,
});
const operation = (requests: number) => ({ ...preview(500), requests: { POST: requests } });

const DATA: ScaleData = {
    sizes: [10, 100, 1000].map((apps) => preview(apps)),
    deployment: { apps: 500, up: operation(1300), preview: operation(1), refresh: operation(600) },
    fleet: {
        apps: 200,
        accounts: 1,
        parallel: 2,
        seconds: 300,
        stacks: ["one", "two"].map((name) => ({ name, ...preview(100) })),
    },
};

describe("the measurements of many applications", () => {
    it("are shown by plot and tables as they are kept", () => {
        const { data, measured } = keptScale();
        if (!isWhole(data)) throw new Error("bench/scale.json has not every part");
        expect(keptPlot()).toBe(plot(data));
        expect(recordedPart(SCALE_PAGE)).toBe(scaleMarkdown(data, measured));
        const figures = figuresOf(data).map((figure) => ({ ...figure, ratio: figure.ours / figure.theirs }));
        expect(readResults().scale?.figures.map(({ what }) => what)).toEqual(figures.map(({ what }) => what));
    });

    it("are of stacks that have all of the fleet's applications between them", () => {
        const { fleet } = keptScale().data;
        expect(fleet?.stacks.reduce((sum, { apps }) => sum + apps, 0)).toBe(fleet?.apps);
    });

    it("lie on a line where each application costs the same", () => {
        const { fixed, each } = lineThrough(DATA.sizes, ({ seconds }) => seconds);
        expect([fixed, each].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([10, 2]);
    });

    it("miss their target where large stacks cost more for each application, or a deployment asks too much of the API", () => {
        const ratios = (data: ScaleData) => figuresOf(data).map(({ ours, theirs }) => ours / theirs);
        expect(ratios(DATA).map((ratio) => Number(ratio.toFixed(2)))).toEqual([1, 1, 1.08, 0.5, 1]);
        const [small, middling] = DATA.sizes;
        const steep = preview(1000, { processorSeconds: 10_000, sumMiB: 20_000 });
        const [time = 0, memory = 0] = ratios({
            ...DATA,
            sizes: [small, middling, steep].filter((one) => one !== undefined),
        });
        expect(Math.min(time, memory)).toBeGreaterThan(1.1);
    });

    it("are drawn at their places, in a document of their own", () => {
        const drawn = plot(DATA);
        expect(drawn).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
        expect(drawn).toContain("prefers-color-scheme: dark");
        expect(drawn).not.toMatch(/NaN|Infinity|undefined|<script|href/);
        const panels = drawn.split("<g ").slice(1);
        expect(panels).toHaveLength(2);
        // 1,000 of 1,000 applications is the right end, 2,010 s of 2,500 four fifths up.
        expect(panels[0]).toContain('<circle class="alone" cx="384" cy="74.1" r="4"/>');
        expect(panels[0]?.match(/class="fleet"/g)).toHaveLength(2);
    });

    it("say of a deployment what share of the API's requests it takes", () => {
        const rows = scaleMarkdown(DATA, { sizes: "2026-01-31, on two cores" }).split("\n");
        expect(rows).toContain("| first `pulumi up` | 1,010 s | 1,010 s | 1300 | 108 % |");
        expect(rows).toContain("| 100 | 400 | 210 s | 210 s | 210 MiB |");
        expect(rows).toContain("- sizes: 2026-01-31, on two cores");
    });
});
