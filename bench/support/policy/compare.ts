import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyPack } from "../../../cli/project.ts";
import { median } from "../median.ts";
import type { Figure } from "../report.ts";
import { checkov, conftest, type PlanJudge } from "./others.ts";
import { judgeByPack, requestsFor } from "./pack.ts";
import { PACK_RULES, type TwinResource, terraformPlan, twinResources } from "./resources.ts";

const COUNT = 3000;
const ROUNDS = 3;

/** Start-up and the time for one resource, in milliseconds. */
interface Cost {
    readonly start: number;
    readonly each: number;
}

/**
 * The same checks of the same resources by the pack, by conftest and by Checkov, each as a process that starts, judges
 * and ends. Start-up is what one resource takes; what the others take beside it, divided by their number, is the time
 * for each. All have to find the same.
 */
export async function compareWithOthers(): Promise<Figure[]> {
    const resources = twinResources(COUNT);
    const folder = mkdtempSync(join(tmpdir(), "sallyport-bench-policy-"));
    try {
        const others = [await conftest(), await checkov()];
        const packs: Judge[] = [
            { name: "the same rules", ...packJudge(resources, PACK_RULES) },
            { name: "every rule", ...packJudge(resources) },
        ];
        const judges = [
            ...packs,
            ...others.map((other) => ({ name: other.name, ...planJudge(other, resources, folder) })),
        ];
        const costs = await measure(judges, resources);
        const cost = (name: string) => costs.get(name) ?? { start: Number.NaN, each: Number.NaN };
        return packs.flatMap(({ name }) =>
            others.flatMap((other): Figure[] => [
                figure(`start-up with ${name}, against ${other.name}`, cost(name).start, cost(other.name).start),
                figure(`1 resource by ${name}, against ${other.name}`, cost(name).each, cost(other.name).each),
            ]),
        );
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function figure(what: string, ours: number, theirs: number): Figure {
    return { what, ours, theirs, unit: "ms", target: 1 };
}

interface Judge {
    readonly name: string;
    /** Names of the first so many resources in which it found something. */
    judge(count: number): Promise<Set<string>>;
}

function packJudge(resources: readonly TwinResource[], only?: readonly string[]): Pick<Judge, "judge"> {
    const requests = requestsFor(resources);
    return { judge: (count) => judgeByPack(policyPack, requests.slice(0, count), only) };
}

function planJudge(other: PlanJudge, resources: readonly TwinResource[], folder: string): Pick<Judge, "judge"> {
    const plans = new Map(
        [1, COUNT].map((count) => {
            const file = join(folder, `plan-${count}.json`);
            writeFileSync(file, terraformPlan(resources.slice(0, count)));
            return [count, file];
        }),
    );
    return {
        judge: async (count) => {
            const found = await other.judge(plans.get(count) ?? "");
            return new Set([...found].map((address) => address.split(".").at(-1) ?? ""));
        },
    };
}

async function measure(judges: readonly Judge[], resources: readonly TwinResource[]): Promise<Map<string, Cost>> {
    const times = new Map<string, { one: number[]; all: number[] }>(
        judges.map(({ name }) => [name, { one: [], all: [] }]),
    );
    for (let round = 0; round <= ROUNDS; round++) {
        for (const judge of judges) {
            process.stderr.write(`round ${round} of ${ROUNDS}: ${judge.name}\n`);
            const one = await timed(judge, resources.slice(0, 1));
            const all = await timed(judge, resources);
            // The first round warms caches and does not count.
            if (round === 0) continue;
            times.get(judge.name)?.one.push(one);
            times.get(judge.name)?.all.push(all);
        }
    }
    return new Map(
        [...times].map(([name, { one, all }]) => {
            const start = median(one);
            return [name, { start, each: (median(all) - start) / (COUNT - 1) }];
        }),
    );
}

/** Milliseconds that it takes; what it found has to be what is open. */
async function timed({ name, judge }: Judge, resources: readonly TwinResource[]): Promise<number> {
    const started = performance.now();
    const found = await judge(resources.length);
    const took = performance.now() - started;
    const open = resources.filter(({ isOpen }) => isOpen).map((resource) => resource.name);
    const missed = open.filter((one) => !found.has(one));
    if (missed.length > 0 || found.size !== open.length) {
        throw new Error(`${name} found ${found.size} of ${open.length} open resources and missed ${missed.length}`);
    }
    return took;
}
