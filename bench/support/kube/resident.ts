import { readFileSync } from "node:fs";
import { descendants } from "../tree.ts";

/** What a process and all that it has started hold in memory now, in bytes; pages that several share are divided among them (proc(5), Pss). */
export function residentBytes(root: number): { all: number; cloudflared: number } {
    const sizes = descendants(root).map((pid) => ({
        name: readFileSync(`/proc/${pid}/comm`, "utf8").trim(),
        bytes: Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024,
    }));
    const sum = (list: typeof sizes) => list.reduce((total, { bytes }) => total + bytes, 0);
    return { all: sum(sizes), cloudflared: sum(sizes.filter(({ name }) => name === "cloudflared")) };
}
