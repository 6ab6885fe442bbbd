/**
 * The language host's protocol (pulumi/pulumi `proto/pulumi/language.proto`), as far as preview, update, refresh, destroy
 * policy packs and component packages need it. What is not here answers UNIMPLEMENTED, code generation above all.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import npmPackage from "@pulumi/pulumi/package.json" with { type: "json" };
import pb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import { Connections } from "../plugin/connections.ts";
import { emptyPb } from "../plugin/protobuf.ts";

/** Hears what a plugin prints. */
export interface PluginOutput {
    stdout(chunk: Buffer): void;
    stderr(chunk: Buffer): void;
}

/** How programs and plugins are run. Whatever runs ends when its signal is given. */
export interface Runtime {
    run(request: pb.RunRequest, engineAddress: string, cancelled: AbortSignal): Promise<pb.RunResponse>;
    /** @returns the plugin's exit code. */
    runPlugin(request: pb.RunPluginRequest, output: PluginOutput, cancelled: AbortSignal): Promise<number>;
}

export interface LanguageService {
    readonly service: UntypedServiceImplementation;
    /** Ends what is under way. */
    cancel(): void;
}

/** @param engineAddress the engine that started the host; one that attaches to it names its own in the handshake. */
export function languageService(runtime: Runtime, engineAddress = ""): LanguageService {
    const engines = new Connections<Engine>();
    const engineOf = (call: ServerCall) => engines.of(call) ?? engines.begin(call, new Engine(engineAddress));

    return {
        cancel: () => {
            for (const engine of engines.all()) engine.cancel();
        },
        service: {
            handshake: (call: ServerUnaryCall<pb.LanguageHandshakeRequest, unknown>, callback: Callback) => {
                engines.begin(call, new Engine(call.request.getEngineAddress()));
                callback(null, new pb.LanguageHandshakeResponse());
            },
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
            installDependencies: (call: ServerWritableStream<pb.InstallDependenciesRequest, unknown>) => {
                const folder = call.request.getInfo()?.getProgramDirectory() ?? "";
                const missing = missingPackages(folder);
                if (missing.length === 0) call.end();
                else
                    call.emit(
                        "error",
                        new Error(`${missing.join(", ")} cannot be found. Run "npm install" in ${folder}.`),
                    );
            },
            cancel: (call: ServerUnaryCall<unknown, unknown>, callback: Callback) => {
                engineOf(call).cancel();
                callback(null, new emptyPb.Empty());
            },
            run: (call: ServerUnaryCall<pb.RunRequest, pb.RunResponse>, callback: sendUnaryData<pb.RunResponse>) => {
                const engine = engineOf(call);
                engine
                    .under(call, (cancelled) => runtime.run(call.request, engine.address, cancelled))
                    .then(
                        (response) => callback(null, response),
                        (error: Error) => callback(error),
                    );
            },
            runPlugin: (call: ServerWritableStream<pb.RunPluginRequest, pb.RunPluginResponse>) => {
                const output: PluginOutput = {
                    stdout: (chunk) => call.write(printed("setStdout", chunk)),
                    stderr: (chunk) => call.write(printed("setStderr", chunk)),
                };
                engineOf(call)
                    .under(call, (cancelled) => runtime.runPlugin(call.request, output, cancelled))
                    .then(
                        (code) => {
                            const response = new pb.RunPluginResponse();
                            response.setExitcode(code);
                            call.write(response);
                            call.end();
                        },
                        (error: Error) => call.emit("error", error),
                    );
            },
        },
    };
}

/** Packages that a folder's `package.json` asks for and Node does not find from there. This host fetches nothing. */
function missingPackages(folder: string): string[] {
    const load = createRequire(join(folder, "package.json"));
    const { dependencies = {} } = load("./package.json") as { dependencies?: Record<string, string> };
    const places = load.resolve.paths("package") ?? [];
    return Object.keys(dependencies).filter((name) => !places.some((place) => existsSync(join(place, name))));
}

type Callback = sendUnaryData<unknown>;
type ServerCall = Pick<ServerUnaryCall<unknown, unknown>, "getPeer" | "once">;

/** An engine that the host serves, with what it has under way. */
class Engine {
    readonly address: string;
    readonly #underWay = new Set<AbortController>();

    constructor(address: string) {
        this.address = address;
    }

    /** Does what a call asks for, until the call or the engine's whole run is cancelled. */
    async under<T>(call: ServerCall, work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
        const cancellation = new AbortController();
        this.#underWay.add(cancellation);
        call.once("cancelled", () => cancellation.abort());
        try {
            return await work(cancellation.signal);
        } finally {
            this.#underWay.delete(cancellation);
        }
    }

    cancel(): void {
        for (const one of this.#underWay) one.abort();
    }
}

function answer(respond: () => unknown) {
    return (_: ServerUnaryCall<unknown, unknown>, callback: Callback) => callback(null, respond());
}

function printed(setter: "setStdout" | "setStderr", chunk: Buffer): pb.RunPluginResponse {
    const response = new pb.RunPluginResponse();
    response[setter](chunk);
    return response;
}
