import { readFileSync } from "node:fs";

/** Clock ticks of a second, by which Linux counts a process's time (sysconf(3), `_SC_CLK_TCK`; 100 on every architecture that Node runs on). */
const TICKS = 100;

/** A process and all below it. */
export function processesOf(pid: number): number[] {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    return [pid, ...children.flatMap(processesOf)];
}

/** Seconds of processor time that processes have used, themselves and the children that they have waited for (proc_pid_stat(5), fields 14 to 17). */
export function processorSeconds(...pids: number[]): number {
    const ticks = pids.flatMap((pid) => {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return fields.slice(11, 15).map(Number);
    });
    return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
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
