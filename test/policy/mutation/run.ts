/** How much of the policy pack its tests hold: `npm run test:mutation`. Exit 1 below 95 % of the mutations. */
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { Mutation } from "./mutations.ts";
import type { Task } from "./worker.ts";

const WANTED = 0.95;
/** A test that takes longer runs in circles, which is noticed as well. */
const WITHIN_MS = 20_000;

const root = resolve(import.meta.dirname, "../../..");
const caught = new Map<number, boolean>();
let mutations: readonly Mutation[] = [];
let whileLoading: readonly number[] = [];

/** What a worker tells. */
interface Told {
    readonly mutations?: readonly Mutation[];
    readonly whileLoading?: readonly number[];
    readonly begun?: number;
    readonly id?: number;
    readonly caught?: boolean;
}

for (let from = 0; from !== -1; ) from = await work({ root, from });
tell(`and ${whileLoading.length} that take effect while modules are loaded`);
for (const id of whileLoading) {
    if ((await work({ root, from: 0, whileLoading: id })) !== -1 || !caught.has(id)) caught.set(id, true);
}
report();

/** Runs a worker to its end; if it hangs, the mutation to go on with, and -1 otherwise. */
function work(task: Task): Promise<number> {
    return new Promise((done, fail) => {
        const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: task });
        let begun = task.from;
        let timer: NodeJS.Timeout | undefined;
        const watch = () => {
            clearTimeout(timer);
            timer = setTimeout(
                () => {
                    caught.set(begun, true);
                    void worker.terminate().then(() => done(begun + 1));
                },
                WITHIN_MS * (caught.size === 0 ? 10 : 1),
            );
        };
        worker.on("message", (told: Told) => {
            watch();
            if (told.mutations !== undefined) mutations = told.mutations;
            if (told.whileLoading !== undefined) whileLoading = told.whileLoading;
            if (told.begun !== undefined) begun = told.begun;
            if (told.begun !== undefined && told.begun % 100 === 0) tell(`at ${told.begun} of ${mutations.length}`);
            if (told.id !== undefined) caught.set(told.id, told.caught === true);
        });
        worker.on("error", (error) => {
            clearTimeout(timer);
            // A mutation that is on while modules are loaded may break the loading itself.
            if (task.whileLoading === undefined) fail(error);
            else done(0);
        });
        worker.on("exit", () => {
            clearTimeout(timer);
            done(-1);
        });
        watch();
    });
}

function tell(progress: string): void {
    process.stderr.write(`${(performance.now() / 1000).toFixed(0)} s: ${progress}\n`);
}

function report(): void {
    const survivors = mutations.filter(({ id }) => caught.get(id) !== true);
    for (const { file, line, kind, before } of survivors) {
        process.stdout.write(`${file}:${line}  ${kind}  ${before.replace(/\s+/g, " ").slice(0, 100)}\n`);
    }
    const share = 1 - survivors.length / mutations.length;
    const figure = `${mutations.length - survivors.length} of ${mutations.length} mutations caught (${(share * 100).toFixed(1)} %)`;
    process.stdout.write(`${figure}\n`);
    process.exitCode = share < WANTED ? 1 : 0;
}
