/** The engine as a program sees it: it takes every registration and log line, and answers nothing but what it has to. */
import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import engine from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import monitor from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";

export interface FakeMonitor extends AsyncDisposable {
    readonly address: string;
    /** What programs logged, but for what is for debugging. */
    readonly said: readonly string[];
}

export async function startMonitor(): Promise<FakeMonitor> {
    const supported = new pb.SupportsFeatureResponse();
    supported.setHassupport(true);
    const registered = new pb.RegisterResourceResponse();
    registered.setUrn("urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev");
    const server = new Server();
    const said: string[] = [];
    const answers = emptyAnswers(engine.EngineService);
    server.addService(engine.EngineService, {
        ...answers,
        log: ((call, callback) => {
            if (call.request.getSeverity() !== enginePb.LogSeverity.DEBUG) said.push(call.request.getMessage());
            answers.log?.(call, callback);
        }) satisfies handleUnaryCall<enginePb.LogRequest, unknown>,
    });
    server.addService(monitor.ResourceMonitorService, {
        ...emptyAnswers(monitor.ResourceMonitorService),
        supportsFeature: ((_, callback) => callback(null, supported)) satisfies handleUnaryCall<unknown, unknown>,
        registerResource: ((_, callback) => callback(null, registered)) satisfies handleUnaryCall<unknown, unknown>,
    });
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        );
    });
    return {
        address: `127.0.0.1:${port}`,
        said,
        async [Symbol.asyncDispose]() {
            server.forceShutdown();
        },
    };
}

function emptyAnswers(definition: ServiceDefinition): Record<string, handleUnaryCall<unknown, unknown>> {
    return Object.fromEntries(
        Object.entries(definition).map(([name, { responseDeserialize }]) => [
            name,
            (_, callback) => callback(null, responseDeserialize(Buffer.alloc(0))),
        ]),
    );
}
