/** Runs a provider as the engine's plugin. */
import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type pb from "@pulumi/pulumi/proto/provider_pb.js";
import { Connections } from "./connections.ts";
import { engineLog } from "./engineLog.ts";
import { listen, type PluginServer } from "./listen.ts";
import type { ResourceProvider } from "./provider.ts";
import { providerService } from "./service.ts";

export interface ServedProvider extends PluginServer {
    /** Gives up what is under way. */
    cancel(): void;
}

type Unary = handleUnaryCall<unknown, unknown>;

/** A provider as one run of an engine has it. */
interface Run {
    readonly service: UntypedServiceImplementation;
    cancel(): void;
}

/**
 * Serves on a free port of the loopback interface until it is stopped: one engine that started it, or many that attach to it (`PULUMI_DEBUG_PROVIDERS`).
 * Each has a provider of its own, so that what one configures or cancels is nothing to another.
 * @param create makes a provider that is not configured yet
 * @param engineAddress where log lines go before an engine has named its own; without it they are dropped
 */
export async function serve(create: () => ResourceProvider, engineAddress?: string): Promise<ServedProvider> {
    const runs = new Connections<Run>();
    const runOf = (method: string, call: Parameters<Unary>[0]): Run => {
        if (method !== "handshake") return runs.of(call) ?? runs.begin(call, newRun(create(), engineAddress));
        const address = (call.request as pb.ProviderHandshakeRequest).getEngineAddress();
        return runs.begin(call, newRun(create(), address || engineAddress));
    };
    const methods = Object.keys(newRun(create()).service);
    const service: UntypedServiceImplementation = Object.fromEntries(
        methods.map((method): [string, Unary] => [
            method,
            (call, callback) => (runOf(method, call).service[method] as Unary)(call, callback),
        ]),
    );
    return {
        ...(await listen(services.ResourceProviderService, service)),
        cancel: () => {
            for (const run of runs.all()) run.cancel();
        },
    };
}

function newRun(provider: ResourceProvider, engineAddress?: string): Run {
    const cancellation = new AbortController();
    const cancel = () => cancellation.abort(new Error("the run was cancelled"));
    const log = engineAddress === undefined ? () => undefined : engineLog(engineAddress);
    const service = providerService(provider, {
        log,
        cancelled: cancellation.signal,
        cancel,
        configured: (urn) => log("info", "fallback provider (registries only)", urn),
    });
    return { service, cancel };
}
