import { describe, expect, it } from "vitest";
import { RpcFault, RpcProtocolError } from "../../emulator/edge/rpc/errors.ts";
import { MAX_MESSAGE_BYTES, MessageAssembler } from "../../emulator/edge/rpc/framing.ts";
import { decodeMessage, encodeBootstrapReturn, type InboundMessage } from "../../emulator/edge/rpc/messages.ts";
import { MessageReader } from "../../emulator/edge/rpc/reader.ts";
import { decodeRegisterConnection, encodeRegistrationOutcome } from "../../emulator/edge/rpc/registration.ts";
import { RECORDED_MESSAGES, recordedMessage } from "./support/recordedControlStream.ts";

/** The words of a message, as hexadecimal with spaces between them. */
function words(hex: string): Buffer {
    return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

/** A message of several segments, each given in words. */
function framed(...segments: Buffer[]): Buffer {
    const table = Buffer.alloc(Math.ceil((segments.length + 1) / 2) * 8);
    table.writeUInt32LE(segments.length - 1, 0);
    for (const [i, segment] of segments.entries()) {
        table.writeUInt32LE(segment.length / 8, 4 * (i + 1));
    }
    return Buffer.concat([table, ...segments]);
}

function decode(bytes: Buffer): InboundMessage {
    const [segments] = new MessageAssembler().push(bytes);
    return decodeMessage(segments ?? []);
}

function faultOf(act: () => unknown): RpcFault | undefined {
    try {
        act();
    } catch (error) {
        expect(error).toBeInstanceOf(RpcProtocolError);
        return (error as RpcProtocolError).fault;
    }
    return undefined;
}

function word(low: number, high: number): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(low >>> 0, 0);
    bytes.writeUInt32LE(high >>> 0, 4);
    return bytes;
}

const joined = (...parts: Buffer[]) => Buffer.concat(parts);

/** A pointer to struct Message right behind it, and the six words of an empty Call. */
const MESSAGE = word(0, 0x0001_0001);
const NULLS = Buffer.alloc(6 * 8);

/** The message with its root reached through one far pointer into a second segment. */
const throughFarPointer = (segment: Buffer) => framed(word(2, 1), segment);

/** The message with its root reached through a double far pointer: the landing pad is in another segment than the content. */
function throughDoubleFarPointer(segment: Buffer): Buffer {
    const pad = Buffer.concat([word((1 << 3) | 2, 2), word(0, segment.readUInt32LE(4))]);
    return framed(word(4 | 2, 1), pad, segment);
}

describe("messages to cloudflared", () => {
    it("answer Bootstrap with the bytes that cloudflared accepts", () => {
        const accepted = words(
            "000000000b000000 0000000001000100 0300000000000000 0000000002000100 0000000000000000 0000000000000000 " +
                "0000000000000200 0300000000000000 0100000017000000 0400000001000100 0100000000000000 0000000000000000",
        );
        expect(encodeBootstrapReturn(0, 0).toString("hex")).toBe(accepted.toString("hex"));
    });

    it("accept a registration with the bytes that cloudflared accepts", () => {
        const accepted = words(
            "0000000011000000 0000000001000100 0300000000000000 0000000002000100 0100000000000000 0000000000000000 " +
                "0000000000000200 0400000000000100 0000000000000000 0000000001000100 0100000000000000 0000000001000200 " +
                "0100000000000000 0500000082000000 0900000032000000 0011223344556677 8899aabbccddeeff 6c61623031000000",
        );
        const answer = encodeRegistrationOutcome(1, {
            kind: "registered",
            connectionId: "00112233-4455-6677-8899-aabbccddeeff",
            locationName: "lab01",
            isRemotelyManaged: true,
        });
        expect(answer.toString("hex")).toBe(accepted.toString("hex"));
    });
});

describe("messages from cloudflared", () => {
    it("are told apart", () => {
        expect(RECORDED_MESSAGES.map(({ bytes }) => decode(bytes).kind)).toEqual([
            ...["bootstrap", "call", "finish", "finish", "call", "finish", "call", "finish", "abort"],
        ]);
    });

    it("say who registers", () => {
        const call = decode(recordedMessage("registerConnection"));
        expect(call).toMatchObject({ target: { kind: "promisedAnswer", questionId: 0, isTransformed: false } });
        const request = call.kind === "call" && call.params ? decodeRegisterConnection(call.params) : undefined;
        expect(request).toMatchObject({
            accountTag: "0123456789abcdef0123456789abcdef",
            tunnelId: "6e1ab0f2-9c1f-4d61-8b2f-0f4ee9d0a111",
            connIndex: 0,
            replaceExisting: false,
            numPreviousAttempts: 0,
            client: {
                id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
                version: "2025.2.0",
                arch: "linux_amd64",
            },
        });
        expect(request?.client.features).toContain("allow_remote_config");
        expect(Buffer.from(request?.tunnelSecret ?? [])).toEqual(Buffer.alloc(32, 7));
    });

    it.each(RECORDED_MESSAGES)("mean the same in several segments: $name", ({ bytes }) => {
        const plain = summary(decode(bytes));
        const segment = bytes.subarray(8);
        expect(summary(decode(throughFarPointer(segment)))).toEqual(plain);
        expect(summary(decode(throughDoubleFarPointer(segment)))).toEqual(plain);
    });

    it("are assembled from chunks that end anywhere", () => {
        const stream = Buffer.concat(RECORDED_MESSAGES.map(({ bytes }) => bytes));
        const assembler = new MessageAssembler();
        const kinds = Array.from(stream, (_, i) => assembler.push(stream.subarray(i, i + 1)))
            .flat()
            .map((segments) => decodeMessage(segments).kind);
        expect(kinds).toEqual(RECORDED_MESSAGES.map(({ bytes }) => decode(bytes).kind));
        expect(assembler.pendingBytes).toBe(0);
    });
});

