import type { Readable, Writable } from "node:stream";

/**
 * A client's request body on its way to a connector. It flows no faster than the connector takes it, and its beginning is kept,
 * so that a short body can be sent again when the connection dies.
 */
export class RequestBody {
    /** True when the client announced none: the request is its headers alone. */
    readonly isEmpty: boolean;
    readonly #source: Readable;
    readonly #replayBytes: number;
    #kept: Buffer[] | undefined = [];
    #keptBytes = 0;
    #hasEnded = false;

    /** @param replayBytes up to how many bytes are kept. */
    constructor(source: Readable, isEmpty: boolean, replayBytes: number) {
        this.#source = source;
        this.isEmpty = isEmpty;
        this.#replayBytes = replayBytes;
        this.#hasEnded = isEmpty;
    }

    /** True while everything that was read of it is still here. */
    get canBeSentAgain(): boolean {
        return this.#kept !== undefined;
    }

    /**
     * Sends the body from its first byte; the returned function stops in the middle, and the rest waits for the next call.
     *
     * @param onPiece is told of each piece that comes from the client.
     */
    sendTo(target: Writable, onPiece: () => void): () => void {
        for (const chunk of this.#kept ?? []) {
            target.write(chunk);
        }
        if (this.#hasEnded) {
            target.end();
            return () => {};
        }
        const source = this.#source;
        const onData = (chunk: Buffer) => {
            onPiece();
            this.#keep(chunk);
            if (!target.write(chunk)) {
                source.pause();
            }
        };
        const onDrain = () => source.resume();
        const onEnd = () => {
            this.#hasEnded = true;
            target.end();
        };
        source.on("data", onData).once("end", onEnd);
        target.on("drain", onDrain);
        source.resume();
        let isStopped = false;
        return () => {
            if (isStopped) {
                return;
            }
            isStopped = true;
            source.off("data", onData).off("end", onEnd);
            target.off("drain", onDrain);
            source.pause();
        };
    }

    #keep(chunk: Buffer): void {
        this.#keptBytes += chunk.length;
        if (this.#keptBytes > this.#replayBytes) {
            this.#kept = undefined;
        } else {
            this.#kept?.push(chunk);
        }
    }
}
