import { RpcFault, RpcProtocolError } from "./errors.ts";
import { MAX_MESSAGE_BYTES, MessageAssembler } from "./framing.ts";
import {
    type Call,
    decodeMessage,
    ExceptionType,
    encodeBootstrapReturn,
    encodeException,
    type InboundMessage,
} from "./messages.ts";
import type { StructReader } from "./reader.ts";
import {
    decodeRegisterConnection,
    decodeUpdateLocalConfiguration,
    encodeEmptyResults,
    encodeRegistrationOutcome,
    REGISTRATION_SERVER,
    type RegisterConnectionRequest,
    RegistrationMethod,
    type RegistrationOutcome,
} from "./registration.ts";

/** The one capability that we export: our RegistrationServer. */
const BOOTSTRAP_EXPORT = 0;

/** Most answers that a peer may leave unfinished; cloudflared has two at a time. */
const MAX_OPEN_ANSWERS = 32;

/** Largest message of a peer whose credentials are not checked yet: 64 KiB. cloudflared registers with 552 bytes. */
const MAX_UNREGISTERED_BYTES = 64 * 1024;

/** What the edge does when a connector calls. Answers are immediate: they depend on the directory alone. */
export interface RegistrationHandler {
    registerConnection(request: RegisterConnectionRequest): RegistrationOutcome;
    unregisterConnection(): void;
    updateLocalConfiguration(config: Uint8Array): void;
}

/**
 * The edge's end of one control stream: Cap'n Proto RPC, level 1, as far as one bootstrap capability without callbacks
 * needs it. Bytes go in through `receive`, answers leave through the `send` function, in the order of the calls.
 */
export class RegistrationServer {
    readonly #handler: RegistrationHandler;
    readonly #send: (message: Buffer) => void;
    readonly #assembler = new MessageAssembler();
    /** Questions of the peer that it has not finished; true for those whose answer holds our capability. */
    readonly #openAnswers = new Map<number, boolean>();
    #hasRegistered = false;
    #isOver = false;

    constructor(handler: RegistrationHandler, send: (message: Buffer) => void) {
        this.#handler = handler;
        this.#send = send;
        this.#assembler.maxMessageBytes = MAX_UNREGISTERED_BYTES;
    }

    /**
     * Takes the next bytes of the control stream.
     *
     * @throws RpcProtocolError when the peer broke the protocol; the control stream must be closed then.
     */
    receive(chunk: Uint8Array): void {
        for (const segments of this.#assembler.push(chunk)) {
            if (!this.#isOver) {
                this.#dispatch(decodeMessage(segments));
            }
        }
    }

    /**
     * Tells the server that the stream has ended.
     *
     * @throws RpcProtocolError when it ended inside a message.
     */
    end(): void {
        if (!this.#isOver && this.#assembler.pendingBytes > 0) {
            throw new RpcProtocolError(
                RpcFault.Framing,
                `stream ended with ${this.#assembler.pendingBytes} bytes of an unfinished message`,
            );
        }
    }

    #dispatch(message: InboundMessage): void {
        switch (message.kind) {
            case "bootstrap":
                this.#openAnswer(message.questionId, true);
                this.#send(encodeBootstrapReturn(message.questionId, BOOTSTRAP_EXPORT));
                return;
            case "call":
                this.#openAnswer(message.questionId, false);
                this.#send(this.#answer(message));
                return;
            case "finish":
                this.#openAnswers.delete(message.questionId);
                return;
            case "abort":
                this.#isOver = true;
                return;
            case "release": // The capability lives as long as the stream, so references to it need no count.
            case "unimplemented": // Sent back to us about a Return, which leaves nothing to undo.
                return;
            case "unsupported":
                throw new RpcProtocolError(
                    RpcFault.Protocol,
                    `message of kind ${message.tag}, which a connector never needs`,
                );
        }
    }

    #openAnswer(questionId: number, holdsCapability: boolean): void {
        if (this.#openAnswers.has(questionId)) {
            throw new RpcProtocolError(
                RpcFault.Protocol,
                `question ${questionId} was asked again before it was finished`,
            );
        }
        if (this.#openAnswers.size >= MAX_OPEN_ANSWERS) {
            throw new RpcProtocolError(RpcFault.Limit, `more than ${MAX_OPEN_ANSWERS} questions are unfinished`);
        }
        this.#openAnswers.set(questionId, holdsCapability);
    }

    #answer(call: Call): Buffer {
        const { questionId, interfaceId, methodId } = call;
        if (!call.resultsToCaller) {
            return encodeException(questionId, ExceptionType.Unimplemented, "results can only be sent to the caller");
        }
        if (!this.#isOurCapability(call)) {
            return encodeException(
                questionId,
                ExceptionType.Failed,
                "call on a capability that this edge did not give",
            );
        }
        if (interfaceId !== REGISTRATION_SERVER) {
            const name = `0x${interfaceId.toString(16)}`;
            return encodeException(questionId, ExceptionType.Unimplemented, `interface ${name} is not served here`);
        }
        switch (methodId) {
            case RegistrationMethod.RegisterConnection:
                return this.#register(call);
            case RegistrationMethod.UnregisterConnection:
                return this.#whenRegistered(call, () => this.#handler.unregisterConnection());
            case RegistrationMethod.UpdateLocalConfiguration:
                return this.#whenRegistered(call, () => {
                    this.#handler.updateLocalConfiguration(decodeUpdateLocalConfiguration(requireParams(call)));
                });
            default:
                return encodeException(
                    questionId,
                    ExceptionType.Unimplemented,
                    `method ${methodId} is not served here`,
                );
        }
    }

    #register(call: Call): Buffer {
        const request = decodeRegisterConnection(requireParams(call));
        if (this.#hasRegistered) {
            return encodeException(call.questionId, ExceptionType.Failed, "this connection is registered already");
        }
        const outcome = this.#handler.registerConnection(request);
        if (outcome.kind === "registered") {
            this.#hasRegistered = true;
            this.#assembler.maxMessageBytes = MAX_MESSAGE_BYTES;
        }
        return encodeRegistrationOutcome(call.questionId, outcome);
    }

    #whenRegistered(call: Call, act: () => void): Buffer {
        if (!this.#hasRegistered) {
            return encodeException(call.questionId, ExceptionType.Failed, "this connection is not registered");
        }
        act();
        return encodeEmptyResults(call.questionId);
    }

    /** The bootstrap capability is addressed by its answer before that has arrived, and by its export number after. */
    #isOurCapability({ target }: Call): boolean {
        return target.kind === "importedCap"
            ? target.id === BOOTSTRAP_EXPORT
            : !target.isTransformed && this.#openAnswers.get(target.questionId) === true;
    }
}

function requireParams(call: Call): StructReader {
    if (call.params === undefined) {
        throw new RpcProtocolError(RpcFault.Content, `method ${call.methodId}: parameters are null`);
    }
    return call.params;
}
