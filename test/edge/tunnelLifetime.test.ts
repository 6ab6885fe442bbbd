import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CertificateAuthority, ConnectionClosedError, EdgeListenError, TunnelEdge } from "../../emulator/edge/index.ts";
import { REQUEST } from "./support/connectorMessages.ts";
import { EdgeUnderTest, TUNNEL_ID } from "./support/edgeUnderTest.ts";
import { type Endpoint, FakeConnector } from "./support/fakeConnector.ts";
import { MemoryDirectory } from "./support/memoryDirectory.ts";

const OTHER_CLIENT = { ...REQUEST.client, id: "b7f1c7d4-3a87-4f0e-b0a9-2f2f6c1d0002" };

/** A TCP relay in front of an edge that can stop carrying bytes while both connections stay up: a peer that has silently gone. */
async function relayTo({ address, caPem }: Endpoint) {
    const [host, port] = address.split(":");
    const sockets: Socket[] = [];
    const server = createServer((near) => {
        const far = connect({ host, port: Number(port) });
        for (const socket of [near, far]) {
            socket.on("error", () => {});
            sockets.push(socket);
        }
        near.pipe(far);
        far.pipe(near);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        endpoint: { address: `127.0.0.1:${(server.address() as { port: number }).port}`, caPem },
        freeze() {
            for (const socket of sockets) {
                socket.unpipe();
                socket.pause();
            }
        },
        async [Symbol.asyncDispose]() {
            for (const socket of sockets) {
                socket.destroy();
            }
            await new Promise((resolve) => server.close(resolve));
        },
    };
}

afterEach(() => {
    vi.useRealTimers();
});

describe("a connection ends", () => {
    it("when the connector says goodbye: no new requests, and closed as soon as the control stream ends", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register();
        await using _ = connector;
        const gone = edge.next("disconnected");
        await connector.unregister();
        expect(await gone).toMatchObject({ connection, reason: "unregistered" });
        expect(edge.published).toEqual([]);
        expect(edge.edge.connectionsOf(TUNNEL_ID)).toEqual([]);
        expect(() => connection.request({ ":path": "/" })).toThrow(ConnectionClosedError);
        await connector.closed;
    });

    it("after a goodbye only when the requests under way are answered", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { close: 1 } });
        const arrived = Promise.withResolvers<() => void>();
        const { connector, connection } = await edge.register({
            serve(stream) {
                arrived.resolve(() => {
                    stream.respond({ ":status": 200 });
                    stream.end("late answer");
                });
            },
        });
        await using _ = connector;
        const request = connection.request({ ":method": "GET", ":path": "/" }, { endStream: true });
        const answer = await arrived.promise;
        const gone = edge.next("disconnected");
        await connector.unregister();
        await gone;
        // By the time that somebody else has connected, the limit for connectors that go without a goodbye has long passed.
        const { connector: other } = await edge.register({ request: { client: OTHER_CLIENT } });
        await using _other = other;
        answer();
        expect(await text(request)).toBe("late answer");
        await connector.closed;
    });

    it("once, however it ends", async () => {
        await using edge = await EdgeUnderTest.start();
        const events: string[] = [];
        edge.edge.on("disconnected", ({ reason }) => events.push(reason));
        const { connector } = await edge.register();
        await connector.unregister();
        await connector.closed;
        await connector[Symbol.asyncDispose]();
        await edge[Symbol.asyncDispose]();
        expect(events).toEqual(["unregistered"]);
    });

    it("when the connector's process is gone", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register();
        const gone = edge.next("disconnected");
        await connector[Symbol.asyncDispose]();
        expect(await gone).toMatchObject({ connection, reason: "lost" });
        expect(edge.published).toEqual([]);
        expect(connection.isOpen).toBe(false);
    });

    it("when the connector ends its control stream without a goodbye", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector } = await edge.register();
        await using _ = connector;
        const gone = edge.next("disconnected");
        await connector.endControlStream();
        expect(await gone).toMatchObject({ reason: "lost" });
        await connector.closed;
    });

    it("when nothing comes back any more although the socket is open", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { pingInterval: 10, pingAnswer: 30 } });
        await using relay = await relayTo(edge.endpoint);
        const connected = edge.next("connected");
        await using _ = await FakeConnector.connect(relay.endpoint);
        const connection = await connected;
        const gone = edge.next("disconnected");
        relay.freeze();
        expect(await gone).toMatchObject({ connection, reason: "unresponsive", detail: "no answer to a PING" });
        expect(edge.published).toEqual([]);
    });

    it("when the API is asked to drop the tunnel's connections, or those of one connector", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector: a } = await edge.register();
        await using _a = a;
        const { connector: b, connection: other } = await edge.register({ request: { client: OTHER_CLIENT } });
        await using _b = b;
        edge.directory.emit("disconnect", { tunnelId: TUNNEL_ID, clientId: REQUEST.client.id });
        await a.closed;
        expect(edge.edge.connectionsOf(TUNNEL_ID)).toEqual([other]);
        edge.directory.emit("disconnect", { tunnelId: TUNNEL_ID });
        await b.closed;
        expect(edge.published).toEqual([]);
    });

    it("when its tunnel is deleted, and no other tunnel's does", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector } = await edge.register();
        await using _ = connector;
        edge.directory.emit("deleted", { tunnelId: "00000000-0000-4000-8000-000000000000" });
        expect(edge.edge.connectionsOf(TUNNEL_ID)).toHaveLength(1);
        const gone = edge.next("disconnected");
        edge.directory.emit("deleted", { tunnelId: TUNNEL_ID });
        expect(await gone).toMatchObject({ reason: "tunnel deleted" });
        await connector.closed;
    });

    it("not when the tunnel's secret changes: the new one counts for new registrations", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register();
        await using _ = connector;
        edge.directory.addTunnel(TUNNEL_ID, {
            accountTag: REQUEST.accountTag,
            secret: Buffer.alloc(32, 9),
            isRemotelyManaged: true,
        });
        edge.directory.emit("secret", { tunnelId: TUNNEL_ID });
        await using late = await edge.connect({ request: { connIndex: 1 } });
        expect(await late.registration()).toMatchObject({ kind: "refused" });
        expect(connection.isOpen).toBe(true);
    });
});

