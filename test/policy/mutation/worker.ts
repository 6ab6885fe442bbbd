import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { GatheredTest } from "./collect.ts";
import { SWITCH } from "./mutations.ts";
import { register } from "./register.ts";

/** What a worker is asked to do. */
export interface Task {
    readonly root: string;
    /** Mutations before this one are done. */
    readonly from: number;
    /** The one mutation that is on while modules are loaded; none otherwise. */
    readonly whileLoading?: number;
}

/** The pack's own server, and what only exports. */
const LEFT_OUT = /(^policy\/index|\/index)\.ts$/;
/** The pack under Pulumi's loader is another process, which loads the code as it is. */
const OTHER_PROCESS = /\/pack\.test\.ts$/;

const { root, from, whileLoading } = workerData as Task;

let on: number | undefined = whileLoading;
let touched = new Set<number>();
Object.defineProperty(globalThis, SWITCH, {
    value: (id: number) => {
        touched.add(id);
        return id === on;
    },
});

const mutations = register(root, (file) => file.startsWith("policy/") && file.endsWith(".ts") && !LEFT_OUT.test(file));
for (const file of globSync("test/policy/*.test.ts", { cwd: root }).toSorted()) {
    if (!OTHER_PROCESS.test(file)) await import(pathToFileURL(join(root, file)).href);
}
const { tests } = await import("./collect.ts");
const loading = touched;

if (whileLoading !== undefined) {
    parentPort?.postMessage({ id: whileLoading, caught: (await firstFailure(tests)) !== undefined });
} else {
    await runAll();
}

async function runAll(): Promise<void> {
    const covering = await coverage();
    const asked = new Set([...loading].filter((id) => !covering.has(id)));
    parentPort?.postMessage({ mutations, whileLoading: [...asked] });
    for (const { id } of mutations) {
        if (id < from || asked.has(id)) continue;
        parentPort?.postMessage({ begun: id });
        on = id;
        const failure = await firstFailure(covering.get(id) ?? []);
        on = undefined;
        parentPort?.postMessage({ id, caught: failure !== undefined });
    }
}

/** For each mutation the tests that come past it, quick ones first. */
async function coverage(): Promise<Map<number, GatheredTest[]>> {
    const timed: { test: GatheredTest; took: number; past: Set<number> }[] = [];
    for (const test of tests) {
        touched = new Set();
        const start = performance.now();
        try {
            await test.run();
        } catch (error) {
            throw new Error(`"${test.title}" fails without any mutation`, { cause: error });
        }
        timed.push({ test, took: performance.now() - start, past: touched });
    }
    const covering = new Map<number, GatheredTest[]>();
    for (const { test, past } of timed.toSorted((a, b) => a.took - b.took)) {
        for (const id of past) covering.set(id, [...(covering.get(id) ?? []), test]);
    }
    return covering;
}

async function firstFailure(some: readonly GatheredTest[]): Promise<string | undefined> {
    for (const test of some) {
        try {
            await test.run();
        } catch {
            return test.title;
        }
    }
    return undefined;
}
