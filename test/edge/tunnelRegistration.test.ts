import { once } from "node:events";
import { connect } from "node:tls";
import { describe, expect, it } from "vitest";
import { bootstrap, ofKind, REQUEST } from "./support/connectorMessages.ts";
import { EdgeUnderTest, TUNNEL_ID } from "./support/edgeUnderTest.ts";

const CLIENT = REQUEST.client;

describe("a connector with good credentials", () => {
    it("is registered and shows up in the directory with what it says of itself", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register({ request: { connIndex: 2 } });
        await using _ = connector;
        expect(await connector.registration()).toEqual({
            kind: "registered",
            answerId: 1,
            connectionId: connection.id.replaceAll("-", ""),
            location: "loc01",
            isRemotelyManaged: true,
        });
        expect(edge.published).toEqual([
            {
                ...CLIENT,
                runAt: connection.openedAt,
                configVersion: undefined,
                connections: [
                    {
                        id: connection.id,
                        coloName: "loc01",
                        originIp: "127.0.0.1",
                        openedAt: connection.openedAt,
                        isPendingReconnect: false,
                    },
                ],
            },
        ]);
        expect(connection).toMatchObject({ tunnelId: TUNNEL_ID, connIndex: 2, isOpen: true });
        expect(edge.edge.connectionsOf(TUNNEL_ID)).toEqual([connection]);
    });

    it("may have several connections, over several addresses, beside other connectors", async () => {
        await using edge = await EdgeUnderTest.start({ addresses: ["127.0.0.1:0", "127.0.0.1:0"] });
        const [first, second] = edge.edge.addresses;
        expect(first).not.toBe(second);
        const other = { ...CLIENT, id: "b7f1c7d4-3a87-4f0e-b0a9-2f2f6c1d0002" };
        const { connector: a } = await edge.register();
        await using _a = a;
        const { connector: b } = await edge.register({ request: { connIndex: 1 } });
        await using _b = b;
        const { connector: c } = await edge.register({ request: { client: other } });
        await using _c = c;
        expect(edge.published.map(({ id, connections }) => [id, connections.length])).toEqual([
            [CLIENT.id, 2],
            [other.id, 1],
        ]);
        expect(edge.edge.connectionsOf(TUNNEL_ID)).toHaveLength(3);
    });

    it("runs since its first connection, until all of them are gone", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector: a, connection: first } = await edge.register();
        const { connector: b } = await edge.register({ request: { connIndex: 1 } });
        await a.unregister();
        await a.closed;
        expect(edge.published[0]?.runAt).toBe(first.openedAt);
        await b.unregister();
        await b.closed;
        const { connector: c, connection: again } = await edge.register();
        await using _ = c;
        expect(edge.published[0]?.runAt).toBe(again.openedAt);
    });

    it("takes the place of its own older connection of the same number, without a gap", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector: old, connection: first } = await edge.register();
        await using _old = old;
        const counts: number[] = [];
        edge.edge.on("connected", () => counts.push(edge.published.length));
        const gone = edge.next("disconnected");
        const { connector, connection: second } = await edge.register();
        await using _ = connector;
        expect(await gone).toMatchObject({ connection: first, reason: "replaced" });
        await old.closed;
        expect(counts).toEqual([1]);
        expect(edge.edge.connectionsOf(TUNNEL_ID)).toEqual([second]);
        expect(edge.published[0]?.connections.map(({ id }) => id)).toEqual([second.id]);
    });

    it("reports its own configuration when the tunnel is not remotely managed", async () => {
        await using edge = await EdgeUnderTest.start({ isRemotelyManaged: false });
        edge.directory.configure(TUNNEL_ID, { ingress: [] });
        const { connector, connection } = await edge.register();
        await using _ = connector;
        expect(await connector.registration()).toMatchObject({ isRemotelyManaged: false });
        await connector.reportConfiguration('{"ingress":[]}');
        expect(connection.localConfiguration).toBe('{"ingress":[]}');
        expect(connector.configurations).toEqual([]);
    });
});

describe("a connector without good credentials", () => {
    it.each([
        ["a wrong secret", { tunnelSecret: Buffer.alloc(32, 8) }, "Unauthorized: Invalid tunnel secret"],
        ["a secret of another length", { tunnelSecret: Buffer.alloc(0) }, "Unauthorized: Invalid tunnel secret"],
        [
            "an unknown tunnel",
            { tunnelId: "00000000-0000-4000-8000-000000000000" },
            "Unauthorized: Failed to get tunnel",
        ],
        ["another account", { accountTag: "f".repeat(32) }, "Unauthorized: Failed to get tunnel"],
    ])("is refused in words that make cloudflared try again, and disconnected: %s", async (_, request, cause) => {
        await using edge = await EdgeUnderTest.start();
        const refused = edge.next("refused");
        await using connector = await edge.connect({ request });
        expect(await connector.registration()).toMatchObject({ kind: "refused", cause, shouldRetry: false });
        // The fake holds its control stream open, as cloudflared holds the connection: the edge must end it.
        await connector.endControlStream();
        await connector.closed;
        const expected = { ...REQUEST, ...request };
        expect(await refused).toEqual({
            tunnelId: expected.tunnelId,
            accountTag: expected.accountTag,
            originIp: "127.0.0.1",
            cause,
        });
        expect(edge.published).toEqual([]);
        expect(edge.edge.connectionsOf(expected.tunnelId)).toEqual([]);
    });

    it("is cut off when it holds on to the connection", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { close: 20 } });
        await using connector = await edge.connect({ request: { tunnelSecret: Buffer.alloc(32) } });
        expect(await connector.registration()).toMatchObject({ kind: "refused" });
        await connector.closed;
    });
});

