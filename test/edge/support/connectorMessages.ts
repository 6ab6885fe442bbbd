import { MessageBuilder, type StructBuilder } from "../../../emulator/edge/rpc/builder.ts";
import { MessageAssembler } from "../../../emulator/edge/rpc/framing.ts";
import { MessageReader } from "../../../emulator/edge/rpc/reader.ts";
import type { RegisterConnectionRequest } from "../../../emulator/edge/rpc/registration.ts";

/** The connector's half of the RPC: what cloudflared writes, and how it reads the answers. */

export const REGISTRATION_SERVER = 0xf71695ec7fe85497n;

export const REQUEST: RegisterConnectionRequest = {
    accountTag: "0123456789abcdef0123456789abcdef",
    tunnelSecret: Buffer.alloc(32, 7),
    tunnelId: "6e1ab0f2-9c1f-4d61-8b2f-0f4ee9d0a111",
    connIndex: 0,
    replaceExisting: false,
    numPreviousAttempts: 0,
    client: {
        id: "a7f1c7d4-3a87-4f0e-b0a9-2f2f6c1d0001",
        features: ["allow_remote_config", "serialized_headers"],
        version: "2025.2.0",
        arch: "linux_amd64",
    },
};

export function bootstrap(questionId: number): Buffer {
    return message(8, (root) => root.struct(0, 1, 1).uint32(0, questionId));
}

export type CallTarget = { promisedAnswer: number; transform?: boolean } | { importedCap: number };

export interface CallOptions {
    readonly questionId: number;
    readonly target?: CallTarget;
    readonly methodId?: number;
    readonly interfaceId?: bigint;
    readonly sendResultsTo?: number;
}

/** A call whose parameters `write` makes: struct sizes first, since the two differ from method to method. */
export function call(options: CallOptions, params: (payload: StructBuilder) => void): Buffer {
    return message(2, (root) => {
        const body = root.struct(0, 3, 3);
        body.uint32(0, options.questionId)
            .uint16(4, options.methodId ?? 0)
            .uint16(6, options.sendResultsTo ?? 0)
            .uint64(8, options.interfaceId ?? REGISTRATION_SERVER);
        const target = options.target ?? { promisedAnswer: 0 };
        const written = body.struct(0, 1, 1);
        if ("importedCap" in target) {
            written.uint32(0, target.importedCap);
        } else {
            const answer = written.uint16(4, 1).struct(0, 1, 1).uint32(0, target.promisedAnswer);
            // cloudflared writes an empty list here, not a null pointer.
            answer.structs(0, target.transform ? 1 : 0, 1, 0)[0]?.uint16(0, 1);
        }
        params(body.struct(1, 0, 2));
    });
}

export function registerConnection(options: CallOptions, request: RegisterConnectionRequest = REQUEST): Buffer {
    return call(options, (payload) => {
        const params = payload.struct(0, 1, 3).uint8(0, request.connIndex);
        params.struct(0, 0, 2).text(0, request.accountTag).data(1, request.tunnelSecret);
        params.data(1, uuid(request.tunnelId));
        const written = params.struct(2, 1, 2).bool(0, request.replaceExisting).uint8(2, request.numPreviousAttempts);
        written
            .struct(0, 0, 4)
            .data(0, uuid(request.client.id))
            .texts(1, request.client.features)
            .text(2, request.client.version)
            .text(3, request.client.arch);
        written.data(1, Buffer.from("00000000000000000000ffff7f000001", "hex"));
    });
}

export function unregisterConnection(questionId: number): Buffer {
    return call({ questionId, methodId: 1, target: { importedCap: 0 } }, (payload) => payload.struct(0, 0, 0));
}

export function updateLocalConfiguration(questionId: number, config: string): Buffer {
    return call({ questionId, methodId: 2, target: { importedCap: 0 } }, (payload) =>
        payload.struct(0, 0, 1).data(0, Buffer.from(config)),
    );
}

export function finish(questionId: number): Buffer {
    return message(4, (root) => root.struct(0, 1, 0).uint32(0, questionId).bool(32, true));
}

export function release(id: number): Buffer {
    return message(6, (root) => root.struct(0, 1, 0).uint32(0, id).uint32(4, 1));
}

export function abort(reason: string): Buffer {
    return message(1, (root) => root.struct(0, 1, 1).text(0, reason));
}

/** A message of any kind with an empty body. */
export function ofKind(tag: number): Buffer {
    return message(tag, (root) => root.struct(0, 1, 1));
}

export type Answer =
    | { kind: "capability"; answerId: number }
    | { kind: "empty"; answerId: number }
    | { kind: "registered"; answerId: number; connectionId: string; location: string; isRemotelyManaged: boolean }
    | { kind: "refused"; answerId: number; cause: string; shouldRetry: boolean; retryAfterNs: bigint }
    | { kind: "exception"; answerId: number; type: number; reason: string }
    | { kind: "abort"; reason: string };

/** Reads the edge's answers off the stream, as a connector does; `registrations` are the questions that asked to register. */
export class AnswerReader {
    readonly #assembler = new MessageAssembler();

    push(chunk: Uint8Array): Answer[] {
        return this.#assembler.push(chunk).map((segments) => readAnswer(new MessageReader(segments)));
    }
}

function readAnswer(reader: MessageReader): Answer {
    const root = reader.root();
    const body = root.struct(0);
    if (root.uint16(0) === 1) {
        return { kind: "abort", reason: body?.text(0) ?? "" };
    }
    const answerId = body?.uint32(0) ?? -1;
    if (body?.uint16(6) === 1) {
        const exception = body.struct(0);
        return {
            kind: "exception",
            answerId,
            type: exception?.uint16(4) ?? -1,
            reason: exception?.text(0) ?? "",
        };
    }
    const payload = body?.struct(0);
    if (payload !== undefined && payload.count(1) > 0) {
        return { kind: "capability", answerId };
    }
    const response = payload?.struct(0)?.struct(0);
    if (response === undefined) {
        return { kind: "empty", answerId };
    }
    const result = response.struct(0);
    if (response.uint16(0) === 0) {
        return {
            kind: "refused",
            answerId,
            cause: result?.text(0) ?? "",
            shouldRetry: result?.bool(64) ?? false,
            retryAfterNs: result?.uint64(0) ?? -1n,
        };
    }
    return {
        kind: "registered",
        answerId,
        connectionId: Buffer.from(result?.data(0) ?? []).toString("hex"),
        location: result?.text(1) ?? "",
        isRemotelyManaged: result?.bool(0) ?? false,
    };
}

function message(tag: number, write: (root: StructBuilder) => void): Buffer {
    const builder = new MessageBuilder();
    write(builder.root(1, 1).uint16(0, tag));
    return builder.finish();
}

function uuid(text: string): Buffer {
    return Buffer.from(text.replaceAll("-", ""), "hex");
}
