import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { connect as connectHttp2, type ServerHttp2Stream } from "node:http2";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { describe, expect, it } from "vitest";
import { HOSTNAME, originAnswer, PublicEdgeUnderTest } from "./support/publicEdgeUnderTest.ts";

/** Sizes round the windows, frames and chunks of both protocols. */
const SIZES = [1, 16_383, 16_385, 65_535, 65_537, 1_048_577, 5_000_003];

describe.each(["ask", "askHttp2"] as const)("bodies over %s", (ask) => {
    it.each(SIZES)("of %i bytes arrive whole, both ways", async (size) => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(originAnswer(200));
            stream.pipe(stream);
        });
        const body = randomBytes(size).toString("base64url").slice(0, size);
        const answer = await edge[ask]({ method: "POST", body });
        expect(answer.body.length).toBe(size);
        expect(hash(answer.body)).toBe(hash(body));
    });
});

describe("a stream", () => {
    it("passes each piece on as it comes, and ends at the origin when the client goes", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const opened = Promise.withResolvers<ServerHttp2Stream>();
        await edge.connector((stream) => {
            stream.respond(originAnswer(200, [["Content-Type", "text/event-stream"]]));
            opened.resolve(stream);
        });
        const { response, close } = await open(edge);
        const stream = await opened.promise;
        for (const piece of ["data: 1\n\n", "data: 2\n\n"]) {
            stream.write(piece);
            expect(String((await once(response, "data"))[0])).toBe(piece);
        }
        const gone = closed(stream);
        close();
        await gone;
    });

    it("that the origin breaks off is broken off for the client, too", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(originAnswer(200));
            stream.write("half", () => stream.destroy(new Error("broken")));
        });
        await expect(edge.ask()).rejects.toThrow(/aborted|ECONNRESET/);
        await expect(edge.askHttp2()).rejects.toThrow(/INTERNAL_ERROR|aborted/);
    });

    it("is let go when the client gives up before the answer, and logged as 499", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const opened = Promise.withResolvers<ServerHttp2Stream>();
        await edge.connector((stream) => opened.resolve(stream));
        const outgoing = request({ ...edge.tls(), headers: { host: HOSTNAME } });
        outgoing.on("error", () => {});
        outgoing.end();
        const stream = await opened.promise;
        const [gone, logged] = [closed(stream), edge.next("request")];
        outgoing.destroy();
        await gone;
        expect((await logged).status).toBe(499);
    });

    it("that never begins ends in a 524", async () => {
        await using edge = await PublicEdgeUnderTest.start({ timeouts: { response: 20 } });
        await edge.connector(() => {});
        expect((await edge.ask()).status).toBe(524);
    });

    it("that stops in the middle is cut", async () => {
        await using edge = await PublicEdgeUnderTest.start({ timeouts: { idle: 20 } });
        await edge.connector((stream) => {
            stream.respond(originAnswer(200));
            stream.write("half");
        });
        await expect(edge.ask()).rejects.toThrow(/aborted|ECONNRESET/);
    });
});

