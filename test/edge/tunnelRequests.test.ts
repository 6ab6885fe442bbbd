import { once } from "node:events";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { EdgeUnderTest } from "./support/edgeUnderTest.ts";

/** A connector that shows what arrives: it answers with the request's headers and body. */
async function echo(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const body = await text(stream);
    stream.respond({ ":status": 200 });
    stream.end(JSON.stringify({ headers, body }));
}

describe("a request through a connection", () => {
    it("carries method, host, path, headers and body there, and status and body back", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register({ serve: echo });
        await using _ = connector;
        const stream = connection.request({
            ":method": "POST",
            ":authority": "app.example.com",
            ":path": "/a?b=c",
            "x-custom": "kept",
        });
        stream.end("hello");
        const [headers] = await once(stream, "response");
        expect(headers[":status"]).toBe(200);
        expect(JSON.parse(await text(stream))).toMatchObject({
            headers: { ":method": "POST", ":authority": "app.example.com", ":path": "/a?b=c", "x-custom": "kept" },
            body: "hello",
        });
    });

    it("never carries a header with which a client could command the connector", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register({ serve: echo });
        await using _ = connector;
        const stream = connection.request(
            {
                ":method": "PUT",
                ":path": "/",
                "cf-cloudflared-proxy-connection-upgrade": "update-configuration",
                "Cf-Cloudflared-Proxy-Src": "10.0.0.1:1",
                "cf-connecting-ip": "203.0.113.1",
            },
            { endStream: true },
        );
        const { headers } = JSON.parse(await text(stream));
        expect(Object.keys(headers).filter((name) => name.startsWith("cf-"))).toEqual(["cf-connecting-ip"]);
        expect(connector.configurations).toEqual([]);
    });

    it("can ask for a WebSocket, whose bytes flow both ways", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register({
            serve(stream, headers) {
                stream.respond({ ":status": 200, "x-upgrade": headers["cf-cloudflared-proxy-connection-upgrade"] });
                stream.pipe(stream);
            },
        });
        await using _ = connector;
        const stream = connection.request({ ":method": "GET", ":path": "/" }, { isWebSocket: true });
        const [headers] = await once(stream, "response");
        expect(headers["x-upgrade"]).toBe("websocket");
        stream.write("ping");
        expect(String((await once(stream, "data"))[0])).toBe("ping");
        stream.end("bye");
        expect(await text(stream)).toBe("bye");
    });

    it("shares the connection with many others", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register({ serve: echo });
        await using _ = connector;
        const bodies = await Promise.all(
            Array.from({ length: 200 }, async (_, i) => {
                const stream = connection.request({ ":method": "POST", ":path": `/${i}` });
                stream.end(String(i));
                return JSON.parse(await text(stream)).body;
            }),
        );
        expect(bodies).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
    });
});
