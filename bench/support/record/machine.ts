import { cpus, release, totalmem, type } from "node:os";

/** The machine in one line: processor, cores, memory, kernel, Node. */
export function machineText(): string {
    const all = cpus();
    const gib = Math.round(totalmem() / 2 ** 30);
    const model = all[0]?.model.trim() ?? "unknown processor";
    return `${model}, ${all.length} cores, ${gib} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
}
