import { join } from "node:path";
import { benchEngine } from "../engine.ts";
import type { Figure } from "../report.ts";
import { sideBySide } from "../sideBySide.ts";

const program = join(import.meta.dirname, "..", "..", "programs", "swarm");
const ROUNDS = 3;

/** What one change costs the engine: where all services are in one stack, against a small stack of one service. */
export async function oneStackAgainstSmallOnes(counts: readonly number[]): Promise<Figure[]> {
    using engine = await benchEngine();
    const preview = (services: number) =>
        engine.preview({
            name: `${services} services`,
            program,
            stack: "bench",
            env: { BENCH_SERVICES: String(services) },
        });
    const runs = await sideBySide(await Promise.all([1, ...counts].map(preview)), ROUNDS);
    const secondsOf = (services: number) => runs.get(`${services} services`)?.seconds ?? Number.NaN;
    return counts.map((count) => ({
        what: `a change with ${count} services: a small stack against one for all`,
        ours: secondsOf(1),
        theirs: secondsOf(count),
        unit: "s",
    }));
}