describe("malformed input", () => {
    it.each([
        ["a pointer behind the end", framed(word(0x7fff_fff0, 0x0001_0001)), RpcFault.Pointer],
        ["a pointer before the start", framed(word(-8, 0x0001_0001)), RpcFault.Pointer],
        ["a struct larger than its segment", framed(word(0, 0xffff_ffff)), RpcFault.Pointer],
        ["a null root", framed(word(0, 0)), RpcFault.Content],
        ["a list for a root", framed(word(1, 0)), RpcFault.Pointer],
        ["a capability for a root", framed(word(3, 0)), RpcFault.Pointer],
        ["a far pointer into a segment that is not there", framed(word(2, 9)), RpcFault.Pointer],
        ["a far pointer to itself", framed(word(2, 0)), RpcFault.Pointer],
        ["a double far pointer without its pad", framed(word(6, 1), word(2, 0)), RpcFault.Pointer],
        [
            "a double far pointer whose pad is none",
            framed(word(6, 1), joined(word(0, 0), word(0, 0))),
            RpcFault.Pointer,
        ],
        [
            "a double far pointer whose pad leads nowhere",
            framed(word(6, 1), joined(word(2, 9), word(0, 1))),
            RpcFault.Pointer,
        ],
        ["a call without a target", framed(joined(MESSAGE, word(2, 0), word(0, 0x0003_0003), NULLS)), RpcFault.Content],
        ["a finish without a body", framed(joined(MESSAGE, word(4, 0), word(0, 0))), RpcFault.Content],
    ])("is refused: %s", (_, bytes, fault) => {
        expect(faultOf(() => decode(bytes))).toBe(fault);
    });

    it("is refused for its size before its content arrives", () => {
        const announced = Buffer.alloc(8);
        announced.writeUInt32LE(MAX_MESSAGE_BYTES / 8 + 1, 4);
        expect(faultOf(() => new MessageAssembler().push(announced))).toBe(RpcFault.Limit);
        expect(faultOf(() => new MessageAssembler().push(word(0xffff_ffff, 0)))).toBe(RpcFault.Limit);
        expect(faultOf(() => new MessageAssembler().push(word(0, 0)))).toBe(RpcFault.Framing);
    });

    it("cannot make the reader visit one object again and again", () => {
        const texts = 4000;
        // A list of pointers, each of them to the same text of 8 KB behind the list.
        const list = word(1, (texts << 3) | 6);
        const textWords = 1000;
        const pointers = Array.from({ length: texts }, (_, i) =>
            word(((texts - 1 - i) << 2) | 1, ((textWords * 8) << 3) | 2),
        );
        const message = framed(Buffer.concat([word(0, 0x0001_0000), list, ...pointers, Buffer.alloc(textWords * 8)]));
        const [segments] = new MessageAssembler().push(message);
        expect(faultOf(() => new MessageReader(segments ?? []).root().texts(0))).toBe(RpcFault.Limit);
    });

    it.each([
        ["text without its NUL", Buffer.from("abcdefgh"), RpcFault.Content],
        ["text that is not UTF-8", Buffer.from([0xff, 0xfe, 0, 0, 0, 0, 0, 0]), RpcFault.Content],
    ])("is refused: %s", (_, bytes, fault) => {
        const message = framed(Buffer.concat([word(0, 0x0001_0000), word(1, (8 << 3) | 2), bytes]));
        const [segments] = new MessageAssembler().push(message);
        expect(faultOf(() => new MessageReader(segments ?? []).root().text(0))).toBe(fault);
    });

    it("does not hide fields that an older writer leaves out", () => {
        const [segments] = new MessageAssembler().push(framed(word(-4, 0)));
        const empty = new MessageReader(segments ?? []).root();
        expect([empty.uint8(0), empty.uint64(8), empty.bool(64), empty.text(0), empty.texts(3)]).toEqual([
            0,
            0n,
            false,
            "",
            [],
        ]);
        expect(empty.struct(0)).toBeUndefined();
        expect(empty.count(0)).toBe(0);
        expect(empty.data(1)).toHaveLength(0);
    });
});

/** What can be compared of a message: its parameters are a view into their own bytes. */
function summary(message: InboundMessage): unknown {
    if (message.kind !== "call") {
        return message;
    }
    const { params, ...rest } = message;
    const isRegistration = params !== undefined && message.methodId === 0;
    return { ...rest, request: isRegistration ? decodeRegisterConnection(params) : params?.data(0) };
}
