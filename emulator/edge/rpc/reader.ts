import { RpcFault, RpcProtocolError } from "./errors.ts";
import { type Segments, WORD_BYTES } from "./framing.ts";

const PointerKind = { Struct: 0, List: 1, Far: 2, Other: 3 } as const;
const ElementSize = { Byte: 2, Pointer: 6, Composite: 7 } as const;
const POINTER_KIND_NAMES = ["struct", "list", "far pointer", "capability"] as const;

/**
 * How many times its own size a message may be visited. Each object is read once by an honest schema walk; without a
 * bound, many pointers at one large object would multiply its size (https://capnproto.org/encoding.html#security-considerations).
 */
const TRAVERSAL_FACTOR = 4;

/** A pointer after far pointers were followed: its two halves, and the word that its offset or its content starts from. */
interface ResolvedPointer {
    readonly low: number;
    readonly high: number;
    readonly segment: number;
    /** First word of what the pointer leads to. */
    readonly target: number;
}

/**
 * Read access to one Cap'n Proto message of any number of segments.
 *
 * Every pointer is checked against its segment before it is followed and every visited word counts against a limit.
 * There is no recursion over data: how deep a walk goes is decided by the schema that the caller follows.
 *
 * @throws RpcProtocolError (pointer, limit, content) from every method, and nothing else.
 */
export class MessageReader {
    readonly #segments: readonly DataView[];
    #remainingWords: number;

    constructor(segments: Segments) {
        this.#segments = segments.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
        const words = segments.reduce((sum, bytes) => sum + bytes.byteLength / WORD_BYTES, 0);
        this.#remainingWords = words * TRAVERSAL_FACTOR;
    }

    /** The struct that the first word of the first segment points at. */
    root(): StructReader {
        this.#requireWords(0, 0, 1, "root pointer");
        const root = this.readStruct(0, 0);
        if (root === undefined) {
            throw new RpcProtocolError(RpcFault.Content, "root pointer is null");
        }
        return root;
    }

    /** The struct behind the pointer at `word`; undefined when the pointer is null. */
    readStruct(segment: number, word: number): StructReader | undefined {
        const pointer = this.#resolve(segment, word, PointerKind.Struct);
        if (pointer === undefined) {
            return undefined;
        }
        const dataWords = pointer.high & 0xffff;
        const pointerWords = pointer.high >>> 16;
        this.#visit(pointer.segment, pointer.target, dataWords + pointerWords, "struct");
        const view = this.#view(pointer.segment);
        return new StructReader(this, view, pointer.segment, pointer.target, dataWords, pointerWords);
    }

    /** A copy of the bytes behind the pointer at `word`; undefined when the pointer is null. */
    readBytes(segment: number, word: number): Uint8Array | undefined {
        const list = this.#resolveList(segment, word, ElementSize.Byte, "bytes");
        if (list === undefined) {
            return undefined;
        }
        this.#visit(list.segment, list.target, Math.ceil(list.count / WORD_BYTES), "list of bytes");
        const view = this.#view(list.segment);
        const start = view.byteOffset + list.target * WORD_BYTES;
        return new Uint8Array(view.buffer.slice(start, start + list.count) as ArrayBuffer);
    }

