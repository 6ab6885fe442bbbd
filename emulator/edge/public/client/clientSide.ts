import type { IncomingHttpHeaders } from "node:http";
import type { Readable, Writable } from "node:stream";
import type { ResponseHeaders } from "../responseHeaders.ts";
import type { ConnectionFacts } from "./connectionFacts.ts";

/** A request of a client and the way back to it, over one version of HTTP. */
export interface ClientSide {
    /** What is the same for every request of the client's connection. */
    readonly connection: ConnectionFacts;
    readonly method: string;
    /** Of the request line, or `:path`. */
    readonly url: string;
    /** Host and port that the request names; undefined when it names none, or several. */
    readonly authority: string | undefined;
    readonly headers: IncomingHttpHeaders;
    /** Names and values in turn, as they came. */
    readonly rawHeaders: readonly string[];
    /** Those that have come so far, after the body. */
    readonly trailers: NodeJS.Dict<string | string[]>;
    /** True when the client said with its headers that nothing follows. */
    readonly hasNoBody: boolean;
    readonly body: Readable;
    /** Takes the body of the answer, once `beginBody` was called. */
    readonly answer: Writable;
    /** True once the client may have seen status and headers. */
    readonly isHeadSent: boolean;
    /** Calls back once the answer is sent, or the client has gone. */
    onClose(listener: () => void): void;
    /** Asks for a body that the client holds back until it is asked (`Expect: 100-continue`). */
    sendContinue(): void;
    /** Sets status and headers in the place of any that are set; they are not sent yet. */
    setHead(status: number, headers: ResponseHeaders): void;
    /** Sends status and headers now. */
    sendHead(): void;
    /** Status and headers are to go with what is written next. */
    beginBody(): void;
    /** Ends the answer, with a last piece of its body where there is one. */
    end(last?: Buffer): void;
    /** What follows the body; must be said before its end. */
    addTrailer(name: string, value: string): void;
    /** Cuts the answer, so that the client does not take it for whole. */
    abort(): void;
}
