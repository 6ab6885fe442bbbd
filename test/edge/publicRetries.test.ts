import { once } from "node:events";
import { constants, type ServerHttp2Stream } from "node:http2";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { REQUEST } from "./support/connectorMessages.ts";
import { TUNNEL_ID } from "./support/edgeUnderTest.ts";
import { type Asked, originAnswer, PublicEdgeUnderTest } from "./support/publicEdgeUnderTest.ts";

const SECOND_CONNECTOR = { client: { ...REQUEST.client, id: "a7f1c7d4-3a87-4f0e-b0a9-2f2f6c1d0002" } };

/** Answers with the request's body. */
async function echo(stream: ServerHttp2Stream): Promise<void> {
    const body = await text(stream);
    stream.respond(originAnswer(200));
    stream.end(body);
}

/**
 * An edge with two connectors, of which the one that is asked first fails in the given way, once it has read what the request
 * brings. The other one echoes.
 */
async function startFailingFirst(fail: (stream: ServerHttp2Stream) => void, chunksToRead = 0) {
    const edge = await PublicEdgeUnderTest.start();
    let asked = 0;
    const serve = async (stream: ServerHttp2Stream) => {
        asked++;
        if (asked > 1) {
            await echo(stream);
            return;
        }
        for (let read = 0; read < chunksToRead; read++) {
            await once(stream, "data");
        }
        fail(stream);
    };
    await edge.connector(serve);
    await edge.connector(serve, SECOND_CONNECTOR);
    return { edge, asked: () => asked, [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose]() };
}

const dropConnection = (stream: ServerHttp2Stream) => stream.session?.destroy();
const refuseStream = (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM);
const resetStream = (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR);

describe("a request whose connection dies before the answer", () => {
    it.each<[string, Asked]>([
        ["GET", {}],
        ["HEAD", { method: "HEAD" }],
        ["DELETE without a body", { method: "DELETE" }],
        ["PUT with a short body", { method: "PUT", body: "short" }],
    ])("is made again on another: %s", async (_, asked) => {
        await using started = await startFailingFirst(dropConnection);
        const { status, body } = await started.edge.ask(asked);
        expect(status).toBe(200);
        expect(body).toBe(asked.body ?? "");
        expect(started.asked()).toBe(2);
    });

    it.each<[string, Asked, (stream: ServerHttp2Stream) => void, number]>([
        ["POST", { method: "POST", body: "pay" }, dropConnection, 1],
        ["POST without a body", { method: "POST" }, resetStream, 0],
        ["PUT of which too much was read", { method: "PUT", body: "x".repeat(1_000_000) }, resetStream, 20],
    ])("is not made again where that could do a thing twice, or half: %s", async (_, asked, fail, chunks) => {
        await using started = await startFailingFirst(fail, chunks);
        const { status, body } = await started.edge.ask(asked);
        expect(status).toBe(502);
        expect(body).toContain("was lost before the answer came");
        expect(started.asked()).toBe(1);
    });

    it("is made again, whatever it is, when the connector says that it did not touch it", async () => {
        await using started = await startFailingFirst(refuseStream);
        expect(await started.edge.ask({ method: "POST", body: "pay" })).toMatchObject({ status: 200, body: "pay" });
    });

    it("is given up when no connection is left", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector(resetStream);
        expect((await edge.ask()).status).toBe(502);
    });
});

describe("a tunnel's connections", () => {
    it("share the requests", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const counts = [0, 0];
        const serve = (i: number) => (stream: ServerHttp2Stream) => {
            counts[i] = (counts[i] ?? 0) + 1;
            stream.respond(originAnswer(200), { endStream: true });
        };
        await edge.connector(serve(0));
        await edge.connector(serve(1), SECOND_CONNECTOR);
        for (let i = 0; i < 10; i++) {
            await edge.ask();
        }
        expect(counts).toEqual([5, 5]);
    });

    it("that are busy are spared", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const held = Promise.withResolvers<ServerHttp2Stream>();
        const seen: string[] = [];
        const serve = (name: string) => (stream: ServerHttp2Stream, headers: { ":path"?: string }) => {
            seen.push(name);
            if (headers[":path"] === "/slow") {
                held.resolve(stream);
            } else {
                stream.respond(originAnswer(200), { endStream: true });
            }
        };
        await edge.connector(serve("first"));
        await edge.connector(serve("second"), SECOND_CONNECTOR);
        const slow = edge.ask({ path: "/slow" });
        const stream = await held.promise;
        const [busy] = seen;
        for (let i = 0; i < 4; i++) {
            await edge.ask();
        }
        expect(seen.filter((name) => name === busy)).toHaveLength(1);
        stream.respond(originAnswer(200), { endStream: true });
        await slow;
    });

    it("get no more requests once their connector has said goodbye, and finish those that they have", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const held = Promise.withResolvers<ServerHttp2Stream>();
        const { connector } = await edge.connector((stream) => held.resolve(stream));
        const slow = edge.ask({ path: "/slow" });
        const stream = await held.promise;
        const left = edge.tunnels.next("disconnected");
        await connector.unregister();
        await left;
        expect((await edge.ask()).body).toContain("Error 1033");
        stream.respond(originAnswer(200));
        stream.end("done");
        expect(await slow).toMatchObject({ status: 200, body: "done" });
    });
});

describe("a connector that has just come and has no configuration yet", () => {
    it("gets no request as long as another has one", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        edge.tunnels.directory.configure(TUNNEL_ID, { ingress: [{ service: "http_status:404" }] });
        const configured = edge.tunnels.next("configured");
        await edge.connector(echo);
        await configured;
        const taken = Promise.withResolvers<string>();
        const unconfigured = (stream: ServerHttp2Stream) => stream.respond(originAnswer(503), { endStream: true });
        await edge.connector(unconfigured, SECOND_CONNECTOR, { answerConfiguration: () => taken.promise });
        const statuses = async () =>
            new Set((await Promise.all([1, 2, 3, 4].map(() => edge.ask()))).map((a) => a.status));
        expect(await statuses()).toEqual(new Set([200]));
        const second = edge.tunnels.next("configured");
        taken.resolve('{"lastAppliedVersion":0,"err":null}');
        await second;
        expect(await statuses()).toEqual(new Set([200, 503]));
    });
});
