/** Lines in the engine's log (pulumi/pulumi `proto/pulumi/engine.proto`). */
import { credentials } from "@grpc/grpc-js";
import type { LogSeverity } from "./provider.ts";

export type EngineLog = (severity: LogSeverity, message: string, urn?: string) => void;

/**
 * A function that logs to the engine at `address`, one line after the other. The client is loaded with the first line, after the plugin has
 * reported its port, and no connection is kept: a process that serves many engines would have one to each. A line that cannot be delivered
 * is dropped, since the engine that would show it is gone.
 */
export function engineLog(address: string): EngineLog {
    let said: Promise<void> = Promise.resolve();
    return (severity, message, urn = "") => {
        said = said.then(() => say(address, severity, message, urn)).catch(() => undefined);
    };
}

async function say(address: string, severity: LogSeverity, message: string, urn: string): Promise<void> {
    const { default: pb } = await import("@pulumi/pulumi/proto/engine_pb.js");
    const { default: services } = await import("@pulumi/pulumi/proto/engine_grpc_pb.js");
    const severities = {
        debug: pb.LogSeverity.DEBUG,
        info: pb.LogSeverity.INFO,
        warning: pb.LogSeverity.WARNING,
        error: pb.LogSeverity.ERROR,
    } as const satisfies Record<LogSeverity, unknown>;
    const request = new pb.LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    const client = new services.EngineClient(address, credentials.createInsecure());
    await new Promise<void>((resolve) => client.log(request, () => resolve()));
    client.close();
}
