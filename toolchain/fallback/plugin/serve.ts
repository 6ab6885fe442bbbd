/**
 * Runs a provider as the engine's plugin: listens on a free port of the loopback interface, writes the port's number as the
 * first line of standard output, and ends when the engine does.
 */
import { flushCompileCache } from "node:module";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { endWithParent } from "./endWithParent.ts";
import { engineLog } from "./engineLog.ts";
import type { ResourceProvider } from "./provider.ts";
import { providerService } from "./service.ts";

/** Largest message, as the engine's own limit: 400 MB (pulumi/pulumi `sdk/go/common/util/rpcutil`). */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves until the process is ended. The engine passes its own address as the only argument.
 * @returns the port
 */
export async function serve(
    provider: ResourceProvider,
    args: readonly string[] = process.argv.slice(2),
): Promise<number> {
    const engineAddress = args.find((arg) => !arg.startsWith("-"));
    const cancellation = new AbortController();
    const cancel = () => cancellation.abort(new Error("the run was cancelled"));
    const log = engineAddress === undefined ? () => undefined : engineLog(engineAddress);

    const server = new Server({
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
        "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
    server.addService(
        services.ResourceProviderService,
        providerService(provider, {
            log,
            cancelled: cancellation.signal,
            cancel,
            configured: (urn) => log("info", "fallback provider (registries only)", urn),
        }),
    );
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        );
    });
    endWithParent(cancel);
    process.stdout.write(`${port}\n`);
    // The engine ends plugins with SIGKILL, so the cache that Node writes at exit would never come to be.
    flushCompileCache();
    return port;
}