describe("a client that is no connector", () => {
    it("is cut off when it does not speak HTTP/2", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { registration: 20 } });
        const failed = edge.next("failed");
        const [host, port] = edge.endpoint.address.split(":");
        const socket = connect({ host, port: Number(port), servername: "h2.cftunnel.com", ca: edge.endpoint.caPem });
        await once(
            socket.resume().on("error", () => {}),
            "close",
        );
        expect(await failed).toEqual({
            originIp: "127.0.0.1",
            reason: "unresponsive",
            detail: "no registration in time",
        });
    });

    it("is cut off when it speaks something other than HTTP/2", async () => {
        await using edge = await EdgeUnderTest.start();
        const failed = edge.next("failed");
        const [host, port] = edge.endpoint.address.split(":");
        const socket = connect({ host, port: Number(port), servername: "h2.cftunnel.com", ca: edge.endpoint.caPem });
        socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".repeat(100));
        await new Promise((resolve) =>
            socket
                .resume()
                .on("error", () => {})
                .once("close", resolve),
        );
        expect(await failed).toMatchObject({ originIp: "127.0.0.1", reason: "lost" });
    });

    it("is cut off when it answers the control stream and then says nothing", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { registration: 20 } });
        const failed = edge.next("failed");
        await using connector = await edge.connect({ firstWords: bootstrap(0) });
        await connector.closed;
        expect(await failed).toMatchObject({ reason: "unresponsive" });
    });

    it("is told what is wrong with its messages, and the other connections stay", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { close: 20 } });
        const { connector: good, connection } = await edge.register();
        await using _ = good;
        const failed = edge.next("failed");
        await using bad = await edge.connect({ firstWords: ofKind(5) });
        const answer = await bad.answer(({ kind }) => kind === "abort");
        await bad.closed;
        expect(answer).toEqual({ kind: "abort", reason: "message of kind 5, which a connector never needs" });
        expect(await failed).toMatchObject({
            reason: "malformed",
            detail: "message of kind 5, which a connector never needs",
        });
        expect(connection.isOpen).toBe(true);
    });

    it.each([
        ["an impossible size", Buffer.from("00000000ffffffff", "hex")],
        ["too many segments", Buffer.from("ffffffff00000000", "hex")],
        ["HTTP/1.1", Buffer.from("GET / HTTP/1.1\r\nHost: h2.cftunnel.com\r\n\r\n")],
    ])("is turned away after %s on the control stream", async (_, firstWords) => {
        await using edge = await EdgeUnderTest.start({ timeouts: { close: 20 } });
        const failed = edge.next("failed");
        await using connector = await edge.connect({ firstWords });
        await connector.closed;
        expect(await failed).toMatchObject({ reason: "malformed" });
    });

    it("can break the protocol after it has registered, too", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { close: 20 } });
        const { connector, connection } = await edge.register();
        await using _ = connector;
        const gone = edge.next("disconnected");
        await connector.say(Buffer.from("00000000ffffffff", "hex"));
        expect(await gone).toMatchObject({ connection, reason: "malformed" });
        expect(edge.published).toEqual([]);
    });
});

describe("the TLS handshake", () => {
    const closeOf = async (edge: EdgeUnderTest, servername: string | undefined) => {
        const [host, port] = edge.endpoint.address.split(":");
        const socket = connect({ host, port: Number(port), servername, rejectUnauthorized: false });
        const errors: string[] = [];
        let isSecure = false;
        socket.on("secureConnect", () => {
            isSecure = true;
        });
        socket.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
        await new Promise((resolve) => socket.resume().once("close", resolve));
        return { isSecure, errors };
    };

    it("succeeds for cloudflared's connectivity probe, which is closed in order", async () => {
        await using edge = await EdgeUnderTest.start();
        expect(await closeOf(edge, "probe.cftunnel.com")).toEqual({ isSecure: true, errors: [] });
    });

    it.each(["example.com", "quic.cftunnel.com", "H2.cftunnel.com.evil.example"])(
        "fails for the name %s",
        async (servername) => {
            await using edge = await EdgeUnderTest.start();
            const { isSecure, errors } = await closeOf(edge, servername);
            expect(isSecure).toBe(false);
            expect(errors).toHaveLength(1);
        },
    );

    it("leads nowhere without a name", async () => {
        await using edge = await EdgeUnderTest.start();
        // An empty name means "send no extension" to node:tls.
        await closeOf(edge, "");
        expect(edge.edge.connectionsOf(TUNNEL_ID)).toEqual([]);
    });
});
