import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { describe, expect, it } from "vitest";
import { HOSTNAME, originAnswer, PublicEdgeUnderTest, showRequest } from "./support/publicEdgeUnderTest.ts";

describe.each(["ask", "askHttp2"] as const)("a request over %s", (ask) => {
    it("reaches the origin with method, host, path, query, headers and body, and its answer comes back", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector(showRequest);
        const answer = await edge[ask]({
            method: "POST",
            path: "/a/../b%2Fc?d=e?f&",
            headers: { "x-custom": "kept", cookie: "a=1; b=2" },
            body: "hello",
        });
        expect(answer.status).toBe(200);
        expect(answer.headers["content-type"]).toBe("application/json");
        expect(JSON.parse(answer.body)).toMatchObject({
            headers: {
                ":method": "POST",
                ":authority": HOSTNAME,
                ":path": "/a/../b%2Fc?d=e?f&",
                "x-custom": "kept",
                cookie: "a=1; b=2",
            },
            body: "hello",
        });
    });

    it("tells the origin who the client is, whatever the client says", async () => {
        await using edge = await PublicEdgeUnderTest.start({ country: "NZ" });
        await edge.connector(showRequest);
        const { body, headers } = await edge[ask]({
            headers: {
                "cf-connecting-ip": "203.0.113.1",
                "cf-access-authenticated-user-email": "boss@example.com",
                "cf-access-jwt-assertion": "forged",
                cf_access_jwt_assertion: "forged",
                "cf-access-client-secret": "the client's own",
                "cf-cloudflared-proxy-connection-upgrade": "control-stream",
                "cf-ray": "forged",
                "true-client-ip": "203.0.113.1",
                "x-forwarded-for": "203.0.113.1",
                "x-forwarded-proto": "http",
                x_forwarded_proto: "http",
            },
        });
        const seen = JSON.parse(body).headers;
        const owned = Object.keys(seen).filter((name) => /^(cf|true|x|cdn)[-_]/.test(name));
        expect(Object.fromEntries(owned.map((name) => [name, seen[name]]))).toEqual({
            "cf-connecting-ip": "127.0.0.1",
            "cf-ipcountry": "NZ",
            "cf-ray": headers["cf-ray"],
            "cf-visitor": '{"scheme":"https"}',
            "cdn-loop": "cloudflare",
            "x-forwarded-for": "203.0.113.1, 127.0.0.1",
            "x-forwarded-proto": "https",
        });
        expect(headers["cf-ray"]).toMatch(/^[0-9a-f]{16}-LOC$/);
    });

    it("gets repeated headers one by one, and none that are about the origin's connection", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(
                originAnswer(201, [
                    ["Set-Cookie", "a=1"],
                    ["X-Name", "Zo\xeb"],
                    ["Set-Cookie", "b=2"],
                    ["Connection", "close, X-Hop"],
                    ["X-Hop", "1"],
                    ["Keep-Alive", "timeout=5"],
                    ["Transfer-Encoding", "chunked"],
                ]),
            );
            stream.end("made");
        });
        const answer = await edge[ask]();
        expect(answer).toMatchObject({ status: 201, body: "made" });
        expect(answer.headers).toMatchObject({
            "set-cookie": ["a=1", "b=2"],
            "x-name": "Zo\xeb",
            server: "cloudflare",
        });
        expect(answer.headers).not.toHaveProperty("x-hop");
        expect(answer.headers).not.toHaveProperty("keep-alive", "timeout=5");
        expect(answer.headers).not.toHaveProperty("cf-cloudflared-response-meta");
    });

    it("gets the trailers after the body", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(originAnswer(200, [["Trailer", "Grpc-Status"]]), { waitForTrailers: true });
            stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
            stream.end("body");
        });
        const { body, trailers } = await edge[ask]();
        expect(body).toBe("body");
        expect(trailers).toMatchObject({ "grpc-status": "0" });
    });

    it.each([
        ["HEAD", 200],
        ["GET", 204],
        ["GET", 304],
    ])("of %s with status %i has no body, and the headers that it would have", async (method, status) => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(originAnswer(status, [["ETag", '"7"']]), { endStream: true });
        });
        const answer = await edge[ask]({ method });
        expect(answer).toMatchObject({ status, body: "" });
        expect(answer.headers.etag).toBe('"7"');
    });

    it("without a body reaches the origin without one", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const ended: boolean[] = [];
        await edge.connector((stream) => {
            ended.push(stream.endAfterHeaders);
            stream.respond(originAnswer(200), { endStream: true });
        });
        await edge[ask]();
        await edge[ask]({ method: "DELETE" });
        expect(ended).toEqual([true, true]);
    });

    it("that no origin can answer gets a 502 that says so", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => stream.respond(originAnswer(502, [], "cloudflared"), { endStream: true }));
        const { status, body, headers } = await edge[ask]();
        expect(status).toBe(502);
        expect(body).toContain("Bad gateway");
        expect(body).toContain(headers["cf-ray"]);
    });

    it("that the origin itself answers with a 502 gets that", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond(originAnswer(502));
            stream.end("mine");
        });
        expect(await edge[ask]()).toMatchObject({ status: 502, body: "mine" });
    });

    it.each([
        ["a line break in a value", { "cf-cloudflared-response-headers": "WA:YQ0KYg" }],
        ["no base64", { "cf-cloudflared-response-headers": "!:!" }],
        ["half a pair", { "cf-cloudflared-response-headers": "WA" }],
        ["no JSON", { "cf-cloudflared-response-meta": "{" }],
    ])("is answered with 520 where the connector's headers have %s", async (_, headers) => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            stream.respond({ ":status": 200, ...headers });
            stream.end("x");
        });
        expect((await edge[ask]()).status).toBe(520);
    });

    it("for a tunnel without a connector gets Cloudflare's 1033", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const { status, body } = await edge[ask]();
        expect(status).toBe(530);
        expect(body).toContain("Error 1033");
    });

    it.each(["nothing.example.com", "server.example.com", "example.com"])(
        "for %s gets Cloudflare's 1016",
        async (hostname) => {
            await using edge = await PublicEdgeUnderTest.start();
            const { status, body } = await edge[ask]({ hostname });
            expect(status).toBe(530);
            expect(body).toContain("Error 1016");
        },
    );

    it("with a host of another zone than the connection's is refused", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const seen: string[] = [];
        await edge.connector((stream, headers) => {
            seen.push(String(headers[":authority"]));
            stream.respond(originAnswer(200), { endStream: true });
        });
        const serverName = HOSTNAME;
        expect((await edge[ask]({ hostname: "other.example.org", serverName })).status).toBe(421);
        expect((await edge[ask]({ hostname: "elsewhere.test", serverName })).status).toBe(421);
        expect((await edge[ask]({ hostname: "127.0.0.1", serverName })).status).toBe(421);
        // Within a zone browsers share connections between names.
        expect((await edge[ask]({ hostname: HOSTNAME, serverName: "any.example.com" })).status).toBe(200);
        expect(seen).toEqual([HOSTNAME]);
    });

    it("may have headers of 100 KiB, and so may its answer", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream, headers) => {
            const length = Object.entries(headers)
                .filter(([name]) => name.startsWith("x-"))
                .join("").length;
            stream.respond(
                originAnswer(200, [
                    ["x-length", String(length)],
                    ["x-large", "x".repeat(15_000)],
                ]),
            );
            stream.end();
        });
        const large = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`x-${i}`, "x".repeat(15_000)]));
        const { status, headers } = await edge[ask]({ headers: large });
        expect(status).toBe(200);
        expect(Number(headers["x-length"])).toBeGreaterThan(105_000);
        expect(headers["x-large"]).toHaveLength(15_000);
    });

    it("with too large headers or too long a URL is refused", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const large = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`x-${i}`, "x".repeat(15_000)]));
        expect((await edge[ask]({ headers: large })).status).toBe(431);
        expect((await edge[ask]({ path: `/${"x".repeat(16 * 1024)}` })).status).toBe(414);
    });
});

