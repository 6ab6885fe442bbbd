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
    /** Of those, how many to do at most: each that takes effect while modules are loaded leaves its modules behind. */
    readonly most: number;
}

/** What a worker tells. */
export interface Told {
    readonly mutations?: ReturnType<typeof register>;
    readonly begun?: number;
    readonly done?: number;
    readonly caught?: boolean;
    /** The mutation to go on with. */
    readonly next?: number;
}

/** The pack's own server, and what only exports. */
const LEFT_OUT = /(^policy\/index|\/index)\.ts$/;
/** The pack under Pulumi's loader is another process, which loads the code as it is. */
const OTHER_PROCESS = /\/pack\.test\.ts$/;

const { root, from, most } = workerData as Task;
const tell = (told: Told) => parentPort?.postMessage(told);

let on: number | undefined;
let touched = new Set<number>();
Object.defineProperty(globalThis, SWITCH, {
    value: (id: number) => {
        touched.add(id);
        return id === on;
    },
});

const mutations = register(root, (file) => file.startsWith("policy/") && !LEFT_OUT.test(file));
const tests = await gather(0);
const whileLoading = touched;
const covering = await coverage();
tell({ mutations });

const last = Math.min(mutations.length, from + most);
for (let id = from; id < last; id++) {
    tell({ begun: id });
    tell({ done: id, caught: await isCaught(id) });
}
tell({ next: last });

/** The tests, of modules that are loaded anew for each generation. */
async function gather(generation: number): Promise<readonly GatheredTest[]> {
    const query = `?generation=${generation}`;
    for (const file of globSync("test/policy/*.test.ts", { cwd: root }).toSorted()) {
        if (!OTHER_PROCESS.test(file)) await import(`${pathToFileURL(join(root, file)).href}${query}`);
    }
    const gatherer = (await import(`${new URL("collect.ts", import.meta.url).href}${query}`)) as {
        tests: readonly GatheredTest[];
    };
    return gatherer.tests;
}

/** For each mutation the tests that come past it, by their place in the list, quick ones first. */
async function coverage(): Promise<ReadonlyMap<number, readonly number[]>> {
    const timed: { index: number; took: number; past: Set<number> }[] = [];
    for (const [index, test] of tests.entries()) {
        touched = new Set();
        const start = performance.now();
        try {
            await test.run();
        } catch (error) {
            throw new Error(`"${test.title}" fails without any mutation`, { cause: error });
        }
        timed.push({ index, took: performance.now() - start, past: touched });
    }
    const found = new Map<number, number[]>();
    for (const { index, past } of timed.toSorted((a, b) => a.took - b.took)) {
        for (const id of past) found.set(id, [...(found.get(id) ?? []), index]);
    }
    return found;
}

async function isCaught(id: number): Promise<boolean> {
    on = id;
    try {
        if (!whileLoading.has(id)) return await fails(tests, covering.get(id) ?? []);
        return await fails(await gather(id + 1), testsOfFile(mutations[id]?.file));
    } catch {
        // With this mutation the modules cannot even be loaded.
        return true;
    } finally {
        on = undefined;
    }
}

/** The tests that come past anything of a file, then all others: what is computed while it is loaded may be read anywhere. */
function testsOfFile(file: string | undefined): readonly number[] {
    const inFile = mutations.filter((one) => one.file === file).flatMap(({ id }) => covering.get(id) ?? []);
    return [...new Set([...inFile, ...tests.keys()])];
}

async function fails(some: readonly GatheredTest[], indexes: readonly number[]): Promise<boolean> {
    for (const index of indexes) {
        try {
            await some[index]?.run();
        } catch {
            return true;
        }
    }
    return false;
}
