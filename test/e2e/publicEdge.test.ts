import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { request } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { TUNNEL_ID } from "../edge/support/edgeUnderTest.ts";
import { HOSTNAME } from "../edge/support/publicEdgeUnderTest.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { serveThroughTunnel, untilConfigured } from "./support/throughTunnel.ts";

const MIB = 1024 * 1024;

let cloudflared: string;

beforeAll(async () => {
    cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
});

const show: RequestListener = async (incoming, response) => {
    const body = await text(incoming);
    response.setHeader("content-type", "application/json");
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.end(JSON.stringify({ method: incoming.method, url: incoming.url, headers: incoming.headers, body }));
};

describe("through an unmodified cloudflared", () => {
    it("requests and answers arrive as they were sent, over HTTP/1.1 and HTTP/2", async () => {
        await using origin = await listenOnLoopback(createServer(show));
        await using tunnel = await serveThroughTunnel(`http://127.0.0.1:${origin.port}`);
        for (const ask of ["ask", "askHttp2"] as const) {
            const answer = await tunnel.edge[ask]({ method: "POST", path: "/a%20b?c=d", body: "hello" });
            expect(answer.status).toBe(200);
            expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
            expect(JSON.parse(answer.body)).toMatchObject({
                method: "POST",
                url: "/a%20b?c=d",
                body: "hello",
                headers: {
                    host: HOSTNAME,
                    "cf-connecting-ip": "127.0.0.1",
                    "cf-ray": answer.headers["cf-ray"],
                    "x-forwarded-for": "127.0.0.1",
                    "x-forwarded-proto": "https",
                },
            });
        }
    });

    it("100 MiB go each way, whole, no faster than the slower end takes them", async () => {
        const [sent, received] = [new Meter(), new Meter()];
        await using origin = await listenOnLoopback(
            createServer(async (incoming, response) => {
                if (incoming.method === "PUT") {
                    await received.readSlowly(incoming);
                    response.end();
                } else {
                    Readable.from(sent.watch(pieces(100 * MIB), received)).pipe(response);
                }
            }),
        );
        await using tunnel = await serveThroughTunnel(`http://127.0.0.1:${origin.port}`);
        const options = { ...tunnel.edge.tls(), headers: { host: HOSTNAME }, agent: false };

        const upload = request({ ...options, method: "PUT" });
        Readable.from(sent.watch(pieces(100 * MIB), received)).pipe(upload);
        await once(upload, "response");
        expect(received.take()).toEqual({ bytes: 100 * MIB, digest: sent.take().digest });

        const download = request(options);
        download.end();
        const [response] = await once(download, "response");
        await received.readSlowly(response);
        expect(received.take()).toEqual({ bytes: 100 * MIB, digest: sent.take().digest });

        // What is under way is in the windows of three HTTP/2 hops and in the kernel's buffers, and nowhere else.
        expect(sent.mostAhead).toBeLessThan(40 * MIB);
    });

    it("half an upload is never taken for the whole", async () => {
        const outcome = Promise.withResolvers<string>();
        const begun = Promise.withResolvers<void>();
        await using origin = await listenOnLoopback(
            createServer((incoming) => {
                incoming.once("data", () => begun.resolve());
                incoming.once("end", () => outcome.resolve("whole"));
                incoming.once("error", () => outcome.resolve("broken off"));
            }),
        );
        await using tunnel = await serveThroughTunnel(`http://127.0.0.1:${origin.port}`);
        const upload = request({ ...tunnel.edge.tls(), method: "PUT", headers: { host: HOSTNAME }, agent: false });
        upload.on("error", () => {});
        upload.write("half");
        await begun.promise;
        upload.destroy();
        expect(await outcome.promise).toBe("broken off");
    });

    it("an event stream arrives piece by piece", async () => {
        const asked = Promise.withResolvers<() => void>();
        await using origin = await listenOnLoopback(
            createServer((_, response) => {
                response.setHeader("content-type", "text/event-stream");
                response.write("data: 1\n\n");
                asked.resolve(() => response.end("data: 2\n\n"));
            }),
        );
        await using tunnel = await serveThroughTunnel(`http://127.0.0.1:${origin.port}`);
        const outgoing = request({ ...tunnel.edge.tls(), headers: { host: HOSTNAME }, agent: false });
        outgoing.end();
        const [response]: IncomingMessage[] = (await once(outgoing, "response")) as IncomingMessage[];
        if (response === undefined) {
            throw new Error("no response");
        }
        expect(String((await once(response, "data"))[0])).toBe("data: 1\n\n");
        (await asked.promise)();
        expect(await text(response)).toBe("data: 2\n\n");
    });

    it("an origin that is down is a 502, a host without a rule a 404", async () => {
        const closed = await listenOnLoopback(createServer());
        await closed[Symbol.asyncDispose]();
        await using tunnel = await serveThroughTunnel(`http://127.0.0.1:${closed.port}`);
        const { status, body } = await tunnel.edge.ask();
        expect(status).toBe(502);
        expect(body).toContain("could not get an answer from the service");

        const changed = untilConfigured(tunnel.edge, 2);
        tunnel.edge.tunnels.directory.configure(TUNNEL_ID, { ingress: [{ service: "http_status:404" }] });
        await changed;
        expect((await tunnel.edge.ask()).status).toBe(404);
    });

    it("a TCP service is reached with cloudflared access, which makes WebSockets of connections", async () => {
        await using origin = await listenOnLoopback(createTcpServer((socket) => socket.pipe(socket)));
        await using tunnel = await serveThroughTunnel(`tcp://127.0.0.1:${origin.port}`);
        const logged = tunnel.edge.next("request");
        const client = spawn(
            cloudflared,
            ["access", "tcp", "--hostname", HOSTNAME, "--connect-to", `${HOSTNAME}:${tunnel.edge.port}:127.0.0.1`],
            { env: { NO_AUTOUPDATE: "true", HOME: "/nonexistent" }, stdio: ["pipe", "pipe", "ignore"] },
        );
        try {
            client.stdin.write("ping");
            expect(String((await once(client.stdout, "data"))[0])).toBe("ping");
        } finally {
            client.kill("SIGKILL");
            await once(client, "exit");
        }
        expect((await logged).status).toBe(101);
    });
});

/** So many bytes of noise, in pieces of 64 KiB. */
function* pieces(bytes: number): Generator<Buffer> {
    const piece = randomBytes(64 * 1024);
    for (let sent = 0; sent < bytes; sent += piece.length) {
        yield piece;
    }
}

/** Counts and hashes what passes one end. */
class Meter {
    /** By how much this end was ever ahead of the other, in bytes. */
    mostAhead = 0;
    #bytes = 0;
    #hash = createHash("sha256");

    *watch(source: Iterable<Buffer>, other: Meter): Generator<Buffer> {
        for (const piece of source) {
            this.#count(piece);
            this.mostAhead = Math.max(this.mostAhead, this.#bytes - other.#bytes);
            yield piece;
        }
    }

    async readSlowly(source: AsyncIterable<Buffer>): Promise<void> {
        for await (const chunk of source) {
            this.#count(chunk);
            await setImmediate();
        }
    }

    /** What has passed so far; the count starts anew. */
    take(): { bytes: number; digest: string } {
        const taken = { bytes: this.#bytes, digest: this.#hash.digest("hex") };
        this.#bytes = 0;
        this.#hash = createHash("sha256");
        return taken;
    }

    #count(piece: Buffer): void {
        this.#bytes += piece.length;
        this.#hash.update(piece);
    }
}
