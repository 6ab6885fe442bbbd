import { frame, WORD_BYTES } from "./framing.ts";

const STRUCT = 0;
const LIST = 1;
const CAPABILITY = 3;
const BYTE_ELEMENTS = 2;
const POINTER_ELEMENTS = 6;
const COMPOSITE_ELEMENTS = 7;

/**
 * Writes one Cap'n Proto message into a single segment.
 *
 * Objects are laid out in the order in which they are asked for; asking parent first, then child by child, gives the
 * canonical order, and with it byte-for-byte what the Go and C++ writers produce for the same calls.
 */
export class MessageBuilder {
    #segment = Buffer.alloc(256);
    #words = 0;

    /** The root struct; to be asked for once, first. */
    root(dataWords: number, pointerWords: number): StructBuilder {
        const pointer = this.allocate(1);
        return this.writeStruct(pointer, dataWords, pointerWords);
    }

    /** The finished message with its segment table, ready for the stream. */
    finish(): Buffer {
        return frame(this.#segment.subarray(0, this.#words * WORD_BYTES));
    }

    /** Reserves zeroed words at the end and returns the index of the first. */
    allocate(words: number): number {
        const first = this.#words;
        this.#words += words;
        const needed = this.#words * WORD_BYTES;
        if (needed > this.#segment.length) {
            const larger = Buffer.alloc(Math.max(needed, this.#segment.length * 2));
            this.#segment.copy(larger);
            this.#segment = larger;
        }
        return first;
    }

    /** The segment as it is now; it is replaced when it grows, so it must not be kept. */
    get bytes(): Buffer {
        return this.#segment;
    }

    writeStruct(pointer: number, dataWords: number, pointerWords: number): StructBuilder {
        const target = this.allocate(dataWords + pointerWords);
        this.#point(pointer, target, STRUCT, dataWords | (pointerWords << 16));
        return new StructBuilder(this, target, dataWords);
    }

    writeBytes(pointer: number, bytes: Uint8Array): void {
        const target = this.allocate(Math.ceil(bytes.length / WORD_BYTES));
        this.#segment.set(bytes, target * WORD_BYTES);
        this.#point(pointer, target, LIST, (bytes.length << 3) | BYTE_ELEMENTS);
    }

    writeTexts(pointer: number, texts: readonly string[]): void {
        const target = this.allocate(texts.length);
        this.#point(pointer, target, LIST, (texts.length << 3) | POINTER_ELEMENTS);
        for (const [i, text] of texts.entries()) {
            this.writeBytes(target + i, nulTerminated(text));
        }
    }

    writeStructs(pointer: number, count: number, dataWords: number, pointerWords: number): StructBuilder[] {
        const elementWords = dataWords + pointerWords;
        const tag = this.allocate(1 + count * elementWords);
        this.#point(pointer, tag, LIST, ((count * elementWords) << 3) | COMPOSITE_ELEMENTS);
        this.#segment.writeUInt32LE(count << 2, tag * WORD_BYTES);
        this.#segment.writeUInt32LE(dataWords | (pointerWords << 16), tag * WORD_BYTES + 4);
        return Array.from({ length: count }, (_, i) => new StructBuilder(this, tag + 1 + i * elementWords, dataWords));
    }

    writeCapability(pointer: number, index: number): void {
        this.#segment.writeUInt32LE(CAPABILITY, pointer * WORD_BYTES);
        this.#segment.writeUInt32LE(index, pointer * WORD_BYTES + 4);
    }

    #point(pointer: number, target: number, kind: number, high: number): void {
        this.#segment.writeInt32LE(((target - pointer - 1) << 2) | kind, pointer * WORD_BYTES);
        this.#segment.writeUInt32LE(high >>> 0, pointer * WORD_BYTES + 4);
    }
}

/** One struct being written; offsets as in `StructReader`. Setters return the struct, so that they can be chained. */
export class StructBuilder {
    readonly #message: MessageBuilder;
    readonly #firstWord: number;
    readonly #dataWords: number;

    constructor(message: MessageBuilder, firstWord: number, dataWords: number) {
        this.#message = message;
        this.#firstWord = firstWord;
        this.#dataWords = dataWords;
    }

    uint8(offset: number, value: number): this {
        this.#message.bytes.writeUInt8(value, this.#at(offset));
        return this;
    }

    uint16(offset: number, value: number): this {
        this.#message.bytes.writeUInt16LE(value, this.#at(offset));
        return this;
    }

    uint32(offset: number, value: number): this {
        this.#message.bytes.writeUInt32LE(value, this.#at(offset));
        return this;
    }

    uint64(offset: number, value: bigint): this {
        this.#message.bytes.writeBigUInt64LE(value, this.#at(offset));
        return this;
    }

    bool(bit: number, value: boolean): this {
        const at = this.#at(bit >> 3);
        const mask = 1 << (bit & 7);
        const before = this.#message.bytes.readUInt8(at);
        this.#message.bytes.writeUInt8(value ? before | mask : before & ~mask, at);
        return this;
    }

    text(index: number, value: string): this {
        this.#message.writeBytes(this.#pointer(index), nulTerminated(value));
        return this;
    }

    data(index: number, value: Uint8Array): this {
        this.#message.writeBytes(this.#pointer(index), value);
        return this;
    }

    texts(index: number, values: readonly string[]): this {
        this.#message.writeTexts(this.#pointer(index), values);
        return this;
    }

    capability(index: number, tableIndex: number): this {
        this.#message.writeCapability(this.#pointer(index), tableIndex);
        return this;
    }

    struct(index: number, dataWords: number, pointerWords: number): StructBuilder {
        return this.#message.writeStruct(this.#pointer(index), dataWords, pointerWords);
    }

    structs(index: number, count: number, dataWords: number, pointerWords: number): StructBuilder[] {
        return this.#message.writeStructs(this.#pointer(index), count, dataWords, pointerWords);
    }

    #at(offset: number): number {
        return this.#firstWord * WORD_BYTES + offset;
    }

    #pointer(index: number): number {
        return this.#firstWord + this.#dataWords + index;
    }
}

function nulTerminated(text: string): Uint8Array {
    return Buffer.from(`${text}\0`, "utf8");
}
