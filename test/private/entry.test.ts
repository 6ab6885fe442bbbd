import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http2";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { PrivateNetworkEntry } from "../../emulator/edge/index.ts";
import { control, EntryUnderTest, echo, type Serve } from "./support/entryUnderTest.ts";
import { dial, GREETING, loginMessage, reach, requestMessage, take } from "./support/socksClient.ts";

const DATABASE = "10.20.1.5";

describe("the way into private networks", () => {
    it("has the connector connect, and carries the bytes both ways", async () => {
        await using under = await EntryUnderTest.start();
        const asked: IncomingHttpHeaders[] = [];
        await under.connect((stream, headers) => {
            asked.push(headers);
            echo(stream, headers);
        });
        const { reply, socket } = await under.reach(DATABASE);
        expect(reply).toBe(0);
        const sent = randomBytes(3 * 1024 * 1024);
        const back = buffer(socket);
        socket.end(sent);
        expect((await back).equals(sent)).toBe(true);
        expect(asked).toMatchObject([{ ":authority": `${DATABASE}:5432` }]);
        expect(asked[0]?.["cf-cloudflared-proxy-src"]).toMatch(/^127\.0\.0\.1:\d+$/);
        expect(under.entry.all()).toMatchObject([
            {
                device: "ada-laptop",
                who: "ada@example.com",
                destination: `${DATABASE}:5432`,
                verdict: "connected",
                rule: "no Gateway rule is about it",
                connectorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            },
        ]);
    });

    it.each([
        ["fd00:20::7", "[fd00:20::7]:5432"],
        ["::ffff:10.20.1.5", "10.20.1.5:5432"],
        ["Wiki.Internal.Example", "wiki.internal.example:5432"],
    ])("tells the connector the destination in its one form: %s", async (host, authority) => {
        await using under = await EntryUnderTest.start();
        const asked: unknown[] = [];
        await under.connect((stream, headers) => {
            asked.push(headers[":authority"]);
            echo(stream, headers);
        });
        const { reply, socket } = await under.reach(host);
        expect(reply).toBe(0);
        socket.destroy();
        expect(asked).toEqual([authority]);
    });

    it("takes what a client says before it is answered", async () => {
        await using under = await EntryUnderTest.start();
        await under.connect(echo);
        const socket = await dial(under.entry.address);
        socket.write(
            Buffer.concat([GREETING, loginMessage(under.ada), requestMessage(DATABASE, 1), Buffer.from("early")]),
        );
        expect((await take(socket, 2 + 2 + 10)).toString("hex")).toBe("0502010005000001000000000000");
        expect(String(await take(socket, 5))).toBe("early");
        socket.destroy();
    });

    it("has no way in without a device's secret", async () => {
        await using under = await EntryUnderTest.start();
        const anonymous = await dial(under.entry.address);
        anonymous.write(Buffer.from([5, 1, 0]));
        expect(await buffer(anonymous)).toEqual(Buffer.from([5, 0xff]));
        for (const login of [
            { ...under.ada, password: "" },
            { ...under.ada, password: `${under.ada.password}x` },
            { ...under.ada, username: "eve-laptop" },
        ]) {
            const socket = await dial(under.entry.address);
            socket.write(Buffer.concat([GREETING, loginMessage(login), requestMessage(DATABASE, 1)]));
            expect((await buffer(socket)).toString("hex")).toBe("05020101");
            expect(under.entry.all().at(-1)).toMatchObject({ device: login.username, verdict: "unknown-device" });
        }
        expect(JSON.stringify(under.entry.all())).not.toContain(under.ada.password);
    });

    it.each([
        ["no route leads there", "10.40.0.1", 3, "no-route"],
        ["the tunnel has no connector", "10.30.0.1", 4, "no-connector"],
        ["the connector does not reach it", DATABASE, 5, "unreachable"],
        ["the destination is no name", "-", 8, "unsupported"],
    ])("says so where %s", async (_, host, reply, verdict) => {
        await using under = await EntryUnderTest.start();
        await under.connect((stream) => stream.respond({ ":status": 502 }, { endStream: true }));
        const attempt = await under.reach(host);
        expect(attempt.reply).toBe(reply);
        await once(attempt.socket.resume(), "close");
        expect(under.entry.all()).toMatchObject([{ verdict }]);
    });

    it("names Gateway's rule when it refuses, over HTTP as well", async () => {
        await using under = await EntryUnderTest.start();
        await under.connect(echo);
        const rule = { name: "no databases", action: "block", enabled: true, filters: ["l4"] };
        await under.create("gateway/rules", { ...rule, traffic: "net.dst.port == 5432" });
        const { reply, socket } = await under.reach(DATABASE);
        expect(reply).toBe(2);
        socket.destroy();
        const { result } = await control(under.emulator, "GET", "/private-connections");
        expect(result).toMatchObject([{ verdict: "blocked", rule: 'Gateway rule "no databases" (Block)' }]);
    });

    it("refuses what is not TCP", async () => {
        await using under = await EntryUnderTest.start();
        for (const command of [2, 3]) {
            const socket = await dial(under.entry.address);
            socket.write(Buffer.concat([GREETING, loginMessage(under.ada), requestMessage(DATABASE, 53, command)]));
            expect((await buffer(socket)).subarray(4, 6).toString("hex")).toBe("0507");
        }
        expect(under.entry.all()).toMatchObject([{ rule: expect.stringContaining("QUIC") }, {}]);
    });

    it("tries another connection where one is lost before it answers", async () => {
        await using under = await EntryUnderTest.start();
        let isLost = false;
        const loseOnce: Serve = (stream, headers) => {
            if (isLost) {
                echo(stream, headers);
            } else {
                isLost = true;
                stream.session?.destroy();
            }
        };
        await under.connect(loseOnce, 0);
        await under.connect(loseOnce, 1);
        const { reply, socket } = await under.reach(DATABASE);
        expect([isLost, reply]).toEqual([true, 0]);
        socket.destroy();
    });

    it("ends a client's connection when the connector ends it, and tells the connector when the client does", async () => {
        await using under = await EntryUnderTest.start();
        const told = Promise.withResolvers<string>();
        await under.connect((stream, headers) => {
            stream.respond({ ":status": 200 });
            if (String(headers[":authority"]).endsWith(":1")) {
                stream.end("bye");
            } else {
                told.resolve(text(stream));
            }
        });
        const { socket } = await under.reach(DATABASE, 1);
        expect(String(await buffer(socket))).toBe("bye");
        const other = await under.reach(DATABASE, 2);
        other.socket.end("farewell");
        expect(await told.promise).toBe("farewell");
    });

    it.each<[string, Serve]>([
        ["a connection", (stream) => stream.destroy(new Error("broken"))],
        ["all its connections", (stream) => stream.session?.destroy()],
    ])("passes a break on as a break, where the connector loses %s", async (_, lose) => {
        await using under = await EntryUnderTest.start();
        await under.connect((stream, headers) => {
            stream.respond({ ":status": 200 });
            stream.write("half");
            stream.once("data", () => lose(stream, headers));
        });
        const { socket } = await under.reach(DATABASE);
        await take(socket, 4);
        const broken = once(socket.resume(), "error");
        socket.write("go");
        expect(await broken).toMatchObject([{ code: "ECONNRESET" }]);
    });

    it("waits neither for a client that says nothing nor for a connector that does not answer", async () => {
        await using under = await EntryUnderTest.start({ request: 50, connect: 50 });
        await under.connect(() => {});
        const silent = await dial(under.entry.address);
        await once(silent.resume(), "close");
        const { reply, socket } = await under.reach(DATABASE);
        expect(reply).toBe(5);
        socket.destroy();
        expect(under.entry.all()).toMatchObject([{ rule: expect.stringContaining("did not answer in time") }]);
    });

    it("turns whoever speaks another protocol away, and serves the next", async () => {
        await using under = await EntryUnderTest.start();
        await under.connect(echo);
        const stranger = await dial(under.entry.address);
        stranger.on("error", () => {});
        stranger.write("GET / HTTP/1.1\r\n\r\n");
        await once(stranger.resume(), "close");
        expect((await under.reach(DATABASE)).reply).toBe(0);
    });

    it("ends what is under way when it is closed", async () => {
        await using under = await EntryUnderTest.start();
        await under.connect(echo);
        const { socket } = await under.reach(DATABASE);
        const closed = once(socket.resume(), "close");
        await under.entry[Symbol.asyncDispose]();
        await closed;
        const { address } = under.entry;
        await expect(reach(address, under.ada, DATABASE, 1)).rejects.toThrow("ECONNREFUSED");
    });

    it.each(["0.0.0.0:0", "[::]:0", "192.0.2.1:0"])("is on this machine alone, not at %s", async (address) => {
        await using under = await EntryUnderTest.start();
        const { privateNetwork: directory } = under.emulator;
        const tunnelEdge = { connectionsOf: () => [] };
        await expect(PrivateNetworkEntry.start({ address, directory, tunnelEdge })).rejects.toThrow(
            "can be reached from outside this machine",
        );
    });
});
