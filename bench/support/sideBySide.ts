import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./median.ts";
import { watchTree } from "./tree.ts";

/** One command to measure. */
export interface Candidate {
    name: string;
    command: string;
    args: string[];
    cwd: string;
    env: Record<string, string>;
}

/** The middle values of a candidate's runs. */
export interface Measurement {
    seconds: number;
    /** Highest resident size of the largest process, in MiB. */
    largestMiB: number;
    /** Sum over all processes, in MiB. */
    sumMiB: number;
    /** Processor time of all processes, which says the same on a busy machine as on an idle one. */
    processorSeconds: number;
}

/**
 * Runs the candidates in turn, round after round, so that the machine's moods hit all alike, and takes the median of each.
 * The first round warms caches and does not count.
 */
export async function sideBySide(candidates: Candidate[], rounds: number): Promise<Map<string, Measurement>> {
    const runs = new Map<string, Measurement[]>(candidates.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
        for (const candidate of candidates) {
            process.stderr.write(`round ${round} of ${rounds}: ${candidate.name}\n`);
            const measurement = await measure(candidate);
            if (round > 0) {
                runs.get(candidate.name)?.push(measurement);
            }
        }
    }
    return new Map([...runs].map(([name, measurements]) => [name, middle(measurements)]));
}

/** What one run took, and what it printed. */
export interface Run extends Measurement {
    output: string;
}

/** One run, with an empty folder for temporary files: ts-node keeps what it has compiled there, and would not compile it again. */
export async function measure({ name, command, args, cwd, env }: Candidate): Promise<Run> {
    const temporary = mkdtempSync(join(tmpdir(), "sallyport-bench-run-"));
    const started = performance.now();
    const child = spawn(command, args, {
        cwd,
        env: { ...process.env, ...env, TMPDIR: temporary },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    const watch = watchTree(child.pid ?? process.pid);
    const [code] = (await once(child, "close")) as [number];
    const seconds = (performance.now() - started) / 1000;
    const { largest, sum, processorSeconds } = watch.stop();
    rmSync(temporary, { recursive: true, force: true });
    if (code !== 0) {
        throw new Error(`${name} ended with ${code}:\n${output}`);
    }
    return { seconds, largestMiB: largest / 2 ** 20, sumMiB: sum / 2 ** 20, processorSeconds, output };
}

function middle(measurements: Measurement[]): Measurement {
    return {
        seconds: median(measurements.map(({ seconds }) => seconds)),
        largestMiB: median(measurements.map(({ largestMiB }) => largestMiB)),
        sumMiB: median(measurements.map(({ sumMiB }) => sumMiB)),
        processorSeconds: median(measurements.map(({ processorSeconds }) => processorSeconds)),
    };
}
