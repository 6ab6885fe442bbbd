/** Runs a provider as the engine's plugin. */
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { engineLog } from "./engineLog.ts";
import { listen, type PluginServer } from "./listen.ts";
import type { ResourceProvider } from "./provider.ts";
import { providerService } from "./service.ts";

export interface ServedProvider extends PluginServer {
    /** Gives up what is under way. */
    cancel(): void;
}

/**
 * Serves on a free port of the loopback interface until it is stopped.
 * @param engineAddress where log lines go; without it they are dropped
 */
export async function serve(provider: ResourceProvider, engineAddress?: string): Promise<ServedProvider> {
    const cancellation = new AbortController();
    const cancel = () => cancellation.abort(new Error("the run was cancelled"));
    const log = engineAddress === undefined ? () => undefined : engineLog(engineAddress);
    const service = providerService(provider, {
        log,
        cancelled: cancellation.signal,
        cancel,
        configured: (urn) => log("info", "fallback provider (registries only)", urn),
    });
    return { ...(await listen(services.ResourceProviderService, service)), cancel };
}
