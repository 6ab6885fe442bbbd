import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { originAnswer, PublicEdgeUnderTest } from "./support/publicEdgeUnderTest.ts";

/** An empty SETTINGS frame (RFC 9113, section 6.5), with which each side of HTTP/2 begins. */
const SETTINGS = Buffer.from("000000040000000000", "hex");
const CONTROL_STREAM = 1;

/** A frame with a header that is in order, so that what is inside is read. Its stream is most often one that is open. */
const frame = fc
    .record({
        type: fc.integer({ min: 0, max: 12 }),
        flags: fc.integer({ min: 0, max: 255 }),
        stream: fc.oneof(fc.constantFrom(0, CONTROL_STREAM), fc.nat({ max: 0x7fffffff })),
        payload: fc.uint8Array({ maxLength: 64 }),
    })
    .map(({ type, flags, stream, payload }) => {
        const header = Buffer.alloc(9);
        header.writeUIntBE(payload.length, 0, 3);
        header[3] = type;
        header[4] = flags;
        header.writeUInt32BE(stream, 5);
        return Buffer.concat([header, payload]);
    });

/** Sends the bytes after the edge's TLS handshake, under a connector's name, and waits until the edge has had enough. */
async function sayAsConnector(edge: PublicEdgeUnderTest, bytes: Uint8Array): Promise<void> {
    const { address, caPem } = edge.tunnels.endpoint;
    const [host, port] = address.split(":");
    const socket = connectTls({ host, port: Number(port), servername: "h2.cftunnel.com", ca: caPem });
    socket.on("error", () => {});
    socket.end(bytes);
    await new Promise((resolve) => socket.resume().once("close", resolve));
}

/** Sends the bytes without a TLS handshake, and waits until the connection is closed. */
async function sayInClear(address: string, bytes: Uint8Array): Promise<void> {
    const [host, port] = address.split(":");
    const socket = connectTcp({ host, port: Number(port) });
    socket.on("error", () => {});
    socket.end(bytes);
    await new Promise((resolve) => socket.resume().once("close", resolve));
}

/** An edge with a good connector, which says what it was asked. */
async function startWithGoodConnector() {
    const edge = await PublicEdgeUnderTest.start();
    await edge.connector((stream, headers) => {
        stream.respond(originAnswer(200));
        stream.end(headers[":path"]);
    });
    return edge;
}

describe("garbage", () => {
    it("in HTTP/2 frames ends the connection that it came on, and no other", async () => {
        await using edge = await startWithGoodConnector();
        const reasons = new Set<string>();
        edge.tunnels.edge.on("failed", ({ reason }) => reasons.add(reason));
        await fc.assert(
            fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 20 }), async (frames) => {
                await sayAsConnector(edge, Buffer.concat([SETTINGS, ...frames]));
            }),
            { numRuns: 60 },
        );
        expect(await edge.ask({ path: "/still-here" })).toMatchObject({ status: 200, body: "/still-here" });
        expect([...reasons]).toEqual(["lost"]);
    });

    it("in place of HTTP/2 ends the connection that it came on, and no other", async () => {
        await using edge = await startWithGoodConnector();
        await fc.assert(
            fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 512 }), (bytes) => sayAsConnector(edge, bytes)),
            { numRuns: 60 },
        );
        expect((await edge.ask()).status).toBe(200);
    });

    it("in place of TLS is let go, on either side of the edge", async () => {
        await using edge = await startWithGoodConnector();
        // As a ClientHello begins, so that more than the first byte is read.
        const hello = fc
            .uint8Array({ maxLength: 512 })
            .map((bytes) => Buffer.concat([Buffer.from("160301", "hex"), bytes]));
        await fc.assert(
            fc.asyncProperty(fc.oneof(hello, fc.uint8Array({ maxLength: 512 })), async (bytes) => {
                await sayInClear(edge.tunnels.endpoint.address, bytes);
                await sayInClear(edge.edge.address, bytes);
            }),
            { numRuns: 60 },
        );
        expect((await edge.ask()).status).toBe(200);
        expect((await edge.askHttp2()).status).toBe(200);
    });

    it("in HTTP/2 frames of a client ends its connection, and no other", async () => {
        await using edge = await startWithGoodConnector();
        const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await fc.assert(
            fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 20 }), async (frames) => {
                const socket = connectTls({ ...edge.tls(), ALPNProtocols: ["h2"] });
                socket.on("error", () => {});
                await once(socket, "secureConnect");
                socket.end(Buffer.concat([preface, SETTINGS, ...frames]));
                await new Promise((resolve) => socket.resume().once("close", resolve));
            }),
            { numRuns: 60 },
        );
        expect((await edge.askHttp2()).status).toBe(200);
    });
});
