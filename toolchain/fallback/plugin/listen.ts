/** A gRPC server as the engine expects one of a plugin. */
import { flushCompileCache } from "node:module";
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { endWithParent } from "./endWithParent.ts";

/** Largest message, as the engine's own limit: 400 MB (pulumi/pulumi `sdk/go/common/util/rpcutil`). */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export interface PluginServer {
    readonly port: number;
    stop(): Promise<void>;
}

/** Serves on a free port of the loopback interface. */
export async function listen(
    definition: ServiceDefinition,
    service: UntypedServiceImplementation,
): Promise<PluginServer> {
    const server = new Server({
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
        "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
    server.addService(definition, service);
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error === null ? resolve(bound) : reject(error),
        );
    });
    return { port, stop: () => new Promise((resolve) => server.tryShutdown(() => resolve())) };
}

/**
 * Reports the port as the first line of standard output, as the engine waits for it, and ends when the engine does.
 * @param cancel gives up what is under way
 */
export function report({ port, stop }: PluginServer, cancel: () => void): void {
    endWithParent(() => {
        cancel();
        return stop();
    });
    process.stdout.write(`${port}\n`);
    // Written now: at a killed process's end, Node would not get to it.
    flushCompileCache();
}
