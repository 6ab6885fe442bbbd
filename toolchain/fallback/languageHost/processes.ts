/** Runs each program and each plugin in a process of its own, as the official language host does. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import type { PluginOutput, Runtime } from "./service.ts";

/** `cmd/run` ends with this code after it has told the user what went wrong (@pulumi/pulumi `cmd/run/index.js`). */
const ALREADY_REPORTED = 32;

const PROGRAM = fileURLToPath(new URL("./program.ts", import.meta.url));

export const processes: Runtime = {
    run: async (request, engineAddress, cancelled) => {
        const child = startProgram(request, engineAddress);
        const { code, signal } = await ended(child, "SIGKILL", cancelled);
        return runResponse(code, signal);
    },
    runPlugin: async (request, output, cancelled) => {
        const child = startPlugin(request);
        forward(child, output);
        const { code } = await ended(child, "SIGINT", cancelled);
        return code ?? 1;
    },
};

interface Ending {
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended, which `cancelled` asks it to. @throws Error when it could not be started. */
function ended(child: ChildProcess, kill: NodeJS.Signals, cancelled: AbortSignal): Promise<Ending> {
    const end = () => child.kill(kill);
    cancelled.addEventListener("abort", end);
    return new Promise<Ending>((resolveEnding, reject) => {
        child.once("error", reject);
        child.once("close", (code, signal) => resolveEnding({ code, signal }));
    }).finally(() => cancelled.removeEventListener("abort", end));
}

function forward(child: ChildProcess, output: PluginOutput): void {
    child.stdout?.on("data", (chunk: Buffer) => output.stdout(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.stderr(chunk));
}

/** Starts `@pulumi/pulumi`'s own runner; what the program prints goes to the engine through this process's output. */
function startProgram(request: pb.RunRequest, engineAddress: string): ChildProcess {
    const info = request.getInfo();
    const options = info?.getOptions()?.toJavaScript() ?? {};
    const flags = {
        monitor: request.getMonitorAddress(),
        engine: engineAddress,
        organization: request.getOrganization(),
        project: request.getProject(),
        stack: request.getStack(),
        pwd: request.getPwd(),
        "root-directory": info?.getRootDirectory() ?? "",
        parallel: String(request.getParallel()),
    };
    const child = spawn(
        process.execPath,
        [
            ...nodeArguments(options.nodeargs),
            PROGRAM,
            ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
            ...(request.getDryrun() ? ["--dry-run"] : []),
            info?.getEntryPoint() || request.getProgram() || ".",
            ...request.getArgsList(),
        ],
        {
            cwd: request.getPwd(),
            env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true) },
            stdio: ["ignore", "inherit", "inherit", "pipe"],
        },
    );
    sendConfig(child, request);
    return child;
}

/** The configuration holds decrypted secrets: it goes through a pipe, so that no process list shows it. */
function sendConfig(child: ChildProcess, request: pb.RunRequest): void {
    const pipe = child.stdio[3];
    if (pipe !== undefined && pipe !== null && "end" in pipe) {
        pipe.on("error", () => undefined);
        pipe.end(
            JSON.stringify({
                config: Object.fromEntries(request.getConfigMap().toArray()),
                secretKeys: request.getConfigsecretkeysList(),
            }),
        );
    }
}

function runResponse(code: number | null, signal: NodeJS.Signals | null): pb.RunResponse {
    const response = new pb.RunResponse();
    if (code === ALREADY_REPORTED) {
        response.setBail(true);
    } else if (code !== 0) {
        response.setError(
            code === null ? `the program was ended by ${signal}` : `the program exited with code ${code}`,
        );
    }
    return response;
}

function startPlugin(request: pb.RunPluginRequest): ChildProcess {
    const { nodeArgs, command, cwd, env } = pluginLaunch(request);
    return spawn(process.execPath, [...nodeArgs, ...command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

/** How a process of Node.js is started. */
export interface Launch {
    readonly nodeArgs: readonly string[];
    /** Module to run, and its arguments. */
    readonly command: readonly string[];
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
}

/** A policy pack (kind `analyzer`) or a plugin written in TypeScript, with the runner of the SDK that it depends on. */
export function pluginLaunch(request: pb.RunPluginRequest): Launch {
    const info = request.getInfo();
    const directory = info?.getProgramDirectory() || request.getProgram();
    const options = info?.getOptions()?.toJavaScript() ?? {};
    const isPack = isPolicyPack(request);
    const runner = isPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin";
    const args = isPack ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()];
    return {
        nodeArgs: nodeArguments(options.nodeargs),
        command: [createRequire(resolve(directory, "package.json")).resolve(runner), ...args],
        // A policy pack reads package.json in its working directory (@pulumi/policy `policy.js`).
        cwd: isPack ? directory : request.getPwd(),
        env: { ...process.env, ...environment(request.getEnvList()) },
    };
}

export function isPolicyPack(request: pb.RunPluginRequest): boolean {
    return request.getKind() === "analyzer";
}

export function nodeArguments(option: unknown): string[] {
    return typeof option === "string" ? option.split(" ").filter(Boolean) : [];
}

function environment(variables: readonly string[]): Record<string, string> {
    return Object.fromEntries(
        variables.map((variable) => {
            const equals = variable.indexOf("=");
            return [variable.slice(0, equals), variable.slice(equals + 1)];
        }),
    );
}