    /** The text behind the pointer at `word`; undefined when the pointer is null. */
    readText(segment: number, word: number): string | undefined {
        const bytes = this.readBytes(segment, word);
        if (bytes === undefined) {
            return undefined;
        }
        if (bytes.at(-1) !== 0) {
            throw new RpcProtocolError(RpcFault.Content, "text does not end with a NUL byte");
        }
        try {
            return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, -1));
        } catch {
            throw new RpcProtocolError(RpcFault.Content, "text is not UTF-8");
        }
    }

    /** The texts of the list behind the pointer at `word`; none when the pointer is null. */
    readTexts(segment: number, word: number): string[] {
        const list = this.#resolveList(segment, word, ElementSize.Pointer, "pointers");
        if (list === undefined) {
            return [];
        }
        this.#visit(list.segment, list.target, list.count, "list of pointers");
        return Array.from({ length: list.count }, (_, i) => this.readText(list.segment, list.target + i) ?? "");
    }

    /** How many elements the list behind the pointer at `word` has, whatever they are; 0 when the pointer is null. */
    readCount(segment: number, word: number): number {
        const pointer = this.#resolve(segment, word, PointerKind.List);
        if (pointer === undefined) {
            return 0;
        }
        if ((pointer.high & 7) !== ElementSize.Composite) {
            return pointer.high >>> 3;
        }
        // A list of structs says its size in words; the number of elements is in the tag word before the first.
        this.#visit(pointer.segment, pointer.target, 1, "list tag");
        return this.#view(pointer.segment).getUint32(pointer.target * WORD_BYTES, true) >>> 2;
    }

    #resolveList(segment: number, word: number, elementSize: number, what: string) {
        const pointer = this.#resolve(segment, word, PointerKind.List);
        if (pointer === undefined) {
            return undefined;
        }
        if ((pointer.high & 7) !== elementSize) {
            throw new RpcProtocolError(RpcFault.Pointer, `list of element size ${pointer.high & 7} instead of ${what}`);
        }
        return { segment: pointer.segment, target: pointer.target, count: pointer.high >>> 3 };
    }

    /** Follows the pointer at `word`, through far pointers if need be, to something of the wanted kind. */
    #resolve(segment: number, word: number, wanted: number): ResolvedPointer | undefined {
        const view = this.#view(segment);
        const low = view.getUint32(word * WORD_BYTES, true);
        const high = view.getUint32(word * WORD_BYTES + 4, true);
        if (low === 0 && high === 0) {
            return undefined;
        }
        const kind = low & 3;
        if (kind === PointerKind.Far) {
            return this.#resolveFar(low, high, wanted);
        }
        requireKind(kind, wanted);
        return { low, high, segment, target: word + 1 + (low >> 2) };
    }

    /**
     * Far pointers come in two forms (https://capnproto.org/encoding.html#inter-segment-pointers): one leads to a landing
     * pad that is an ordinary pointer; the other to two words, a far pointer to the content and a tag that describes it.
     */
    #resolveFar(low: number, high: number, wanted: number): ResolvedPointer {
        const padSegment = high;
        const padWord = low >>> 3;
        const isDouble = (low & 4) !== 0;
        this.#visit(padSegment, padWord, isDouble ? 2 : 1, "landing pad");
        const view = this.#view(padSegment);
        const padLow = view.getUint32(padWord * WORD_BYTES, true);
        const padHigh = view.getUint32(padWord * WORD_BYTES + 4, true);
        if (!isDouble) {
            requireKind(padLow & 3, wanted);
            return { low: padLow, high: padHigh, segment: padSegment, target: padWord + 1 + (padLow >> 2) };
        }
        if ((padLow & 7) !== PointerKind.Far) {
            throw new RpcProtocolError(
                RpcFault.Pointer,
                "landing pad of a double far pointer does not hold a far pointer",
            );
        }
        const tagLow = view.getUint32((padWord + 1) * WORD_BYTES, true);
        const tagHigh = view.getUint32((padWord + 1) * WORD_BYTES + 4, true);
        requireKind(tagLow & 3, wanted);
        return { low: tagLow, high: tagHigh, segment: padHigh, target: padLow >>> 3 };
    }

    #view(segment: number): DataView {
        const view = this.#segments[segment];
        if (view === undefined) {
            throw new RpcProtocolError(RpcFault.Pointer, `pointer into segment ${segment} of ${this.#segments.length}`);
        }
        return view;
    }

    #requireWords(segment: number, first: number, count: number, what: string): void {
        const words = this.#view(segment).byteLength / WORD_BYTES;
        if (first < 0 || first + count > words) {
            throw new RpcProtocolError(
                RpcFault.Pointer,
                `${what} at words ${first} to ${first + count} of a segment of ${words}`,
            );
        }
    }

    /** Checks that the words exist and counts them; an empty object still costs one word. */
    #visit(segment: number, first: number, count: number, what: string): void {
        this.#requireWords(segment, first, count, what);
        this.#remainingWords -= Math.max(count, 1);
        if (this.#remainingWords < 0) {
            throw new RpcProtocolError(RpcFault.Limit, "message visits more data than it holds");
        }
    }
}

/**
 * One struct. Fields beyond the struct's own sections read as zero, null or empty, as Cap'n Proto defines for writers of
 * an older schema. Data offsets are in bytes, bits count from the start of the data section, pointers from zero.
 */
export class StructReader {
    readonly #message: MessageReader;
    readonly #view: DataView;
    readonly #segment: number;
    readonly #firstWord: number;
    readonly #dataWords: number;
    readonly #pointerWords: number;

    constructor(
        message: MessageReader,
        view: DataView,
        segment: number,
        firstWord: number,
        dataWords: number,
        pointerWords: number,
    ) {
        this.#message = message;
        this.#view = view;
        this.#segment = segment;
        this.#firstWord = firstWord;
        this.#dataWords = dataWords;
        this.#pointerWords = pointerWords;
    }

    uint8(offset: number): number {
        return this.#holds(offset, 1) ? this.#view.getUint8(this.#at(offset)) : 0;
    }

    uint16(offset: number): number {
        return this.#holds(offset, 2) ? this.#view.getUint16(this.#at(offset), true) : 0;
    }

    uint32(offset: number): number {
        return this.#holds(offset, 4) ? this.#view.getUint32(this.#at(offset), true) : 0;
    }

    uint64(offset: number): bigint {
        return this.#holds(offset, 8) ? this.#view.getBigUint64(this.#at(offset), true) : 0n;
    }

    bool(bit: number): boolean {
        return (this.uint8(bit >> 3) & (1 << (bit & 7))) !== 0;
    }

    struct(index: number): StructReader | undefined {
        return index < this.#pointerWords ? this.#message.readStruct(this.#segment, this.#pointer(index)) : undefined;
    }

    text(index: number): string {
        return (index < this.#pointerWords && this.#message.readText(this.#segment, this.#pointer(index))) || "";
    }

    data(index: number): Uint8Array {
        const bytes =
            index < this.#pointerWords ? this.#message.readBytes(this.#segment, this.#pointer(index)) : undefined;
        return bytes ?? new Uint8Array();
    }

    texts(index: number): string[] {
        return index < this.#pointerWords ? this.#message.readTexts(this.#segment, this.#pointer(index)) : [];
    }

    /** The number of elements of a list. */
    count(index: number): number {
        return index < this.#pointerWords ? this.#message.readCount(this.#segment, this.#pointer(index)) : 0;
    }

    #holds(offset: number, size: number): boolean {
        return offset + size <= this.#dataWords * WORD_BYTES;
    }

    #at(offset: number): number {
        return this.#firstWord * WORD_BYTES + offset;
    }

    #pointer(index: number): number {
        return this.#firstWord + this.#dataWords + index;
    }
}

function requireKind(kind: number, wanted: number): void {
    if (kind !== wanted) {
        const [found, expected] = [POINTER_KIND_NAMES[kind], POINTER_KIND_NAMES[wanted]];
        throw new RpcProtocolError(RpcFault.Pointer, `${found} where a ${expected} is expected`);
    }
}
