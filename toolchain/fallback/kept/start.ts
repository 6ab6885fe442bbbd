import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type PreparedPulumi, ProviderSource } from "../../preparePulumi.ts";
import { SPARING } from "./memory.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Starting takes half a second; after ten seconds, in milliseconds, it is done without. */
const START_WITHIN_MS = 10_000;

type Environment = Readonly<Record<string, string>>;

/**
 * Language host, programs, policy packs and providers that go on from one run of the engine to the next, for whoever runs it many times: most of a
 * short run is starting them. Only Sallyport's own are kept. The official ones are built to serve one run each, and are started for each.
 */
export class KeptPlugins implements AsyncDisposable {
    #started: { readonly environment: string; readonly child: ChildProcess; readonly env: Environment } | undefined;
    #starting: Promise<Environment> = Promise.resolve({});
    #isOver = false;

    /**
     * What lets an engine attach to them, beside its own environment. Nothing where they cannot be had: the engine then starts plugins of its own,
     * which takes longer and does the same.
     *
     * @param environment what the engine is given: providers read it too. With another one they are started anew.
     */
    attach(pulumi: PreparedPulumi, environment: Environment): Promise<Environment> {
        // One after the other, so that two who ask at once get the same.
        this.#starting = this.#starting.then(() => this.#attach(pulumi, environment));
        return this.#starting;
    }

    async #attach(pulumi: PreparedPulumi, environment: Environment): Promise<Environment> {
        if (this.#isOver || pulumi.providers !== ProviderSource.Fallback) return {};
        const wanted = JSON.stringify([pulumi.env, environment]);
        if (this.#started?.environment === wanted && runs(this.#started.child)) return this.#started.env;
        await this.#end();
        const child = spawn(process.execPath, [...SPARING, MAIN], {
            // A terminal's Ctrl-C is for who asked for the work, and that lets what is under way wind up.
            detached: true,
            env: {
                ...process.env,
                ...pulumi.env,
                ...environment,
                NODE_COMPILE_CACHE: join(pulumi.pulumiHome, "compile-cache"),
            },
            stdio: ["ignore", "pipe", "inherit"],
        });
        const env = await announced(child);
        if (env === undefined) child.kill("SIGKILL");
        else this.#started = { environment: wanted, child, env };
        return env ?? {};
    }

    async #end(): Promise<void> {
        const child = this.#started?.child;
        this.#started = undefined;
        if (child === undefined || !runs(child)) return;
        const ended = once(child, "exit");
        child.kill();
        await ended;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#isOver = true;
        await this.#starting;
        await this.#end();
    }
}

function runs({ exitCode, signalCode }: ChildProcess): boolean {
    return exitCode === null && signalCode === null;
}

/** The variables that it prints when it serves; undefined where it does not come to that. */
async function announced(child: ChildProcess): Promise<Environment | undefined> {
    if (child.stdout === null) return undefined;
    const lines = createInterface({ input: child.stdout });
    const signal = AbortSignal.timeout(START_WITHIN_MS);
    try {
        const [line] = await Promise.race([once(lines, "line", { signal }), once(child, "exit", { signal })]);
        return typeof line === "string" ? (JSON.parse(line) as Environment) : undefined;
    } catch {
        return undefined;
    }
}
