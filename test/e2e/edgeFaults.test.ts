import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { queryObjects, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClientExchange } from "../../emulator/edge/public/clientExchange.ts";
import { RequestBody } from "../../emulator/edge/public/requestBody.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { TUNNEL_ID } from "../edge/support/edgeUnderTest.ts";
import { HOSTNAME } from "../edge/support/publicEdgeUnderTest.ts";
import { type LoopbackService, listenOnLoopback } from "./support/listenOnLoopback.ts";
import { askTimes } from "./support/load.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";
import { configuration, serveThroughTunnel } from "./support/throughTunnel.ts";

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024);

/** A service that answers at once, but for `/endless` and `/late`. */
class Service {
    /** Bytes that `/endless` was given to send. */
    sent = 0;
    readonly #late: ServerResponse[] = [];
    readonly #asked = Promise.withResolvers<void>();

    /** Settled once `/late` was asked for. */
    get lateAsked(): Promise<void> {
        return this.#asked.promise;
    }

    answerLate(): void {
        for (const response of this.#late.splice(0)) {
            response.end("late");
        }
    }

    server() {
        return createServer((incoming, response) => {
            if (incoming.url === "/endless") {
                this.#send(response);
            } else if (incoming.url === "/late") {
                this.#late.push(response);
                this.#asked.resolve();
            } else {
                response.end("ok");
            }
        });
    }

    #send(response: ServerResponse): void {
        let takes = true;
        while (takes && !response.destroyed) {
            takes = response.write(PIECE);
            this.sent += PIECE.length;
        }
        response.once("drain", () => this.#send(response));
    }
}

describe("with a connector and a service behind it", () => {
    const service = new Service();
    let origin: LoopbackService;
    let tunnel: Awaited<ReturnType<typeof serveThroughTunnel>>;

    beforeAll(async () => {
        origin = await listenOnLoopback(service.server());
        tunnel = await serveThroughTunnel(`http://127.0.0.1:${origin.port}`);
    });
    afterAll(async () => {
        await tunnel[Symbol.asyncDispose]();
        await origin[Symbol.asyncDispose]();
    });

    it("a service that is down is a 502 until it is back", async () => {
        const { port } = origin;
        await origin[Symbol.asyncDispose]();
        expect(await tunnel.edge.ask()).toMatchObject({
            status: 502,
            body: expect.stringContaining("could not get an answer from the service"),
        });
        origin = await listenOnLoopback(service.server(), port);
        expect(await tunnel.edge.ask()).toMatchObject({ status: 200, body: "ok" });
    });

    it("clients that do not read what they asked for hold up nobody else, and the service is held up by them", async () => {
        const stalled = await Promise.all(
            Array.from({ length: 20 }, async () => {
                const outgoing = request({
                    ...tunnel.edge.tls(),
                    path: "/endless",
                    headers: { host: HOSTNAME },
                    agent: false,
                });
                outgoing.end();
                const [response] = await once(outgoing, "response");
                response.on("error", () => {});
                response.pause();
                return response;
            }),
        );
        // What is under way is in the windows of the hops and in the kernel's buffers; once they are full, nothing moves any more.
        let before: number;
        do {
            before = service.sent;
            expect(await askTimes(100, 10, () => tunnel.edge.ask())).toEqual(new Map([["200 ok", 100]]));
            expect(service.sent / stalled.length).toBeLessThan(40 * MIB);
        } while (service.sent > before);
        for (const response of stalled) {
            response.destroy();
        }
    });

    it("an answer that is long in coming is waited for, while others are given", async () => {
        const late = tunnel.edge.ask({ path: "/late" });
        await service.lateAsked;
        expect(await askTimes(100, 10, () => tunnel.edge.ask())).toEqual(new Map([["200 ok", 100]]));
        service.answerLate();
        expect(await late).toMatchObject({ status: 200, body: "late" });
    });

    it("of 10,000 requests, 100 at a time, all are answered and nothing is left behind", async () => {
        const session = connectHttp2(`https://${HOSTNAME}:${tunnel.edge.port}`, {
            createConnection: () => connectTls({ ...tunnel.edge.tls(), ALPNProtocols: ["h2"] }),
        });
        const run = async (count: number) => {
            const ask = async () => {
                const stream = session.request({ ":path": "/", ":authority": HOSTNAME });
                const [headers] = await once(stream, "response");
                return { status: headers[":status"], body: await text(stream) };
            };
            expect(await askTimes(count, 100, ask)).toEqual(new Map([["200 ok", count]]));
            return usedHeap();
        };
        const before = await run(2_000);
        const after = await run(8_000);
        session.destroy();
        // A kilobyte kept of each request would be 8 MB.
        expect(after - before).toBeLessThan(4 * MIB);
        expect(queryObjects(ClientExchange, { format: "count" })).toBe(0);
        expect(queryObjects(RequestBody, { format: "count" })).toBe(0);
    });
});

describe("no idempotent request is lost", () => {
    it("when one of two connectors is killed, nor when the configuration changes", async () => {
        await using origin = await listenOnLoopback(new Service().server());
        await using tunnel = await serveThroughTunnel(`http://127.0.0.1:${origin.port}`, 2);
        const { edge, processes } = tunnel;
        const halfway = Promise.withResolvers<void>();
        const load = askTimes(600, 10, async (i) => {
            if (i === 200) {
                halfway.resolve();
            }
            return edge.ask();
        });
        await halfway.promise;
        edge.tunnels.directory.configure(
            TUNNEL_ID,
            configuration(`http://127.0.0.1:${origin.port}`, { connectTimeout: 5 }),
        );
        await processes[0]?.kill();
        expect(await load).toEqual(new Map([["200 ok", 600]]));
        expect(new Set(edge.edge.requests.map(({ connectorId }) => connectorId)).size).toBe(2);
    });

    it("on hostnames that stay as they are while others are changed through the API", async () => {
        await using origin = await listenOnLoopback(new Service().server());
        await using account = await ProtectedAccount.start("example.com");
        const service = `http://127.0.0.1:${origin.port}`;
        const policies = [{ name: "anybody", decision: "bypass", include: [{ everyone: {} }] }];
        const { path } = await ensureTool("cloudflared", { progress: silentProgress });
        await account.expose(path, [
            { hostname: "stays.example.com", service, policies },
            { hostname: "moves.example.com", service: "http_status:404", policies },
        ]);
        const changed = Promise.withResolvers<void>();
        const load = askTimes(400, 10, async (i) => {
            if (i === 100) {
                void account
                    .route([
                        { hostname: "stays.example.com", service },
                        { hostname: "moves.example.com", service },
                    ])
                    .then(changed.resolve, changed.reject);
            }
            return account.ask("stays.example.com");
        });
        await changed.promise;
        expect(await account.ask("moves.example.com")).toEqual({ status: 200, body: "ok" });
        expect(await load).toEqual(new Map([["200 ok", 400]]));
    });
});

/** Bytes of heap in use once the garbage is gone. */
function usedHeap(): number {
    setFlagsFromString("--expose-gc");
    runInNewContext("gc")();
    return process.memoryUsage().heapUsed;
}
