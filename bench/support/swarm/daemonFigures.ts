import { readFileSync } from "node:fs";
import { processorSeconds as secondsByStat } from "../tree.ts";

/** A process and all below it. */
export function processesOf(pid: number): number[] {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    return [pid, ...children.flatMap(processesOf)];
}

/** Seconds of processor time that processes have used, themselves and the children that they have waited for. */
export function processorSeconds(...pids: number[]): number {
    const each = pids.map((pid) => secondsByStat(readFileSync(`/proc/${pid}/stat`, "utf8"), "with children"));
    return each.reduce((sum, one) => sum + one, 0);
}

/** Memory of processes together, in bytes; what they share counts once for each (proc_pid_status(5), `VmRSS`). */
export function residentBytes(...pids: number[]): number {
    const kibibytes = pids.map((pid) =>
        Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]),
    );
    return kibibytes.reduce((sum, one) => sum + one, 0) * 1024;
}

/** A daemon's figure of that name, as it serves it. */
export async function metric(status: string, name: string): Promise<number> {
    const text = await (await fetch(`${status}/metrics`)).text();
    const line = text.split("\n").find((one) => one.startsWith(`${name} `));
    if (line === undefined) throw new Error(`The daemon serves no metric ${name}.`);
    return Number(line.slice(name.length));
}