describe("an upload", () => {
    it("takes its trailers along, but none that only the edge may say", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const received = Promise.withResolvers<unknown>();
        await edge.connector(async (stream) => {
            stream.once("trailers", (trailers) => received.resolve(Object.entries(trailers)));
            stream.respond(originAnswer(200));
            stream.end(await text(stream));
        });
        const headers = { host: HOSTNAME, trailer: "x-checksum, cf-access-jwt-assertion" };
        const upload = request({ ...edge.tls(), method: "POST", agent: false, headers });
        upload.write("body");
        upload.addTrailers({ "x-checksum": "42", "cf-access-jwt-assertion": "forged", connection: "close" });
        upload.end();
        const [response] = (await once(upload, "response")) as [IncomingMessage];
        expect(await text(response)).toBe("body");
        expect(await received.promise).toEqual([["x-checksum", "42"]]);
    });

    it("is asked for only once Access has let it pass (Expect: 100-continue)", async () => {
        const order: string[] = [];
        await using edge = await PublicEdgeUnderTest.start({
            gate: {
                decide: async ({ path }) => {
                    order.push("decided");
                    return path === "/refused"
                        ? { kind: "respond", status: 403, headers: {}, body: "", rule: "refused" }
                        : { kind: "pass", forward: {}, rule: "passed" };
                },
            },
        });
        await edge.connector(async (stream, headers) => {
            expect(headers).not.toHaveProperty("expect");
            order.push(await text(stream));
            stream.respond(originAnswer(200), { endStream: true });
        });
        const upload = async (path: string) => {
            const outgoing = request({
                ...edge.tls(),
                agent: false,
                method: "PUT",
                path,
                headers: { host: HOSTNAME, expect: "100-continue", "content-length": "4" },
            });
            outgoing.flushHeaders();
            outgoing.once("continue", () => {
                order.push("asked");
                outgoing.end("body");
            });
            const response = await responseTo(outgoing);
            outgoing.destroy();
            return response.statusCode;
        };
        expect(await upload("/")).toBe(200);
        expect(order).toEqual(["decided", "asked", "body"]);
        expect(await upload("/refused")).toBe(403);
        expect(order).toEqual(["decided", "asked", "body", "decided"]);
    });

    it("that is answered early leaves the client's connection usable", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(originAnswer(413));
            stream.end("no");
        });
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const ports: (number | undefined)[] = [];
        for (let i = 0; i < 2; i++) {
            const headers = { host: HOSTNAME };
            const outgoing = request({ ...edge.tls(), agent, method: "POST", headers });
            outgoing.end(Buffer.alloc(2_000_000));
            const response = await responseTo(outgoing);
            ports.push(response.socket.localPort);
            expect([response.statusCode, await text(response)]).toEqual([413, "no"]);
        }
        agent.destroy();
        expect(ports[0]).toBe(ports[1]);
    });

    it("of a client that ends its side in the middle is given up", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const opened = Promise.withResolvers<ServerHttp2Stream>();
        await edge.connector((stream) => opened.resolve(stream.resume()));
        const socket = connectTls(edge.tls());
        socket.on("error", () => {});
        socket.write(`PUT / HTTP/1.1\r\nHost: ${HOSTNAME}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`);
        const stream = await opened.promise;
        const broken = once(stream, "error");
        socket.end();
        // Had it just ended, the origin would take half a body for the whole.
        expect(String((await broken)[0])).toContain("INTERNAL_ERROR");
    });
});

describe("slow headers", () => {
    it("end in a 408", async () => {
        await using edge = await PublicEdgeUnderTest.start({ timeouts: { requestHeaders: 30 } });
        const socket = connectTls(edge.tls());
        socket.write(`GET / HTTP/1.1\r\nHost: ${HOSTNAME}\r\n`);
        expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
    });
});

