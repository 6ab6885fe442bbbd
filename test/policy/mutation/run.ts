/** How much of the policy pack its tests hold: `npm run test:mutation`. Exit 1 where less than 95 % of the flipped conditions are caught. */
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { LEFT_OUT, type Mutation } from "./mutations.ts";
import type { Task, Told } from "./worker.ts";

const WANTED = 0.95;
/** Whatever takes longer runs in circles, which is noticed as well. */
const WITHIN_MS = 20_000;
/** Mutations of one worker, so that its memory stays small. */
const MOST = 200;

const root = resolve(import.meta.dirname, "../../..");
const caught = new Map<number, boolean>();
let mutations: readonly Mutation[] = [];

for (let from = 0; from === 0 || from < mutations.length; ) {
    from = await work({ root, from, most: MOST });
    process.stderr.write(`${from} of ${mutations.length} after ${(performance.now() / 1000).toFixed(0)} s\n`);
}
report();

/** Lets a worker try mutations; the result is the one to go on with. A worker that hangs is ended, and its mutation is caught. */
function work(task: Task): Promise<number> {
    return new Promise((done, fail) => {
        const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: task });
        let begun: number | undefined;
        let timer: NodeJS.Timeout | undefined;
        const watch = () => {
            clearTimeout(timer);
            timer = setTimeout(() => {
                void worker.terminate();
                if (begun === undefined) return fail(new Error(`The tests do not end within ${WITHIN_MS} ms`));
                process.stderr.write(`${nameOf(begun)} does not end\n`);
                caught.set(begun, true);
                done(begun + 1);
            }, WITHIN_MS);
        };
        worker.on("message", (told: Told) => {
            watch();
            mutations = told.mutations ?? mutations;
            begun = told.begun ?? begun;
            if (told.done !== undefined) caught.set(told.done, told.caught === true);
            if (told.caught === false) process.stderr.write(`${nameOf(told.done ?? 0)} is not noticed\n`);
            if (told.next !== undefined) {
                clearTimeout(timer);
                void worker.terminate();
                done(told.next);
            }
        });
        worker.on("error", fail);
        watch();
    });
}

function report(): void {
    const [elements, conditions] = [mutations.filter(isElement), mutations.filter((one) => !isElement(one))];
    for (const { id } of mutations.filter((one) => !isHeld(one))) process.stdout.write(`${nameOf(id)}\n`);
    process.stdout.write(`conditions: ${figure(conditions)}\nelements of lists: ${figure(elements)}\n`);
    process.exitCode = conditions.filter(isHeld).length < WANTED * conditions.length ? 1 : 0;
}

function isElement({ kind }: Mutation): boolean {
    return kind === LEFT_OUT;
}

function isHeld({ id }: Mutation): boolean {
    return caught.get(id) === true;
}

function figure(some: readonly Mutation[]): string {
    const held = some.filter(isHeld).length;
    return `${held} of ${some.length} mutations caught (${((100 * held) / some.length).toFixed(1)} %)`;
}

function nameOf(id: number): string {
    const { file, line, kind, before } = mutations[id] as Mutation;
    return `${file}:${line}  ${kind}  ${before.replace(/\s+/g, " ").slice(0, 100)}`;
}
