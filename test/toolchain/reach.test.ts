import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { rememberedReach } from "../../toolchain/index.ts";

/** A server on loopback that is gone with all its connections at the end of the test. */
async function listening(server: Server) {
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
        host: `127.0.0.1:${port}`,
        async [Symbol.asyncDispose]() {
            for (const socket of sockets) socket.destroy();
            await new Promise((resolve) => server.close(resolve));
        },
    };
}

const http = (answer: RequestListener) => listening(createServer(answer));

describe("a source", () => {
    it("can be reached when it answers, behind redirections too", async () => {
        await using server = await http((request, response) => {
            if (request.url === "/release") response.writeHead(302, { location: "/file" });
            response.end();
        });
        expect(await rememberedReach()(`http://${server.host}/release`)).toEqual({ ok: true });
    });

    it.each([403, 404, 500])("cannot be reached when it answers %d", async (status) => {
        await using server = await http((_, response) => response.writeHead(status).end());
        const why = `${server.host} answers ${status}`;
        expect(await rememberedReach()(`http://${server.host}/`)).toEqual({ ok: false, why });
    });

    it("cannot be reached when it redirects in a circle", async () => {
        await using server = await http((_, response) => response.writeHead(302, { location: "/" }).end());
        const why = `${server.host} redirects without end`;
        expect(await rememberedReach()(`http://${server.host}/`)).toEqual({ ok: false, why });
    });

    it("cannot be reached when nothing listens there", async () => {
        const { host } = await (async () => {
            await using server = await listening(createTcpServer());
            return server;
        })();
        const answer = await rememberedReach()(`http://${host}/`);
        expect(answer).toMatchObject({ ok: false, why: expect.stringContaining("refuses the connection") });
    });

    it("cannot be reached when packets disappear, which is noticed in the time that is given", async () => {
        await using hole = await listening(createTcpServer());
        const begun = performance.now();
        const answer = await rememberedReach(100)(`https://${hole.host}/`);
        expect(performance.now() - begun).toBeLessThan(3_000);
        expect(answer).toEqual({ ok: false, why: `${hole.host} does not answer within 0.1 s` });
    });

    it("cannot be reached when the proxy forbids it", async () => {
        const proxy = createServer().on("connect", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
        await using server = await listening(proxy);
        vi.stubEnv("HTTPS_PROXY", `http://${server.host}`);
        const answer = await rememberedReach()("https://releases.example/");
        expect(answer).toEqual({ ok: false, why: "the proxy does not let through to releases.example" });
    });

    it("is asked once", async () => {
        const asked = vi.fn<RequestListener>((_, response) => response.end());
        await using server = await http(asked);
        const reach = rememberedReach();
        await Promise.all([reach(`http://${server.host}/a`), reach(`http://${server.host}/b`)]);
        await reach(`http://${server.host}/a`);
        expect(asked).toHaveBeenCalledOnce();
    });
});