describe("a WebSocket", () => {
    /** A connector that takes every WebSocket, says hello, and echoes. */
    const echo = (stream: ServerHttp2Stream) => {
        stream.respond(
            originAnswer(200, [
                ["Upgrade", "websocket"],
                ["Connection", "Upgrade"],
                ["Sec-WebSocket-Accept", "proof"],
                ["Sec-WebSocket-Protocol", "chat"],
            ]),
        );
        stream.write("hello");
        stream.pipe(stream);
    };
    const UPGRADE = {
        host: HOSTNAME,
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-key": "a2V5",
        "sec-websocket-version": "13",
        "sec-websocket-protocol": "chat",
    };

    it("over HTTP/1.1 carries bytes both ways until one side ends", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const seen: unknown[] = [];
        await edge.connector((stream, headers) => {
            seen.push(headers["cf-cloudflared-proxy-connection-upgrade"], headers["sec-websocket-key"]);
            echo(stream);
        });
        const logged = edge.next("request");
        const outgoing = request({ ...edge.tls(), headers: UPGRADE });
        outgoing.end();
        const [response, socket, head] = await once(outgoing, "upgrade");
        expect(response.statusCode).toBe(101);
        expect(response.headers).toMatchObject({
            upgrade: "websocket",
            "sec-websocket-accept": "proof",
            "sec-websocket-protocol": "chat",
        });
        expect(seen).toEqual(["websocket", "a2V5"]);
        socket.unshift(head);
        socket.write("ping");
        socket.end();
        expect(await text(socket)).toBe("helloping");
        expect((await logged).status).toBe(101);
    });

    it("over HTTP/2 is an extended CONNECT (RFC 8441)", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const keys: unknown[] = [];
        await edge.connector((stream, headers) => {
            keys.push(headers[":method"], headers["sec-websocket-key"]);
            echo(stream);
        });
        const session = connectHttp2(`https://${HOSTNAME}:${edge.port}`, {
            createConnection: () => connectTls({ ...edge.tls(), ALPNProtocols: ["h2"] }),
        });
        await once(session, "remoteSettings");
        const stream = session.request({
            ":method": "CONNECT",
            ":protocol": "websocket",
            ":path": "/",
            ":authority": HOSTNAME,
        });
        const [headers] = await once(stream, "response");
        expect(headers[":status"]).toBe(200);
        expect(headers).not.toHaveProperty("sec-websocket-accept");
        stream.end("ping");
        expect(await text(stream)).toBe("helloping");
        // The client has no key over HTTP/2, but the origin, which speaks HTTP/1.1, wants one.
        expect(keys).toEqual(["GET", expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/)]);
        session.destroy();
    });

    it("that the origin or Access refuses is an ordinary answer", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(originAnswer(403));
            stream.end("no");
        });
        const outgoing = request({ ...edge.tls(), headers: UPGRADE });
        outgoing.end();
        const [response] = await once(outgoing, "response");
        expect([response.statusCode, await text(response)]).toEqual([403, "no"]);

        await using closed = await PublicEdgeUnderTest.start({ gate: undefined });
        expect((await closed.ask({ headers: UPGRADE })).status).toBe(403);
    });

    it("ends at the origin when the client goes, and for the client when the connection dies", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const opened: ServerHttp2Stream[] = [];
        await edge.connector((stream) => {
            opened.push(stream);
            echo(stream);
        });
        for (const end of ["client", "connector"]) {
            const outgoing = request({ ...edge.tls(), agent: false, headers: UPGRADE });
            outgoing.end();
            const [, socket] = await once(outgoing, "upgrade");
            socket.on("error", () => {});
            const stream = opened.at(-1);
            const gone = end === "client" ? stream && closed(stream) : once(socket.resume(), "close");
            if (end === "client") {
                socket.destroy();
            } else {
                stream?.session?.destroy();
            }
            await gone;
        }
        expect(opened).toHaveLength(2);
    });
});

describe("CONNECT", () => {
    it("to elsewhere is refused: the edge is no forward proxy", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const socket = connectTls(edge.tls());
        socket.write(`CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n`);
        expect(await text(socket)).toMatch(/^HTTP\/1.1 405 /);
    });
});

/** A GET whose answer is open, and how the client goes away. */
async function open(edge: PublicEdgeUnderTest) {
    const outgoing = request({ ...edge.tls(), agent: false, headers: { host: HOSTNAME } });
    outgoing.end();
    const response = await responseTo(outgoing);
    response.on("error", () => {});
    return { response, close: () => outgoing.destroy() };
}

async function responseTo(outgoing: ClientRequest): Promise<IncomingMessage> {
    const [response] = await once(outgoing, "response");
    return response;
}

/** Waits for the end of a stream, however it ends. */
function closed(stream: ServerHttp2Stream): Promise<void> {
    return new Promise((resolve) => stream.once("close", resolve));
}

function hash(content: string): string {
    return createHash("sha256").update(content).digest("hex");
}
