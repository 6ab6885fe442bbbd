import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
    authenticationStatus,
    methodSelection,
    type Read,
    Reply,
    readCredentials,
    readGreeting,
    readRequest,
    requestReply,
    SocksProtocolError,
} from "../../emulator/edge/private/socks/messages.ts";
import { loginMessage, requestMessage } from "./support/socksClient.ts";

/** The message in bytes that come one after the other, and where it was found to end. */
function readSlowly<Message>(read: (bytes: Buffer) => Read<Message>, bytes: Buffer): Read<Message> {
    for (let length = 0; length < bytes.length; length++) {
        const early = read(bytes.subarray(0, length));
        if (early !== undefined) {
            throw new Error(`a message was read from ${length} bytes of ${bytes.length}`);
        }
    }
    return read(bytes);
}

const port = fc.integer({ min: 0, max: 65_535 });
const shortText = fc.string({ minLength: 0, maxLength: 60 });

describe("SOCKS5 messages", () => {
    it("are those of RFC 1928 and RFC 1929", () => {
        expect(readGreeting(Buffer.from([5, 2, 0, 2]))).toEqual({ message: [0, 2], length: 4 });
        const login = Buffer.from("0103616461067365637265", "hex");
        expect(readCredentials(Buffer.concat([login, Buffer.from("t")]))).toEqual({
            message: { username: "ada", password: "secret" },
            length: 12,
        });
        expect(readRequest(Buffer.from("050100010a1401051538", "hex"))).toEqual({
            message: { command: 1, host: "10.20.1.5", port: 5432 },
            length: 10,
        });
        expect(readRequest(Buffer.from(`05010004${"00".repeat(15)}0101bb`, "hex"))?.message.host).toBe("::1");
        expect(readRequest(Buffer.from("0501000304776f726b0050", "hex"))?.message).toMatchObject({
            host: "work",
            port: 80,
        });
        expect(methodSelection(2).toString("hex")).toBe("0502");
        expect(authenticationStatus(true).toString("hex")).toBe("0100");
        expect(authenticationStatus(false).toString("hex")).toBe("0101");
        expect(requestReply(Reply.NotAllowed).toString("hex")).toBe("05020001000000000000");
    });

    it("are read whole, however they are cut, and what follows them is left", () => {
        const rest = fc.uint8Array({ maxLength: 20 });
        fc.assert(
            fc.property(shortText, shortText, rest, (username, password, more) => {
                const message = loginMessage({ username, password });
                expect(readSlowly(readCredentials, message)?.message).toEqual({ username, password });
                expect(readCredentials(Buffer.concat([message, more]))?.length).toBe(message.length);
            }),
        );
        const hosts = fc.oneof(fc.ipV4(), fc.domain());
        fc.assert(
            fc.property(hosts, port, rest, (host, at, more) => {
                const message = requestMessage(host, at);
                expect(readSlowly(readRequest, message)?.message).toEqual({ command: 1, host, port: at });
                expect(readRequest(Buffer.concat([message, more]))?.length).toBe(message.length);
            }),
        );
    });

    it("tell an unknown type of address apart, of which nobody knows the length", () => {
        expect(readRequest(Buffer.from("0501000900", "hex"))?.message).toMatchObject({ host: undefined });
    });

    it.each([
        ["SOCKS4", readGreeting, "04010050"],
        ["HTTP", readGreeting, Buffer.from("GET /").toString("hex")],
        ["another log-in", readCredentials, "0500"],
        ["a request of version 4", readRequest, "0401"],
        ["a reserved byte in use", readRequest, "050101"],
    ] as const)("are not %s", (_, read, bytes) => {
        expect(() => read(Buffer.from(bytes, "hex"))).toThrow(SocksProtocolError);
    });

    it("of whatever bytes are read, waited for, or refused, and never take more than there is", () => {
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 600 }), fc.constantFrom(1, 5), (noise, version) => {
                const bytes = Buffer.concat([Buffer.from([version]), noise]);
                for (const read of [readGreeting, readCredentials, readRequest]) {
                    try {
                        expect(read(bytes)?.length ?? 0).toBeLessThanOrEqual(bytes.length);
                    } catch (error) {
                        expect(error).toBeInstanceOf(SocksProtocolError);
                    }
                }
            }),
            { numRuns: 1000 },
        );
    });
});
