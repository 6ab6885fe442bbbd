import type { Socket } from "node:net";
import {
    authenticationStatus,
    type Credentials,
    Method,
    methodSelection,
    type Read,
    type Reply,
    readCredentials,
    readGreeting,
    readRequest,
    requestReply,
    type SocksRequest,
} from "./messages.ts";

/** How long a client that was turned away may be silent before it is cut off. */
const GOODBYE_MS = 2_000;

/** The client went, or took too long, before it had said what it wants. */
export class ConversationEndedError extends Error {
    override readonly name = "ConversationEndedError";
}

/** What comes before the bytes of the connection itself: who the client is, and what it asks for (RFC 1928, 1929). */
export class SocksConversation {
    readonly #socket: Socket;
    #received = Buffer.alloc(0);

    constructor(socket: Socket) {
        this.#socket = socket;
    }

    /**
     * Lets the client log in.
     *
     * @returns undefined for a client that offers no log-in with user name and password; it has been told so.
     * @throws SocksProtocolError, ConversationEndedError
     */
    async credentials(): Promise<Credentials | undefined> {
        const methods = await this.#next(readGreeting);
        if (!methods.includes(Method.UserPassword)) {
            this.#last(methodSelection(Method.NoneAcceptable));
            return undefined;
        }
        this.#socket.write(methodSelection(Method.UserPassword));
        return this.#next(readCredentials);
    }

    /** Tells the client that it is who it says, and hears what it wants. @throws SocksProtocolError, ConversationEndedError */
    async request(): Promise<SocksRequest> {
        this.#socket.write(authenticationStatus(true));
        return this.#next(readRequest);
    }

    /** Tells the client that its credentials are not good, and ends the conversation, as RFC 1929 wants it. */
    rejectCredentials(): void {
        this.#last(authenticationStatus(false));
    }

    /** Answers the request with a no. */
    refuse(reply: Reply): void {
        this.#last(requestReply(reply));
    }

    /** Answers the request; what the client has said meanwhile already belongs to the connection. */
    accept(reply: Reply): void {
        this.#socket.write(requestReply(reply));
        if (this.#received.length > 0) {
            this.#socket.unshift(this.#received);
        }
    }

    /** Says the last thing, and waits a little for the client to end its side, too. */
    #last(bytes: Buffer): void {
        this.#socket.setTimeout(GOODBYE_MS, () => this.#socket.destroy());
        this.#socket.end(bytes);
        this.#socket.resume();
    }

    /** The messages' own lengths bound what is kept: a byte says how long each part is. */
    async #next<Message>(read: (bytes: Buffer) => Read<Message>): Promise<Message> {
        for (;;) {
            const found = read(this.#received);
            if (found !== undefined) {
                this.#received = this.#received.subarray(found.length);
                return found.message;
            }
            this.#received = Buffer.concat([this.#received, await this.#more()]);
        }
    }

    #more(): Promise<Buffer> {
        const socket = this.#socket;
        return new Promise((resolve, reject) => {
            const look = () => {
                const chunk: Buffer | null = socket.read();
                if (chunk !== null) {
                    forget();
                    resolve(chunk);
                }
            };
            const over = () => {
                forget();
                reject(new ConversationEndedError("the client ended the connection"));
            };
            const forget = () => socket.off("readable", look).off("end", over).off("close", over);
            socket.on("readable", look).once("end", over).once("close", over);
            if (socket.readableEnded || socket.destroyed) {
                over();
            } else {
                look();
            }
        });
    }
}
