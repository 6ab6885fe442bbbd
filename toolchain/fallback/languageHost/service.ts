/**
 * The language host's protocol (pulumi/pulumi `proto/pulumi/language.proto`), as far as preview, update, refresh, destroy
 * and policy packs need it. What is not here answers UNIMPLEMENTED: code generation and the installation of dependencies.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import npmPackage from "@pulumi/pulumi/package.json" with { type: "json" };
import pb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import { emptyPb } from "../plugin/protobuf.ts";

/** `cmd/run` ends with this code after it has told the user what went wrong (@pulumi/pulumi `cmd/run/index.js`). */
const ALREADY_REPORTED = 32;

const PROGRAM = fileURLToPath(import.meta.resolve("./program.ts"));

export interface LanguageService {
    readonly service: UntypedServiceImplementation;
    /** Ends the programs under way. */
    cancel(): void;
}

export function languageService(engineAddress: string): LanguageService {
    const children = new Set<ChildProcess>();
    const track = (child: ChildProcess): ChildProcess => {
        children.add(child);
        return child.once("close", () => children.delete(child));
    };
    const cancel = () => {
        for (const child of children) {
            child.kill("SIGKILL");
        }
    };

    return {
        cancel,
        service: {
            handshake: answer(() => new pb.LanguageHandshakeResponse()),
            getPluginInfo: answer(() => {
                const info = new pluginPb.PluginInfo();
                info.setVersion(npmPackage.version);
                return info;
            }),
            about: answer(() => {
                const response = new pb.AboutResponse();
                response.setExecutable(process.execPath);
                response.setVersion(process.version);
                return response;
            }),
            // Empty: the engine then takes each package's version from the program's own requests.
            getRequiredPackages: answer(() => new pb.GetRequiredPackagesResponse()),
            getRequiredPlugins: answer(() => new pb.GetRequiredPluginsResponse()),
            getProgramDependencies: answer(() => new pb.GetProgramDependenciesResponse()),
            cancel: answer(() => {
                cancel();
                return new emptyPb.Empty();
            }),
            run: (call: ServerUnaryCall<pb.RunRequest, pb.RunResponse>, callback: sendUnaryData<pb.RunResponse>) => {
                const child = track(runProgram(call.request, engineAddress));
                call.once("cancelled", () => child.kill("SIGKILL"));
                child.once("error", (error) => callback(error));
                child.once("close", (code, signal) => callback(null, runResponse(code, signal)));
            },
            runPlugin: (call: ServerWritableStream<pb.RunPluginRequest, pb.RunPluginResponse>) => {
                const child = track(runPlugin(call.request));
                call.once("cancelled", () => child.kill("SIGINT"));
                child.stdout?.on("data", (chunk: Buffer) => call.write(output("setStdout", chunk)));
                child.stderr?.on("data", (chunk: Buffer) => call.write(output("setStderr", chunk)));
                child.once("error", (error) => call.emit("error", error));
                child.once("close", (code) => {
                    const response = new pb.RunPluginResponse();
                    response.setExitcode(code ?? 1);
                    call.write(response);
                    call.end();
                });
            },
        },
    };
}

function answer<Request, Response>(respond: (request: Request) => Response) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) =>
        callback(null, respond(call.request));
}

/** Starts `@pulumi/pulumi`'s own runner; what the program prints goes to the engine through this process's output. */
function runProgram(request: pb.RunRequest, engineAddress: string): ChildProcess {
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

/** Starts a policy pack (kind `analyzer`) or a plugin written in TypeScript, with the runner of the SDK that it depends on. */
function runPlugin(request: pb.RunPluginRequest): ChildProcess {
    const info = request.getInfo();
    const directory = info?.getProgramDirectory() || request.getProgram();
    const isPolicyPack = request.getKind() === "analyzer";
    const runner = isPolicyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin";
    const options = info?.getOptions()?.toJavaScript() ?? {};
    return spawn(
        process.execPath,
        [
            ...nodeArguments(options.nodeargs),
            createRequire(resolve(directory, "package.json")).resolve(runner),
            ...(isPolicyPack ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()]),
        ],
        {
            // A policy pack reads package.json in its working directory (@pulumi/policy `policy.js`).
            cwd: isPolicyPack ? directory : request.getPwd(),
            env: { ...process.env, ...environment(request.getEnvList()) },
            stdio: ["ignore", "pipe", "pipe"],
        },
    );
}

function nodeArguments(option: unknown): string[] {
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

function output(setter: "setStdout" | "setStderr", chunk: Buffer): pb.RunPluginResponse {
    const response = new pb.RunPluginResponse();
    response[setter](chunk);
    return response;
}