describe("a request over HTTP/2", () => {
    it("gets trailers that are announced after a body of known length", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector((stream) => {
            const headers: [string, string][] = [
                ["Content-Length", "4"],
                ["Trailer", "X-Checksum"],
            ];
            stream.respond(originAnswer(200, headers), { waitForTrailers: true });
            stream.once("wantTrailers", () => stream.sendTrailers({ "x-checksum": "42" }));
            stream.end("body");
        });
        const { body, trailers } = await edge.askHttp2();
        expect(body).toBe("body");
        expect(trailers).toMatchObject({ "x-checksum": "42" });
    });
});

describe("a request over HTTP/1.1", () => {
    it("whose Host is no host name is refused, on a page that does not repeat it", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const { status, body } = await edge.ask({ hostname: "<script>", serverName: HOSTNAME });
        expect(status).toBe(400);
        expect(body).not.toContain("<script>");
    });
});

describe("a TLS connection", () => {
    it.each(["elsewhere.test", "too.deep.example.com", "notexample.com"])("for %s is refused", async (hostname) => {
        await using edge = await PublicEdgeUnderTest.start();
        await expect(edge.ask({ hostname })).rejects.toThrow(/ECONNRESET|socket|TLS|disconnected/i);
    });
});

describe("a client that comes back with its TLS session", () => {
    it.each(["TLSv1.2", "TLSv1.3"] as const)("is served as the first time: %s", async (version) => {
        await using edge = await PublicEdgeUnderTest.start();
        await edge.connector(undefined);
        let session: Buffer | undefined;
        const ask = async () => {
            const socket = connectTls({ ...edge.tls(), minVersion: version, maxVersion: version, session });
            socket.on("session", (ticket) => {
                session = ticket;
            });
            socket.write(`GET / HTTP/1.1\r\nhost: ${HOSTNAME}\r\nconnection: close\r\n\r\n`);
            const answer = await text(socket);
            session ??= socket.getSession();
            return answer.split("\r\n")[0];
        };
        expect([await ask(), await ask()]).toEqual(["HTTP/1.1 200 OK", "HTTP/1.1 200 OK"]);
    });
});
