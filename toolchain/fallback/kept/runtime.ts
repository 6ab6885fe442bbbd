/** Runs programs and policy packs in processes that are kept from one run to the next: most of a short run is starting them. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import { isPolicyPack, type Launch, nodeArguments, pluginLaunch, processes } from "../languageHost/processes.ts";
import type { PluginOutput, Runtime } from "../languageHost/service.ts";
import { SPARING } from "./memory.ts";
import { type Kept, Pool } from "./pool.ts";
import type { Answer, Job } from "./program.ts";

/** Each run leaves a quarter of a MiB behind in the SDK's own state; after so many a process makes room for a new one. */
const MOST_RUNS = 100;

const PROGRAM = fileURLToPath(new URL("./program.ts", import.meta.url));
const POLICY_PACK = fileURLToPath(new URL("./policyPack.ts", import.meta.url));

export interface KeptRuntime extends Runtime {
    /** Ends all processes. */
    end(): void;
}

export function keptRuntime(): KeptRuntime {
    const programs = new Pool((key) => new ProgramProcess(JSON.parse(key)));
    const packs = new Pool((key) => new PackProcess(JSON.parse(key)));
    return {
        run: async (request, engineAddress, cancelled) => {
            const { nodeargs } = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
            return programs.use(JSON.stringify(nodeArguments(nodeargs)), (program) =>
                until(cancelled, program, () => program.run(request, engineAddress)),
            );
        },
        runPlugin: async (request, output, cancelled) => {
            if (!isPolicyPack(request)) return processes.runPlugin(request, output, cancelled);
            const { nodeArgs, command, cwd, env } = pluginLaunch(request);
            // What stands between, such as the engine's address, is of one run, and read by no pack.
            const [runner = "", directory = ""] = [command.at(0), command.at(-1)];
            const key = JSON.stringify({ nodeArgs, command: [runner, "", directory], cwd } satisfies PackLaunch);
            return packs.use(key, (pack) => pack.serve(output, cancelled, env));
        },
        end: () => {
            programs.end();
            packs.end();
        },
    };
}

/** Ends a process where its run is cancelled: nobody knows what it has left undone. */
async function until<T>(cancelled: AbortSignal, process: Kept, work: () => Promise<T>): Promise<T> {
    const end = () => process.end();
    cancelled.addEventListener("abort", end);
    try {
        return await work();
    } finally {
        cancelled.removeEventListener("abort", end);
    }
}

/** Runs programs, one at a time. */
class ProgramProcess implements Kept {
    readonly #child: ChildProcess;
    #runs = 0;
    #hasFailed = false;

    constructor(nodeArgs: readonly string[]) {
        this.#child = fork(PROGRAM, {
            execArgv: [...SPARING, ...nodeArgs],
            serialization: "advanced",
            stdio: ["ignore", "ignore", "inherit", "ipc"],
        });
    }

    get isUsable(): boolean {
        return this.#child.connected && !this.#hasFailed && this.#runs < MOST_RUNS;
    }

    async run(request: pb.RunRequest, engineAddress: string): Promise<pb.RunResponse> {
        this.#runs++;
        const over = new AbortController();
        const gone = once(this.#child, "exit", over).then(
            (): Answer => ({ failed: true, untold: "the program was ended" }),
        );
        const answered = once(this.#child, "message", over).then(([answer]): Answer => answer);
        this.#child.send({ request: request.serializeBinary(), engineAddress } satisfies Job);
        const { failed, untold } = await Promise.race([answered, gone]);
        over.abort();
        await Promise.allSettled([answered, gone]);
        // A program that failed may have left promises behind, whose rejection would be the next one's.
        this.#hasFailed ||= failed;
        const response = new pb.RunResponse();
        if (untold !== undefined) response.setError(untold);
        else if (failed) response.setBail(true);
        return response;
    }

    end(): void {
        this.#child.kill("SIGKILL");
    }
}

type PackLaunch = Omit<Launch, "env">;

/** A policy pack that has been started: it judges for one engine at a time, each of which configures it anew. */
class PackProcess implements Kept {
    readonly #launch: PackLaunch;
    #child: ChildProcess | undefined;
    #port: Promise<string> | undefined;
    #runs = 0;

    constructor(launch: PackLaunch) {
        this.#launch = launch;
    }

    get isUsable(): boolean {
        return this.#child?.connected === true && this.#runs < MOST_RUNS;
    }

    /** Lets an engine have it until that has enough of it. @returns its exit code. */
    async serve(output: PluginOutput, cancelled: AbortSignal, env: NodeJS.ProcessEnv): Promise<number> {
        this.#runs++;
        const child = this.#start(env);
        child.stderr?.on("data", output.stderr);
        const over = new AbortController();
        const ended = once(child, "close", over).then(([code]): number => code ?? 1);
        void this.#port?.then((port) => output.stdout(Buffer.from(`${port}\n`)));
        const enough = once(cancelled, "abort", over).then(() => 0);
        const code = await Promise.race([ended, enough]);
        over.abort();
        await Promise.allSettled([ended, enough]);
        child.stderr?.off("data", output.stderr);
        return code;
    }

    #start(env: NodeJS.ProcessEnv): ChildProcess {
        if (this.#child !== undefined) return this.#child;
        const { nodeArgs, command, cwd } = this.#launch;
        const child = fork(POLICY_PACK, command, {
            cwd,
            env,
            execArgv: [...SPARING, ...nodeArgs],
            stdio: ["ignore", "pipe", "pipe", "ipc"],
        });
        this.#child = child;
        if (child.stdout !== null) {
            const lines = createInterface({ input: child.stdout });
            this.#port = once(lines, "line").then(([line]): string => line);
        }
        return child;
    }

    end(): void {
        this.#child?.kill("SIGKILL");
    }
}
