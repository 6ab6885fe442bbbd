import { readFileSync } from "node:fs";

/** Clock ticks of a second, by which Linux counts a process's time (sysconf(3), `_SC_CLK_TCK`; 100 on every architecture that Node runs on). */
const TICKS = 100;

/** Seconds of processor time that a process has used, itself and the children that it has waited for (proc_pid_stat(5), fields 14 to 17). */
export function processorSeconds(pid: number): number {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** A daemon's figure of that name, as it serves it. */
export async function metric(status: string, name: string): Promise<number> {
    const text = await (await fetch(`${status}/metrics`)).text();
    const line = text.split("\n").find((one) => one.startsWith(`${name} `));
    if (line === undefined) throw new Error(`The daemon serves no metric ${name}.`);
    return Number(line.slice(name.length));
}
