import { readdirSync, readFileSync } from "node:fs";

/** What a process tree has used: memory by its highest marks, in bytes, and processor time. */
export interface TreeUse {
    /** Highest resident size of the largest single process. */
    largest: number;
    /** Sum of the highest resident sizes of all processes. */
    sum: number;
    /** Seconds of processor time of all processes. */
    processorSeconds: number;
}

/** Clock ticks of a second, by which Linux counts a process's time (sysconf(3), `_SC_CLK_TCK`; 100 on every architecture that Node runs on). */
const TICKS = 100;

/** How often the tree is looked at. The kernel keeps each process's highest mark, so only its last moments can be missed. */
const INTERVAL_MS = 20;

/** Follows what a process and everything it starts use, until stopped. Linux only: it reads /proc. */
export function watchTree(root: number): { stop(): TreeUse } {
    const marks = new Map<number, number>();
    const times = new Map<number, number>();
    const keepHighest = (kept: Map<number, number>, pid: number, value: number) => {
        if (value > (kept.get(pid) ?? 0)) kept.set(pid, value);
    };
    const look = () => {
        for (const pid of descendants(root)) {
            keepHighest(marks, pid, highestMark(pid));
            keepHighest(times, pid, processorSeconds(read(`/proc/${pid}/stat`), "own"));
        }
    };
    look();
    const timer = setInterval(look, INTERVAL_MS);
    return {
        stop() {
            clearInterval(timer);
            const total = (kept: Map<number, number>) => [...kept.values()].reduce((sum, value) => sum + value, 0);
            return { largest: Math.max(...marks.values()), sum: total(marks), processorSeconds: total(times) };
        },
    };
}

/** Ids of a process and of all that it has started. */
export function descendants(root: number): number[] {
    const children = new Map<number, number[]>();
    for (const entry of readdirSync("/proc")) {
        if (/^\d+$/.test(entry)) {
            const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(read(`/proc/${entry}/stat`))?.[1] ?? 0);
            children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
        }
    }
    const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
    return below(root);
}

/**
 * Seconds of processor time that a process has used by its `stat`: itself, or with the children that it has waited for (proc_pid_stat(5), fields 14
 * and 15, or 14 to 17). None where there is no text.
 */
export function processorSeconds(stat: string, whose: "own" | "with children"): number {
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, whose === "own" ? 13 : 15).map(Number);
    return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}

/** VmHWM of proc(5), which is in KiB. */
function highestMark(pid: number): number {
    return Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function read(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return ""; // the process is gone
    }
}