describe("a connection stays", () => {
    it("however long ago it was registered", async () => {
        vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
        await using edge = await EdgeUnderTest.start();
        const { connector, connection } = await edge.register();
        await using _ = connector;
        vi.advanceTimersByTime(3_600_000);
        const stream = connection.request({ ":method": "GET", ":path": "/" }, { endStream: true });
        expect((await once(stream.resume(), "response"))[0][":status"]).toBe(200);
    });
});

describe("an edge that is closed", () => {
    it("closes its connections, tells the directory, and stops listening to it", async () => {
        const edge = await EdgeUnderTest.start();
        const { connector } = await edge.register();
        await using _ = connector;
        const stranger = connect({ host: "127.0.0.1", port: Number(edge.endpoint.address.split(":")[1]) });
        await once(stranger, "connect");
        const strangerClosed = new Promise((resolve) => stranger.resume().once("close", resolve));
        stranger.on("error", () => {});
        const gone = edge.next("disconnected");
        await edge[Symbol.asyncDispose]();
        expect(await gone).toMatchObject({ reason: "edge closed" });
        await connector.closed;
        await strangerClosed;
        expect(edge.published).toEqual([]);
        expect(edge.directory.listenerCount).toBe(0);
    });

    it("can be started again at its address, where connectors that trust the same authority come back", async () => {
        const certificateAuthority = await CertificateAuthority.open();
        const first = await EdgeUnderTest.start({ certificateAuthority });
        const { connector } = await first.register();
        await using _ = connector;
        const { endpoint } = first;
        await first[Symbol.asyncDispose]();
        await using second = await EdgeUnderTest.start({ certificateAuthority, addresses: [endpoint.address] });
        await using back = await FakeConnector.connect(endpoint);
        expect(await back.registration()).toMatchObject({ kind: "registered" });
        expect(second.published).toHaveLength(1);
    });
});

describe("an edge that cannot listen", () => {
    it("says where and why, and leaves nothing open", async () => {
        await using first = await EdgeUnderTest.start();
        const directory = new MemoryDirectory();
        const probe = createServer().listen(0, "127.0.0.1");
        await once(probe, "listening");
        const free = `127.0.0.1:${(probe.address() as { port: number }).port}`;
        await new Promise((resolve) => probe.close(resolve));
        const busy = first.endpoint.address;
        const start = TunnelEdge.start({ addresses: [free, busy], directory });
        await expect(start).rejects.toThrow(
            new EdgeListenError(`${busy}: another process listens there; stop it, or choose another port`),
        );
        expect(directory.listenerCount).toBe(0);
        await using _ = await EdgeUnderTest.start({ addresses: [free] });
    });

    it("does not open an address that others can reach", async () => {
        const directory = new MemoryDirectory();
        await expect(TunnelEdge.start({ addresses: ["0.0.0.0:0"], directory })).rejects.toThrow("outside this machine");
    });
});
