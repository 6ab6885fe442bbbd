import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processorSeconds } from "../tree.ts";

/** What the parent says to a process of the bench to have it collect its garbage; the process says it back when it is done. */
const COLLECT = "collect garbage";

/** A part of the bench in a process of its own, so that its time and memory are its own. Linux only: it reads /proc. */
export class BenchProcess<Description> implements AsyncDisposable {
    readonly description: Description;
    readonly #child: ChildProcess;
    readonly #pid: number;

    /** Starts a program of this folder that calls `ready`. */
    static async start<Description>(program: string, input: unknown = {}): Promise<BenchProcess<Description>> {
        const child = fork(join(import.meta.dirname, program), [JSON.stringify(input)], {
            execArgv: ["--expose-gc"],
            stdio: ["ignore", "ignore", "inherit", "ipc"],
        });
        const ended = once(child, "exit").then(([code]) => {
            throw new Error(`${program} ended with ${code} before it was ready`);
        });
        const [description] = (await Promise.race([once(child, "message"), ended])) as [Description];
        ended.catch(() => {});
        return new BenchProcess(child, description);
    }

    private constructor(child: ChildProcess, description: Description) {
        if (child.pid === undefined) {
            throw new Error("a process that described itself has no id");
        }
        this.#child = child;
        this.#pid = child.pid;
        this.description = description;
    }

    /** Resident memory once the garbage is gone, in bytes. */
    async settledMemory(): Promise<number> {
        this.#child.send(COLLECT);
        await once(this.#child, "message");
        return this.#memory("VmRSS");
    }

    /** The highest resident memory while something runs, in bytes, as the kernel keeps it. */
    async peakDuring(run: () => Promise<unknown>): Promise<number> {
        // proc(5): 5 sets the mark back to what is resident now.
        writeFileSync(`/proc/${this.#pid}/clear_refs`, "5");
        await run();
        return this.#memory("VmHWM");
    }

    /** Processor time that it has used so far, in seconds. */
    cpuSeconds(): number {
        return processorSeconds(readFileSync(`/proc/${this.#pid}/stat`, "utf8"), "own");
    }

    async [Symbol.asyncDispose](): Promise<void> {
        if (this.#child.exitCode === null && this.#child.signalCode === null) {
            const exited = once(this.#child, "exit");
            this.#child.kill("SIGTERM");
            await exited;
        }
    }

    #memory(field: "VmRSS" | "VmHWM"): number {
        const status = readFileSync(`/proc/${this.#pid}/status`, "utf8");
        return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? Number.NaN) * 1024;
    }
}

/** The input that the parent gave the program. */
export function inputOf<Input>(): Input {
    return JSON.parse(process.argv[2] ?? "{}") as Input;
}

/** Tells the parent that the program is ready, and serves it until it goes. */
export function ready(description: unknown): void {
    process.on("message", (message) => {
        if (message === COLLECT) {
            globalThis.gc?.();
            process.send?.(message);
        }
    });
    process.once("disconnect", () => process.exit());
    process.once("SIGTERM", () => process.exit());
    process.send?.(description);
}
