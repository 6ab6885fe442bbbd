/** Lines in the engine's log (pulumi/pulumi `proto/pulumi/engine.proto`). */
import { credentials } from "@grpc/grpc-js";
import type { LogSeverity } from "./provider.ts";

export type EngineLog = (severity: LogSeverity, message: string, urn?: string) => void;

/**
 * A function that logs to the engine at `address`. The client is loaded with the first line, after the plugin has
 * reported its port; a line that cannot be delivered is dropped, since the engine that would show it is gone.
 */
export function engineLog(address: string): EngineLog {
    let connecting: ReturnType<typeof connect> | undefined;
    return (severity, message, urn = "") => {
        connecting ??= connect(address);
        connecting.then(
            (send) => send(severity, message, urn),
            () => undefined,
        );
    };
}

async function connect(address: string) {
    const { default: pb } = await import("@pulumi/pulumi/proto/engine_pb.js");
    const { default: services } = await import("@pulumi/pulumi/proto/engine_grpc_pb.js");
    const client = new services.EngineClient(address, credentials.createInsecure());
    const severities = {
        debug: pb.LogSeverity.DEBUG,
        info: pb.LogSeverity.INFO,
        warning: pb.LogSeverity.WARNING,
        error: pb.LogSeverity.ERROR,
    } as const satisfies Record<LogSeverity, unknown>;
    return (severity: LogSeverity, message: string, urn: string) => {
        const request = new pb.LogRequest();
        request.setSeverity(severities[severity]);
        request.setMessage(message);
        request.setUrn(urn);
        client.log(request, () => undefined);
    };
}
