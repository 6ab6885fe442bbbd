import { MessageBuilder, type StructBuilder } from "./builder.ts";
import { RpcFault, RpcProtocolError } from "./errors.ts";
import type { Segments } from "./framing.ts";
import { MessageReader, type StructReader } from "./reader.ts";

/**
 * The messages of Cap'n Proto RPC (rpc.capnp in the Cap'n Proto repository) that pass between cloudflared and the edge:
 * Bootstrap, Call, Finish, Release, Abort and Unimplemented arrive; Return and Abort are sent.
 */

const MessageTag = { Unimplemented: 0, Abort: 1, Call: 2, Return: 3, Finish: 4, Release: 6, Bootstrap: 8 } as const;
const TargetTag = { ImportedCap: 0, PromisedAnswer: 1 } as const;
const ReturnTag = { Results: 0, Exception: 1 } as const;
const SENDER_HOSTED = 1;

/** Kinds of `Exception.type` in rpc.capnp. */
export const ExceptionType = { Failed: 0, Overloaded: 1, Disconnected: 2, Unimplemented: 3 } as const;
export type ExceptionType = (typeof ExceptionType)[keyof typeof ExceptionType];

/** What a call is addressed to: a capability that we export, or one that an earlier answer will hold. */
export type CallTarget =
    | { readonly kind: "importedCap"; readonly id: number }
    | { readonly kind: "promisedAnswer"; readonly questionId: number; readonly isTransformed: boolean };

export interface Call {
    readonly kind: "call";
    readonly questionId: number;
    readonly interfaceId: bigint;
    readonly methodId: number;
    readonly target: CallTarget;
    /** False when the peer wants the results elsewhere than with itself (three-party calls, tail calls). */
    readonly resultsToCaller: boolean;
    /** The parameters; undefined when the peer left them null. */
    readonly params: StructReader | undefined;
}

export type InboundMessage =
    | { readonly kind: "bootstrap"; readonly questionId: number }
    | Call
    | { readonly kind: "finish"; readonly questionId: number }
    | { readonly kind: "release"; readonly id: number; readonly count: number }
    | { readonly kind: "abort"; readonly reason: string }
    | { readonly kind: "unimplemented" }
    | { readonly kind: "unsupported"; readonly tag: number };

/**
 * Reads one message.
 *
 * @throws RpcProtocolError when it is malformed or lacks a part that its kind must have.
 */
export function decodeMessage(segments: Segments): InboundMessage {
    const message = new MessageReader(segments).root();
    const tag = message.uint16(0);
    switch (tag) {
        case MessageTag.Bootstrap:
            return { kind: "bootstrap", questionId: body(message, "Bootstrap").uint32(0) };
        case MessageTag.Call:
            return decodeCall(body(message, "Call"));
        case MessageTag.Finish:
            return { kind: "finish", questionId: body(message, "Finish").uint32(0) };
        case MessageTag.Release: {
            const release = body(message, "Release");
            return { kind: "release", id: release.uint32(0), count: release.uint32(4) };
        }
        case MessageTag.Abort:
            return { kind: "abort", reason: body(message, "Abort").text(0) };
        case MessageTag.Unimplemented:
            return { kind: "unimplemented" };
        default:
            return { kind: "unsupported", tag };
    }
}

/** Answers Bootstrap: the bootstrap capability, exported by us as `exportId`. */
export function encodeBootstrapReturn(answerId: number, exportId: number): Buffer {
    const message = new MessageBuilder();
    const payload = beginReturn(message, answerId, ReturnTag.Results).struct(0, 0, 2);
    payload.capability(0, 0);
    const [descriptor] = payload.structs(1, 1, 1, 1);
    descriptor?.uint16(0, SENDER_HOSTED).uint32(4, exportId);
    return message.finish();
}

/** Answers a call with a results struct of the given size, which `write` fills in. */
export function encodeResults(
    answerId: number,
    dataWords: number,
    pointerWords: number,
    write: (results: StructBuilder) => void,
): Buffer {
    const message = new MessageBuilder();
    const payload = beginReturn(message, answerId, ReturnTag.Results).struct(0, 0, 2);
    write(payload.struct(0, dataWords, pointerWords));
    return message.finish();
}

/** Answers a call with an exception: the call itself went wrong, as opposed to an error in its results. */
export function encodeException(answerId: number, type: ExceptionType, reason: string): Buffer {
    const message = new MessageBuilder();
    const exception = beginReturn(message, answerId, ReturnTag.Exception).struct(0, 1, 1);
    exception.uint16(4, type).text(0, reason);
    return message.finish();
}

/** Tells the peer why the whole RPC connection ends. */
export function encodeAbort(reason: string): Buffer {
    const message = new MessageBuilder();
    const abort = message.root(1, 1).uint16(0, MessageTag.Abort).struct(0, 1, 1);
    abort.uint16(4, ExceptionType.Failed).text(0, reason);
    return message.finish();
}

/** Bit 32, `releaseParamCaps`, stays 0: it is stored inverted, and true is what every answer without capabilities wants. */
function beginReturn(message: MessageBuilder, answerId: number, tag: number): StructBuilder {
    const result = message.root(1, 1).uint16(0, MessageTag.Return).struct(0, 2, 1);
    return result.uint32(0, answerId).uint16(6, tag);
}

function decodeCall(call: StructReader): Call {
    const target = call.struct(0);
    if (target === undefined) {
        throw new RpcProtocolError(RpcFault.Content, "Call.target is null");
    }
    return {
        kind: "call",
        questionId: call.uint32(0),
        methodId: call.uint16(4),
        resultsToCaller: call.uint16(6) === 0,
        interfaceId: call.uint64(8),
        target: decodeTarget(target),
        params: call.struct(1)?.struct(0),
    };
}

function decodeTarget(target: StructReader): CallTarget {
    const tag = target.uint16(4);
    if (tag === TargetTag.ImportedCap) {
        return { kind: "importedCap", id: target.uint32(0) };
    }
    if (tag !== TargetTag.PromisedAnswer) {
        throw new RpcProtocolError(RpcFault.Content, `Call.target of unknown kind ${tag}`);
    }
    const answer = target.struct(0);
    if (answer === undefined) {
        throw new RpcProtocolError(RpcFault.Content, "Call.target.promisedAnswer is null");
    }
    return { kind: "promisedAnswer", questionId: answer.uint32(0), isTransformed: answer.count(0) > 0 };
}

function body(message: StructReader, kind: string): StructReader {
    const struct = message.struct(0);
    if (struct === undefined) {
        throw new RpcProtocolError(RpcFault.Content, `${kind} without a body`);
    }
    return struct;
}
