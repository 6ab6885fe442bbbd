import { readdirSync, readFileSync } from "node:fs";

/** Memory of a process tree: its highest marks, in bytes. */
export interface TreeMemory {
    /** Highest resident size of the largest single process. */
    largest: number;
    /** Sum of the highest resident sizes of all processes. */
    sum: number;
}

/** How often the tree is looked at. The kernel keeps each process's highest mark, so only its last moments can be missed. */
const INTERVAL_MS = 20;

/** Follows the memory of a process and everything it starts, until stopped. Linux only: it reads /proc. */
export function watchTree(root: number): { stop(): TreeMemory } {
    const marks = new Map<number, number>();
    const look = () => {
        for (const pid of descendants(root)) {
            const mark = highestMark(pid);
            if (mark > (marks.get(pid) ?? 0)) {
                marks.set(pid, mark);
            }
        }
    };
    look();
    const timer = setInterval(look, INTERVAL_MS);
    return {
        stop() {
            clearInterval(timer);
            const all = [...marks.values()];
            return { largest: Math.max(...all), sum: all.reduce((total, mark) => total + mark, 0) };
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
