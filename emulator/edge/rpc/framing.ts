import { RpcFault, RpcProtocolError } from "./errors.ts";

/** Bytes of a Cap'n Proto word, the unit of every size and offset in the encoding. */
export const WORD_BYTES = 8;

/**
 * Largest message that is accepted at all, segment table not counted: 4 MiB. The largest legitimate one carries a locally
 * managed configuration; cloudflared's own decoder stops at 64 MiB.
 */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Most segments of one message: cloudflared sends one, other writers a handful. */
export const MAX_SEGMENTS = 64;

const INITIAL_CAPACITY = 4096;

/** One message: its segments, each a whole number of words. */
export type Segments = readonly Uint8Array[];

/**
 * Cuts a byte stream into Cap'n Proto messages (https://capnproto.org/encoding.html#serialization-over-a-stream).
 *
 * Chunks may end anywhere. Memory follows the bytes that have really arrived, never the size that a header announces,
 * and an announced size above the limits is refused before any of it arrives.
 */
export class MessageAssembler {
    /** Largest message accepted from now on, in bytes; at most, and by default, `MAX_MESSAGE_BYTES`. */
    maxMessageBytes = MAX_MESSAGE_BYTES;
    #buffer = Buffer.alloc(INITIAL_CAPACITY);
    #length = 0;

    /**
     * Takes the next bytes of the stream and returns the messages that they complete, in order.
     *
     * @throws RpcProtocolError (framing, limit); the assembler must not be used after that.
     */
    push(chunk: Uint8Array): Segments[] {
        this.#append(chunk);
        const messages: Segments[] = [];
        let start = 0;
        for (;;) {
            const layout = readSegmentTable(this.#buffer.subarray(start, this.#length), this.maxMessageBytes);
            if (layout === undefined || start + layout.totalBytes > this.#length) {
                break;
            }
            messages.push(cutSegments(this.#buffer, start, layout));
            start += layout.totalBytes;
        }
        this.#buffer.copyWithin(0, start, this.#length);
        this.#length -= start;
        return messages;
    }

    /** Bytes of an unfinished message that are being held; zero between two messages. */
    get pendingBytes(): number {
        return this.#length;
    }

    #append(chunk: Uint8Array): void {
        const needed = this.#length + chunk.length;
        if (needed > this.#buffer.length) {
            const larger = Buffer.alloc(Math.max(needed, this.#buffer.length * 2));
            this.#buffer.copy(larger, 0, 0, this.#length);
            this.#buffer = larger;
        }
        this.#buffer.set(chunk, this.#length);
        this.#length = needed;
    }
}

/** Puts the stream's segment table before the one segment of a message. */
export function frame(segment: Uint8Array): Buffer {
    const table = Buffer.alloc(WORD_BYTES);
    table.writeUInt32LE(segment.length / WORD_BYTES, 4);
    return Buffer.concat([table, segment]);
}

interface SegmentLayout {
    readonly tableBytes: number;
    readonly segmentBytes: readonly number[];
    readonly totalBytes: number;
}

/** Reads a segment table; undefined while it is incomplete. */
function readSegmentTable(bytes: Buffer, maxMessageBytes: number): SegmentLayout | undefined {
    if (bytes.length < 4) {
        return undefined;
    }
    const count = bytes.readUInt32LE(0) + 1;
    if (count > MAX_SEGMENTS) {
        throw new RpcProtocolError(
            RpcFault.Limit,
            `message of ${count} segments; at most ${MAX_SEGMENTS} are accepted`,
        );
    }
    // The table itself is padded to whole words: an even number of u32 entries, the segment count being one of them.
    const tableBytes = Math.ceil((count + 1) / 2) * WORD_BYTES;
    if (bytes.length < tableBytes) {
        return undefined;
    }
    const segmentBytes = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(4 * (i + 1)) * WORD_BYTES);
    const contentBytes = segmentBytes.reduce((sum, size) => sum + size, 0);
    if (contentBytes > maxMessageBytes) {
        throw new RpcProtocolError(
            RpcFault.Limit,
            `message of ${contentBytes} bytes; at most ${maxMessageBytes} are accepted`,
        );
    }
    if (contentBytes === 0) {
        throw new RpcProtocolError(RpcFault.Framing, "message without content");
    }
    return { tableBytes, segmentBytes, totalBytes: tableBytes + contentBytes };
}

/** Copies the segments out, since the assembler's buffer is used again for the next message. */
function cutSegments(buffer: Buffer, start: number, layout: SegmentLayout): Segments {
    let position = start + layout.tableBytes;
    return layout.segmentBytes.map((size) => {
        const segment = Uint8Array.prototype.slice.call(buffer, position, position + size);
        position += size;
        return segment;
    });
}
