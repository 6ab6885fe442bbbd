import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { AccessGate, GatePageRequest, GateRequest } from "../../emulator/edge/accessGate.ts";
import { OPEN_GATE, originAnswer, PublicEdgeUnderTest, showRequest } from "./support/publicEdgeUnderTest.ts";

/** An edge with one connector, and what the connector was asked. */
async function startWith(gate: AccessGate | undefined) {
    const edge = await PublicEdgeUnderTest.start({ gate });
    const seen: string[] = [];
    await edge.connector((stream, headers) => {
        seen.push(String(headers[":path"]));
        stream.respond(originAnswer(200, [["Set-Cookie", "own=1"]]));
        stream.end("secret");
    });
    return { edge, seen, [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose]() };
}

describe("Access", () => {
    it("is told of the request as it came, with the client's credentials", async () => {
        const asked: GateRequest[] = [];
        await using edge = await PublicEdgeUnderTest.start({
            country: "NZ",
            gate: {
                decide: (request) => {
                    asked.push(request);
                    return OPEN_GATE.decide(request);
                },
            },
        });
        await edge.connector(showRequest);
        const headers = { "CF-Access-Client-Id": "id", "x-twice": ["1", "2"] };
        const { body } = await edge.ask({ method: "PUT", path: "/a%2Fb/../c?d=?e", headers });
        expect(asked).toMatchObject([
            {
                hostname: "app.example.com",
                path: "/a%2Fb/../c",
                query: "d=?e",
                method: "PUT",
                headers: { "cf-access-client-id": "id" },
                headersDistinct: { "x-twice": ["1", "2"] },
                clientIp: "127.0.0.1",
                country: "NZ",
                isWebSocket: false,
            },
        ]);
        expect(body).not.toContain("cf-access-client-id");
    });

    it("adds headers for the origin, and cookies for the client", async () => {
        await using edge = await PublicEdgeUnderTest.start({
            gate: {
                decide: async () => ({
                    kind: "pass",
                    forward: { "Cf-Access-Authenticated-User-Email": "a@example.com" },
                    setCookies: ["CF_Authorization=token; HttpOnly"],
                    rule: "staff",
                }),
            },
        });
        const shown = Promise.withResolvers<unknown>();
        await edge.connector((stream, headers) => {
            shown.resolve(headers["cf-access-authenticated-user-email"]);
            stream.respond(originAnswer(200, [["Set-Cookie", "own=1"]]), { endStream: true });
        });
        const { headers } = await edge.ask({ headers: { "cf-access-authenticated-user-email": "forged" } });
        expect(await shown.promise).toBe("a@example.com");
        expect(headers["set-cookie"]).toEqual(["own=1", "CF_Authorization=token; HttpOnly"]);
    });

    it("answers in the origin's place, which never hears of it", async () => {
        await using started = await startWith({
            decide: async () => ({
                kind: "respond",
                status: 302,
                headers: { location: "https://login.example.com/", "set-cookie": ["a=1", "b=2"] },
                body: "",
                rule: "not logged in",
            }),
        });
        const logged = started.edge.next("request");
        const { status, headers } = await started.edge.ask({ path: "/private" });
        expect(status).toBe(302);
        expect(headers).toMatchObject({ location: "https://login.example.com/", "set-cookie": ["a=1", "b=2"] });
        expect(await logged).toMatchObject({ status: 302, rule: "not logged in", path: "/private" });
        expect(started.seen).toEqual([]);
    });

    it.each([
        ["throws", { decide: () => Promise.reject(new Error("broken")) }, 500],
        ["is not there", undefined, 403],
    ] as const)("that %s lets nothing pass", async (_, gate, expected) => {
        await using started = await startWith(gate);
        const { status, body } = await started.edge.ask();
        expect(status).toBe(expected);
        expect(body).not.toContain("secret");
        expect(started.seen).toEqual([]);
    });

    it("has the paths below /cdn-cgi/ for itself", async () => {
        await using started = await startWith({
            ...OPEN_GATE,
            handle: async (request) =>
                request.path === "/cdn-cgi/access/echo"
                    ? { status: 200, headers: {}, body: await request.body(), rule: "own page" }
                    : undefined,
        });
        const { edge } = started;
        const echoed = await edge.ask({ method: "POST", path: "/cdn-cgi/access/echo", body: "form=1" });
        expect(echoed).toMatchObject({ status: 200, body: "form=1" });
        expect((await edge.ask({ path: "/cdn-cgi/other" })).status).toBe(404);
        expect((await edge.ask({ path: "/CDN-CGI/other" })).status).toBe(404);
        const tooLarge = await edge.ask({ method: "POST", path: "/cdn-cgi/access/echo", body: "x".repeat(65_537) });
        expect(tooLarge.status).toBe(413);
        expect(started.seen).toEqual([]);
    });
});

describe("a site of the emulator's own", () => {
    it("is served under its names, with a certificate for them, and its stream ends with the client", async () => {
        const ended = Promise.withResolvers<void>();
        async function* ticks(signal: AbortSignal) {
            yield "data: 1\n\n";
            await once(signal, "abort");
            ended.resolve();
        }
        const site = {
            hostnames: ["status.localhost", "login.localhost"],
            handle: async ({ hostname, path, signal }: GatePageRequest) => ({
                status: 200,
                headers: { "content-type": "text/event-stream" },
                body: path === "/live" ? ticks(signal) : `site ${hostname}`,
                rule: "site",
            }),
        };
        await using edge = await PublicEdgeUnderTest.start({ sites: [site] });
        expect(await edge.ask({ hostname: "login.localhost" })).toMatchObject({
            status: 200,
            body: "site login.localhost",
        });
        expect((await edge.ask({ hostname: "login.localhost", serverName: "app.example.com" })).status).toBe(421);
        await edge.readSome({ hostname: "status.localhost", path: "/live" }, "data: 1\n\n");
        await ended.promise;
    });
});

describe("an answer that comes bit by bit", () => {
    async function* breaking() {
        yield "data: 1\n\n";
        throw new Error("no more");
    }
    const site = {
        hostnames: ["status.localhost"],
        handle: async () => ({ status: 200, headers: {}, body: breaking(), rule: "site" }),
    };

    it("and fails in the middle is cut, so that nobody takes it for whole, and reported", async () => {
        await using edge = await PublicEdgeUnderTest.start({ sites: [site] });
        for (const ask of [
            () => edge.ask({ hostname: "status.localhost" }),
            () => edge.askHttp2({ hostname: "status.localhost" }),
        ]) {
            const failed = edge.next("failed");
            await expect(ask()).rejects.toThrow();
            expect((await failed).error).toEqual(new Error("no more"));
        }
    });
});

describe("the log", () => {
    it("says of each request what became of it, and keeps the last thousand", async () => {
        await using edge = await PublicEdgeUnderTest.start();
        const { connection } = await edge.connector(showRequest);
        const logged = edge.next("request");
        const { headers } = await edge.ask({ path: "/a?token=secret" });
        expect(await logged).toMatchObject({
            ray: headers["cf-ray"],
            hostname: "app.example.com",
            method: "GET",
            path: "/a",
            status: 200,
            rule: "test",
            tunnelId: connection.tunnelId,
            connectorId: connection.connector.id,
        });
        expect(edge.edge.requests).toHaveLength(1);
    });
});
