import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { policyPack } from "../../../cli/project.ts";
import type { CloudflareEmulator } from "../../../emulator/index.ts";
import { type BenchEngine, benchEngine, type Operation } from "../engine.ts";
import { type Candidate, measure, type Run } from "../sideBySide.ts";
import { type ApiCost, lineThrough, type ScaleData, type SizedCost } from "./data.ts";
import { type Fleet, type FleetStack, fleet } from "./fleet.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "programs", "scale");

/** The share of the memory that is free now which previews side by side may take. */
const MEMORY_SHARE = 0.7;

/** The engine with the project's own program and policy pack, at an emulated API. */
export class ScaleBench implements Disposable {
    readonly #engine: BenchEngine;
    readonly #emulator: CloudflareEmulator;
    readonly #policies = mkdtempSync(join(tmpdir(), "sallyport-bench-policy-"));

    private constructor(engine: BenchEngine, emulator: CloudflareEmulator) {
        this.#engine = engine;
        this.#emulator = emulator;
    }

    static async open(emulator: CloudflareEmulator): Promise<ScaleBench> {
        return new ScaleBench(await benchEngine(), emulator);
    }

    /** Previews one stack in each size, alone on the machine; the first run, which warms caches, does not count. */
    async sizes(sizes: readonly number[], seed: number): Promise<SizedCost[]> {
        const costs: SizedCost[] = [];
        for (const apps of [...sizes.slice(0, 1), ...sizes]) {
            const [stack] = fleet({ apps, stacks: 1, accounts: 1, seed }).stacks;
            if (stack !== undefined) costs.push(await this.#preview(stack, `size ${apps} ${costs.length}`));
        }
        return costs.slice(1);
    }

    /** Previews all stacks, as many at a time as there are processors and as fit into the memory. */
    async fleet(
        stacks: readonly FleetStack[],
        sizes: readonly SizedCost[],
    ): Promise<Omit<ScaleData["fleet"], "apps" | "accounts">> {
        const parallel = atATime(stacks, sizes);
        const started = performance.now();
        const done: (SizedCost & { name: string })[] = [];
        const waiting = stacks.values();
        const work = async () => {
            for (const stack of waiting) done.push({ name: stack.name, ...(await this.#preview(stack, stack.name)) });
        };
        await Promise.all(Array.from({ length: parallel }, work));
        const seconds = (performance.now() - started) / 1000;
        return { parallel, seconds, stacks: done.toSorted((one, other) => one.name.localeCompare(other.name)) };
    }

    /** Deploys a stack without Docker, previews it again and refreshes it. @throws Error where the second preview or the refresh finds a difference. */
    async deployment({ stacks: [stack] }: Fleet): Promise<ScaleData["deployment"]> {
        if (stack === undefined) throw new Error("There is no stack to deploy.");
        const operation = await this.#open(stack, "deployment", "processes");
        const unchanged = ["--expect-no-changes"];
        const up = await this.#counted(operation("up", ["--yes", "--skip-preview", ...this.#pack(stack)]));
        const preview = await this.#counted(operation("preview", [...unchanged, ...this.#pack(stack)]));
        const refresh = await this.#counted(operation("refresh", ["--yes", "--skip-preview", ...unchanged]));
        return { apps: stack.apps, up, preview, refresh };
    }

    async #preview(stack: FleetStack, name: string): Promise<SizedCost> {
        const operation = await this.#open(stack, name, "swarm");
        const run = await told(operation("preview", this.#pack(stack)));
        return { apps: stack.apps, resources: resourcesIn(run), ...costOf(run) };
    }

    #open(stack: FleetStack, name: string, runtime: "swarm" | "processes"): Promise<Operation> {
        return this.#engine.open({
            name,
            program: PROGRAM,
            stack: stack.name,
            stackFile: stack.file,
            env: {
                BENCH_API: this.#emulator.apiBaseUrl,
                BENCH_RUNTIME: runtime,
                CLOUDFLARE_API_TOKEN: this.#emulator.apiToken,
                SALLYPORT_OFFLINE: "0",
            },
        });
    }

    /** The policy pack, told the zone, that the API is an emulated one, and that Cloudflare has raised the account's limits as far as a stack of this size takes. */
    #pack({ name, zone, apps }: FleetStack): string[] {
        const file = join(this.#policies, `${name}-${apps}.json`);
        const configuration = {
            "hostname-is-covered-by-universal-ssl": { zones: [zone] },
            "provider-base-url-only-in-local": { localStacks: [name] },
            "account-objects-are-within-limits": { limits: { applications: Math.max(500, apps) } },
        };
        writeFileSync(file, JSON.stringify(configuration));
        return ["--policy-pack", policyPack, "--policy-pack-config", file];
    }

    async #counted(candidate: Candidate): Promise<ApiCost> {
        const before = this.#emulator.requests.at(-1)?.number ?? 0;
        const run = await told(candidate);
        const made = this.#emulator.requests.filter(({ number }) => number > before);
        const byMethod = Map.groupBy(made, ({ method }) => method);
        return {
            ...costOf(run),
            requests: Object.fromEntries([...byMethod].map(([method, requests]) => [method, requests.length])),
        };
    }

    [Symbol.dispose](): void {
        this.#engine[Symbol.dispose]();
        rmSync(this.#policies, { recursive: true, force: true });
    }
}

async function told(candidate: Candidate): Promise<Run> {
    const run = await measure(candidate);
    process.stderr.write(
        `${candidate.name}: ${candidate.args[0]} in ${run.seconds.toFixed(1)} s (processor ${run.processorSeconds.toFixed(1)} s), ${run.sumMiB.toFixed(0)} MiB\n`,
    );
    return run;
}

function costOf({ seconds, processorSeconds, largestMiB, sumMiB }: Run) {
    return { seconds, processorSeconds, largestMiB, sumMiB };
}

/** How many resources a first preview would make. */
function resourcesIn({ output }: Run): number {
    const count = /\+ (\d+) to create/.exec(output)?.[1];
    if (count === undefined) throw new Error(`The engine did not say how many resources it would create:\n${output}`);
    return Number(count);
}

function atATime(stacks: readonly FleetStack[], sizes: readonly SizedCost[]): number {
    const memory = lineThrough(sizes, ({ sumMiB }) => sumMiB);
    const largest = Math.max(...stacks.map(({ apps }) => memory.fixed + memory.each * apps));
    const fitting = Math.floor(((freemem() / 2 ** 20) * MEMORY_SHARE) / largest);
    return Math.max(1, Math.min(availableParallelism(), fitting, stacks.length));
}
