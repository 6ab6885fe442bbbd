/** Errors of handlers as gRPC answers that the engine understands. */
import { status as grpcStatus, Metadata, type ServiceError } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { anyPb, structPb } from "./protobuf.ts";
import type { ResourceInitError } from "./provider.ts";
import type { WireMap } from "./values.ts";

/** A {@link ResourceInitError} on its way to the engine, its secrets sealed. */
export class InitFailure extends Error {
    readonly status: Buffer;

    constructor({ id, message, reasons }: ResourceInitError, outputs: WireMap, inputs: WireMap) {
        super(message);
        this.name = "InitFailure";
        this.status = initFailedStatus(id, message, reasons, outputs, inputs);
    }
}

/**
 * The code is UNKNOWN, as with the official providers: the engine then takes the resource's state as not known for sure.
 * An {@link InitFailure} carries the live resource as a detail, in the trailer that gRPC reserves for it.
 */
export function toServiceError(error: unknown): Partial<ServiceError> {
    const details = error instanceof Error ? error.message : String(error);
    if (!(error instanceof InitFailure)) {
        return { code: grpcStatus.UNKNOWN, details };
    }
    const metadata = new Metadata();
    metadata.add("grpc-status-details-bin", error.status);
    return { code: grpcStatus.UNKNOWN, details, metadata };
}

function initFailedStatus(
    id: string,
    message: string,
    reasons: readonly string[],
    outputs: WireMap,
    inputs: WireMap,
): Buffer {
    const failed = new pb.ErrorResourceInitFailed();
    failed.setId(id);
    failed.setProperties(structPb.Struct.fromJavaScript(outputs));
    failed.setInputs(structPb.Struct.fromJavaScript(inputs));
    failed.setReasonsList([...reasons]);
    const detail = new anyPb.Any();
    detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statusPb.Status();
    status.setCode(grpcStatus.UNKNOWN);
    status.setMessage(message);
    status.addDetails(detail);
    return Buffer.from(status.serializeBinary());
}
